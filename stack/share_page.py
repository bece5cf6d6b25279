"""The share page: the function that everybody may visit, through the distribution only.

It reads shares and counts their downloads, and mints a link for each, for which it has a signer of its
own. The secret that tells the distribution's requests from all others is made at deployment and never
seen: CloudFormation puts it into the distribution's origin and into the function's environment
(CloudFormation User Guide, "Using dynamic references to specify template values").
"""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stack.api_function import ApiFunction
from stack.nag import acknowledge, wildcard
from stack.url_issuer import READ_OBJECT

PACKAGES = ("share_page", "share_protocol", "link_minting", "http_api", "link_protocol")


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
            packages=PACKAGES,
            does="Shows shares and hands files over",
            role="Share page: counts downloads and mints their links",
            environment=environment,
            disposable=disposable,
        )
        self.function = page.function
        signer = iam.Role(
            self,
            "Signer",
            description="Share page's signer: what it may do is what a link can do",
            assumed_by=iam.ArnPrincipal(page.role.role_arn),
        )
        self.function.add_environment("SIGNER_ROLE_ARN", signer.role_arn)
        objects = bucket.arn_for_objects("*")
        page.allow(
            "CountDownloads",
            ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"],
            shares_table_arn,
        )
        page.allow(
            "HandLinksOut",
            ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"],
            links_table_arn,
        )
        page.allow("LookUpObject", [*READ_OBJECT], objects)
        # Without it S3 answers 403 instead of 404 for an object that isn't there.
        page.allow("TellMissingFromForbidden", ["s3:ListBucket"], bucket.bucket_arn)
        page.allow("LearnNonceKey", ["ssm:GetParameter"], parameter_arn)
        page.allow("Sign", ["sts:AssumeRole"], signer.role_arn)
        signer.add_to_policy(
            iam.PolicyStatement(sid="ReadObject", actions=[*READ_OBJECT], resources=[objects])
        )
        acknowledge(
            self, {wildcard(self, objects): "A share can be made for every object of this one bucket."}
        )
