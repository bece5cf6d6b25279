"""The URL issuer: the function that mints links, and the signer that they are signed by."""

from collections.abc import Mapping

from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.api_function import READ_OBJECT, ApiFunction
from onetime_urls.cdk.nag import acknowledge, wildcard


class UrlIssuer(Construct):
    """Lambda function that may look up objects, sign for them and add records."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        table_arn: str,
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
        # "Default" leaves no trace in logical ids.
        issuer = ApiFunction(
            self,
            "Default",
            code="url_issuer",
            does="Mints one-time links",
            role="Issuer of one-time links: looks objects up, adds records",
            environment=environment,
            disposable=disposable,
        )
        self.function = issuer.function
        objects = bucket.arn_for_objects("*")
        self.signer = issuer.add_signer(
            "Signer",
            does="Signs one-time links: what it may do is what a link can do",
            variable="SIGNER_ROLE_ARN",
            sid="ReadObject",
            actions=[*READ_OBJECT],
            resource=objects,
        )
        issuer.allow_look_up(bucket)
        issuer.allow("AddRecord", ["dynamodb:PutItem"], table_arn)
        issuer.allow("LearnNonceKey", ["ssm:GetParameter"], parameter_arn)
        acknowledge(
            self, {wildcard(self, objects): "A link can be minted for every object of this one bucket."}
        )
