"""The share page: the function that everybody may visit, through the distribution only.

It reads shares and counts their downloads, and mints a link for each, for which it has a signer of its
own. The secret that tells the distribution's requests from all others is made at deployment and never
seen: CloudFormation puts it into the distribution's origin and into the function's environment
(CloudFormation User Guide, "Using dynamic references to specify template values").
"""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from onetime_urls.cdk.api_function import READ_OBJECT, ApiFunction
from onetime_urls.cdk.attributes import reading, updating
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.protocol.shares.ticket import LINK_ATTRIBUTES


class OriginSecret(Construct):
    """A secret that the distribution's origin and the page's function hold.

    Attributes:
        reference: the dynamic reference to its value.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="Tells requests through the distribution from all others",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
            removal_policy=RemovalPolicy.DESTROY,  # worth nothing without the deployment
        )
        self.reference = secret.secret_value.unsafe_unwrap()
        acknowledge(
            self,
            {
                "SMG4": "Both holders get the value at deployment: a rotation is a deployment, see "
                "docs/share-links.md. It opens nothing by itself, it vouches for a viewer's address."
            },
        )


class SharePage(Construct):
    """Lambda function that shows shares and hands files over."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        shares_table_arn: str,
        links_table_arn: str,
        parameter_arn: str,
        environment: Mapping[str, str],
        disposable: bool,
    ) -> None:
        """
        Args:
            parameter_arn: of the guard's parameter, which holds the key of nonces.
            environment: what the function reads, beside the signer's ARN.
        """
        super().__init__(scope, construct_id)
        page = ApiFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="share_page",
            does="Shows shares and hands files over",
            role="Share page: counts downloads and mints their links",
            environment=environment,
            disposable=disposable,
        )
        self.function = page.function
        objects = bucket.arn_for_objects("*")
        page.add_signer(
            "Signer",
            does="Share page's signer: what it may do is what a link can do",
            variable="SIGNER_ROLE_ARN",
            sid="ReadObject",
            actions=[*READ_OBJECT],
            resource=objects,
        )
        page.allow_look_up(bucket)
        page.allow(
            "CountDownloads",
            ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"],
            shares_table_arn,
        )
        page.allow("HandLinksOut", ["dynamodb:PutItem"], links_table_arn)
        page.allow("SeeWhetherClaimed", ["dynamodb:GetItem"], links_table_arn, reading(LINK_ATTRIBUTES))
        page.allow("RevokeLink", ["dynamodb:UpdateItem"], links_table_arn, updating(LINK_ATTRIBUTES))
        page.allow("LearnNonceKey", ["ssm:GetParameter"], parameter_arn)
        acknowledge(
            self, {wildcard(self, objects): "A share can be made for every object of this one bucket."}
        )
