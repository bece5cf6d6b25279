"""A function of ours, whole: its code, its log group, its alarms, and a role that may write its log only.

Whoever makes one adds to the role what the function is for. The guard, which is at the edge, isn't made
here.

A function that presigns does it with the session of a role of its own, its signer. A session that was
asked for says when it ends, unlike the function's own credentials, and what is signed dies with the
session that signed it. The signer's permissions are all that such a URL can ever do.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.alarms import PERIOD
from onetime_urls.cdk.code import RUNTIME, function_code
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.metrics import Metric, Service
from onetime_urls.protocol.pages.brand import ShownBrand

_ARCHITECTURE = lambda_.Architecture.ARM_64

READ_OBJECT = ("s3:GetObject", "s3:GetObjectVersion")


class LambdaFunction(Construct):
    """Lambda function with what every one of ours has but those at the edge.

    Attributes:
        role: the function's own; a policy for its logs is attached.
        function: the function itself.
        errors, unavailable: how often it failed, and how often it could not reach what it needs.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: str,
        does: str,
        role: str,
        environment: Mapping[Variable, str],
        deployment: Deployment,
        seconds: int = 10,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        reserved_concurrency: int | None = None,
        brand: ShownBrand | None = None,
        data: Mapping[str, bytes] | None = None,
    ) -> None:
        """
        Args:
            code: the package in functions/ that holds `handler.handler`.
            does: the function's description.
            role: the role's description.
            environment: what the function reads.
            seconds: after which Lambda ends an invocation.
            log_retention: how long its log is kept.
            reserved_concurrency: as many run at once at most, and as many others never take from it.
            brand: whose pages the function shows.
            data: what else its asset carries, by its path in the package's folder.
        """
        super().__init__(scope, construct_id)
        service = Service(code.replace("_", "-"))
        log_group = logs.LogGroup(
            self, "Logs", retention=log_retention, removal_policy=deployment.removal_policy
        )
        self.role = iam.Role(
            self,
            "Role",
            description=role,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn)
        with function_code(code, brand=brand, data=data) as asset:
            self.function = lambda_.Function(
                self,
                "Function",
                description=does,
                runtime=RUNTIME,
                architecture=_ARCHITECTURE,
                handler=f"{code}.handler.handler",
                code=asset,
                memory_size=512,  # boto3's import and TLS are CPU-bound, and CPU comes with memory
                timeout=Duration.seconds(seconds),
                role=self.role,
                log_group=log_group,
                reserved_concurrent_executions=reserved_concurrency,
                environment={
                    str(Variable.SERVICE_NAME): service.value,
                    str(Variable.LOG_LEVEL): "INFO",
                    str(Variable.METRICS_NAMESPACE): deployment.name,
                    **{str(variable): value for variable, value in environment.items()},
                },
            )
        self.errors = self.function.metric_errors(period=PERIOD, statistic="Sum")
        self.unavailable = deployment.metric(Metric.UNAVAILABLE, service)
        if deployment.alarms:
            deployment.alarms.add(
                f"Errors-{service}", self.errors, 1, f"The function {service} ended with an error."
            )
            deployment.alarms.add(
                f"Unavailable-{service}",
                self.unavailable,
                5,
                f"The function {service} can't reach what it needs of AWS.",
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
        if key := bucket.encryption_key:
            key.grant_decrypt(self.role)

    def add_signer(
        self,
        construct_id: str,
        *,
        does: str,
        variable: Variable,
        sid: str,
        actions: list[str],
        resources: list[str],
    ) -> iam.Role:
        """Give the function a role that it signs with, and which may do `actions` on `resources`.

        Args:
            does: the role's description.
            variable: the environment variable in which the function finds the role's ARN.
            sid: of the signer's statement.
        """
        signer = iam.Role(
            self, construct_id, description=does, assumed_by=iam.ArnPrincipal(self.role.role_arn)
        )
        signer.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=resources))
        signer_arn = signer.role_arn
        self.function.add_environment(variable, signer_arn)
        self.allow("Sign", ["sts:AssumeRole"], signer_arn)
        return signer
