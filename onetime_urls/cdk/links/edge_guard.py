"""The guard at the edge: function, role and configuration, all in us-east-1.

Lambda@Edge runs the function in the region nearest to the viewer, under the name us-east-1.<name>. It
makes its log group there itself, so the role has to allow that in every region, for that one group.
That needs a name which is known before the function exists; part of the stack's own id makes it unique,
because a deleted function's replicas can hold on to its name for hours.
"""

from aws_cdk import ArnFormat, Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from onetime_urls.cdk.code import function_code
from onetime_urls.cdk.links.nonce_keys import NonceKeys
from onetime_urls.cdk.links.parameter import GuardParameter
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.cdk.support_stack import EDGE_REGION, across, is_at_home


class EdgeGuard(Construct):
    """Lambda@Edge function that may update one table and read one parameter."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        parameter: GuardParameter,
        table_arn: str,
        nonce_key_generation: int,
    ) -> None:
        """
        Args:
            scope: in us-east-1.
            name: of the deployment: what the function is named after.
            parameter: from which the guard learns the table.
            table_arn: the links table, in whatever region.
            nonce_key_generation: raised by one, it rotates the key of nonces.
        """
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
        function_name = f"{name}-edge-guard-{Fn.select(4, Fn.split('-', stack_uuid))}"

        keys = NonceKeys(self, "NonceKeys", generation=nonce_key_generation)
        ssm.StringParameter(
            self,
            "LinksTableParameter",
            parameter_name=parameter.name,
            string_value=keys.parameter_value(table_arn),
            description="What the edge guard has to know: the table of one-time links, the keys of nonces",
        )
        role = iam.Role(
            self,
            "Role",
            description="Edge guard of one-time links: claims them, nothing else",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("lambda.amazonaws.com"), iam.ServicePrincipal("edgelambda.amazonaws.com")
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(sid="Claim", actions=["dynamodb:UpdateItem"], resources=[table_arn])
        )
        role.add_to_policy(
            iam.PolicyStatement(sid="FindTable", actions=["ssm:GetParameter"], resources=[parameter.arn])
        )
        own_logs = stack.format_arn(
            service="logs",
            region="*",
            resource="log-group",
            resource_name=f"/aws/lambda/us-east-1.{function_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        role.add_to_policy(
            iam.PolicyStatement(
                sid="WriteOwnLogs",
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[own_logs],
            )
        )
        with function_code("edge_guard", {"parameter": parameter.name, "region": EDGE_REGION}) as code:
            function = lambda_.Function(
                self,
                "Function",
                function_name=function_name,
                description="Admits each one-time link once",
                runtime=lambda_.Runtime.PYTHON_3_14,
                handler="edge_guard.handler.handler",
                code=code,
                # The lower of the two limits that AWS documents for viewer events: see "Quotas on
                # Lambda@Edge" in the CloudFront Developer Guide, and its older editions.
                memory_size=128,
                timeout=Duration.seconds(5),
                role=role,
                # CloudFront still runs the old version when CloudFormation would delete it.
                current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
            )
        self._version = function.current_version

        acknowledge(
            role,
            {
                wildcard(role, own_logs): "Lambda@Edge runs, and logs, in the region nearest to each viewer: "
                "the wildcards stand for that region and for the streams of the function's one log group."
            },
        )

    def version_in(self, scope: Construct) -> lambda_.IVersion:
        """The numbered version that a distribution in `scope` runs."""
        if is_at_home(self, scope):
            return self._version
        return lambda_.Version.from_version_arn(scope, "GuardVersion", across(self._version.function_arn))
