"""The URL issuer: the function that mints links, and the role whose session signs them.

The signer is a role of its own because a session that was asked for says when it ends, unlike the
function's own credentials, and a link dies with the session that signed it. Its permissions are all
that a link can ever do.
"""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stack.assets import api_code
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
        environment: Mapping[str, str],
        disposable: bool,
    ) -> None:
        """
        Args:
            environment: what the function reads, beside the signer's ARN.
        """
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
        role = iam.Role(
            self,
            "Role",
            description="Issuer of one-time links: looks objects up, adds records",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.signer = iam.Role(
            self,
            "Signer",
            description="Signs one-time links: what it may do is what a link can do",
            assumed_by=iam.ArnPrincipal(role.role_arn),
        )
        objects = bucket.arn_for_objects("*")
        for grantee, sid, actions, resource in (
            (role, "AddRecord", ["dynamodb:PutItem"], table_arn),
            (role, "LookUpObject", [*READ_OBJECT], objects),
            # Without it S3 answers 403 instead of 404 for an object that isn't there.
            (role, "TellMissingFromForbidden", ["s3:ListBucket"], bucket.bucket_arn),
            (role, "Sign", ["sts:AssumeRole"], self.signer.role_arn),
            (role, "WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn),
            (self.signer, "ReadObject", [*READ_OBJECT], objects),
        ):
            grantee.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))

        with api_code(*PACKAGES) as code:
            self.function = lambda_.Function(
                self,
                "Function",
                description="Mints one-time links",
                runtime=lambda_.Runtime.PYTHON_3_14,
                architecture=lambda_.Architecture.ARM_64,
                handler="url_issuer.handler.handler",
                code=code,
                memory_size=512,  # boto3's import and TLS are CPU-bound, and CPU comes with memory
                timeout=Duration.seconds(10),
                role=role,
                log_group=log_group,
                environment={**environment, "SIGNER_ROLE_ARN": self.signer.role_arn},
            )

        acknowledge(
            self, {wildcard(self, objects): "A link can be minted for every object of this one bucket."}
        )
