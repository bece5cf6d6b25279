"""The URL issuer: the function that mints links, and the role whose session signs them.

The signer is a role of its own because a session that was asked for says when it ends, unlike the
function's own credentials, and a link dies with the session that signed it. Its permissions are all
that a link can ever do.
"""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stack.api_function import ApiFunction
from stack.nag import acknowledge, wildcard

PACKAGES = ("url_issuer", "link_minting", "http_api", "link_protocol")
READ_OBJECT = ("s3:GetObject", "s3:GetObjectVersion")


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
            packages=PACKAGES,
            does="Mints one-time links",
            role="Issuer of one-time links: looks objects up, adds records",
            environment=environment,
            disposable=disposable,
        )
        self.function = issuer.function
        self.signer = iam.Role(
            self,
            "Signer",
            description="Signs one-time links: what it may do is what a link can do",
            assumed_by=iam.ArnPrincipal(issuer.role.role_arn),
        )
        self.function.add_environment("SIGNER_ROLE_ARN", self.signer.role_arn)
        objects = bucket.arn_for_objects("*")
        issuer.allow("AddRecord", ["dynamodb:PutItem"], table_arn)
        issuer.allow("LookUpObject", [*READ_OBJECT], objects)
        # Without it S3 answers 403 instead of 404 for an object that isn't there.
        issuer.allow("TellMissingFromForbidden", ["s3:ListBucket"], bucket.bucket_arn)
        issuer.allow("LearnNonceKey", ["ssm:GetParameter"], parameter_arn)
        issuer.allow("Sign", ["sts:AssumeRole"], self.signer.role_arn)
        self.signer.add_to_policy(
            iam.PolicyStatement(sid="ReadObject", actions=[*READ_OBJECT], resources=[objects])
        )
        acknowledge(
            self, {wildcard(self, objects): "A link can be minted for every object of this one bucket."}
        )
