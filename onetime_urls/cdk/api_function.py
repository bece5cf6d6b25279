"""A function behind the API, or beside it: its code, its log group, and a role that may write there only.

Who makes one adds to `role` what the function is for.

A function that presigns does it with the session of a role of its own, its signer. A session that was
asked for says when it ends, unlike the function's own credentials, and what is signed dies with the
session that signed it. The signer's permissions are all that such a URL can ever do.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.assets import api_code

READ_OBJECT = ("s3:GetObject", "s3:GetObjectVersion")


class ApiFunction(Construct):
    """Lambda function with what every one of ours has but the guard.

    Attributes:
        role: the function's own; a policy for its logs is attached.
        function: the function itself.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: str,
        does: str,
        role: str,
        environment: Mapping[str, str],
        disposable: bool,
        seconds: int = 10,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
    ) -> None:
        """
        Args:
            code: the package in functions/ that holds `handler.handler`.
            does: the function's description.
            role: the role's description.
            environment: what the function reads.
            seconds: after which Lambda ends an invocation.
            log_retention: how long its log is kept.
        """
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "Logs",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
        self.role = iam.Role(
            self,
            "Role",
            description=role,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn)
        with api_code(code) as asset:
            self.function = lambda_.Function(
                self,
                "Function",
                description=does,
                runtime=lambda_.Runtime.PYTHON_3_14,
                architecture=lambda_.Architecture.ARM_64,
                handler=f"{code}.handler.handler",
                code=asset,
                memory_size=512,  # boto3's import and TLS are CPU-bound, and CPU comes with memory
                timeout=Duration.seconds(seconds),
                role=self.role,
                log_group=log_group,
                environment={"POWERTOOLS_METRICS_NAMESPACE": Stack.of(self).stack_name, **environment},
            )

    def allow(
        self, sid: str, actions: list[str], resource: str, conditions: Mapping[str, Any] | None = None
    ) -> None:
        """Let the function do `actions` on one resource, under `conditions` of IAM's."""
        self.role.add_to_policy(
            iam.PolicyStatement(sid=sid, actions=actions, resources=[resource], conditions=conditions)
        )

    def allow_look_up(self, bucket: s3.IBucket) -> None:
        """Let the function find out about each object of a bucket."""
        self.allow("LookUpObject", [*READ_OBJECT], bucket.arn_for_objects("*"))
        # Without it S3 answers 403 instead of 404 for an object that isn't there.
        self.allow("TellMissingFromForbidden", ["s3:ListBucket"], bucket.bucket_arn)

    def add_signer(
        self, construct_id: str, *, does: str, variable: str, sid: str, actions: list[str], resource: str
    ) -> iam.Role:
        """Give the function a role that it signs with, and which may do `actions` on one resource.

        Args:
            does: the role's description.
            variable: the environment variable in which the function finds the role's ARN.
            sid: of the signer's statement.
        """
        signer = iam.Role(
            self, construct_id, description=does, assumed_by=iam.ArnPrincipal(self.role.role_arn)
        )
        signer.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))
        self.function.add_environment(variable, signer.role_arn)
        self.allow("Sign", ["sts:AssumeRole"], signer.role_arn)
        return signer
