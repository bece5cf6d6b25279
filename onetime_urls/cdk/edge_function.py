"""A Lambda@Edge function of ours, whole: its code, its role, and the numbered version that CloudFront runs.

Lambda@Edge runs the function in the region nearest to the viewer, under the name us-east-1.<name>. It
makes its log group there itself, so the role has to allow that in every region, for that one group.
That needs a name which is known before the function exists; part of the stack's own id makes it unique,
because a deleted function's replicas can hold on to its name for hours.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import ArnFormat, Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from onetime_urls.cdk.code import RUNTIME, function_code
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.cdk.support_stack import across, is_at_home
from onetime_urls.protocol.pages.brand import ShownBrand


class EdgeFunction(Construct):
    """Lambda function that runs at the edge, and may write its own log. Whoever makes one adds to the role
    what the function is for."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: str,
        name: str,
        does: str,
        role: str,
        config: Mapping[str, Any],
        brand: ShownBrand | None,
    ) -> None:
        """
        Args:
            scope: in us-east-1.
            code: the package in functions/ that holds `handler.handler`.
            name: what the function is named after, at most 51 characters.
            does: the function's description.
            role: the role's description.
            config: what the function is told: it has no environment variables.
            brand: whose pages it shows.
        """
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
        function_name = f"{name}-{Fn.select(4, Fn.split('-', stack_uuid))}"
        self._role = iam.Role(
            self,
            "Role",
            description=role,
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("lambda.amazonaws.com"), iam.ServicePrincipal("edgelambda.amazonaws.com")
            ),
        )
        own_logs = stack.format_arn(
            service="logs",
            region="*",
            resource="log-group",
            resource_name=f"/aws/lambda/us-east-1.{function_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.allow(
            "WriteOwnLogs", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], own_logs
        )
        with function_code(code, config, brand) as asset:
            function = lambda_.Function(
                self,
                "Function",
                function_name=function_name,
                description=does,
                runtime=RUNTIME,
                handler=f"{code}.handler.handler",
                code=asset,
                # The lower of the two limits that AWS documents for viewer events: see "Quotas on
                # Lambda@Edge" in the CloudFront Developer Guide, and its older editions.
                memory_size=128,
                timeout=Duration.seconds(5),
                role=self._role,
                # CloudFront still runs the old version when CloudFormation would delete it.
                current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
            )
        self._version = function.current_version

        acknowledge(
            self._role,
            {
                wildcard(self._role, own_logs): "Lambda@Edge runs, and logs, in the region nearest to each "
                "viewer: the wildcards stand for that region and for the streams of the function's one log "
                "group."
            },
        )

    def allow(self, sid: str, actions: list[str], resource: str) -> None:
        """Let the function do `actions` on one resource."""
        self._role.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))

    def version_in(self, scope: Construct) -> lambda_.IVersion:
        """The numbered version that a distribution in `scope` runs."""
        if is_at_home(self, scope):
            return self._version
        return lambda_.Version.from_version_arn(scope, "GuardVersion", across(self._version.function_arn))
