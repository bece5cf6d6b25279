"""The HTTP API in front of all functions: one authoriser, closed unless it is opened by name.

A route is either behind that authoriser or declared public by name, with its reason.
"""

from collections.abc import Sequence
from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from onetime_urls.cdk.alarms import metric
from onetime_urls.cdk.api_auth import ApiAuth, Callers
from onetime_urls.cdk.api_log import AccessLog
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.naming import deployment_name, home_stack
from onetime_urls.cdk.patterns import CORS_ORIGIN
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.contract.routes import Route

CORS_HEADERS = [
    "authorization",
    "content-type",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
]
"""What a browser has to ask for before it may send JSON, a token or a SigV4 signature."""

CORS_RESPONSE_HEADERS = ["retry-after"]
"""What a page's script may read beside what browsers safelist."""

CORS_SECONDS = 3600
"""For which a browser may remember what it is allowed to ask."""


class LinkApi(Construct):
    """HTTP API that several doors can share: their routes, one authoriser.

    Attributes:
        endpoint: its address, without a path.
        api_id: what its domain name begins with.
        auth: who may call.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        auth: ApiAuth | None = None,
        cors_origins: Sequence[str] = (),
        throttle_rate: int = 50,
        throttle_burst: int = 100,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        """
        Args:
            auth: who may call. Default: `ApiAuth.iam()`.
            cors_origins: web pages that may call from a browser, such as `https://app.example.com`, or `*`.
            throttle_rate: requests a second that a route lets through, over time, 1 to 10,000.
            throttle_burst: requests that a route lets through at once, 1 to 5,000.
            removal_policy: what becomes of the access log with its stack.

        Raises:
            PropError: a prop can't work.
        """
        super().__init__(scope, construct_id)
        self._props = props = Props(self)
        self._callers = Callers(props, ApiAuth.iam() if auth is None else auth)
        self.auth = self._callers.auth
        props.types(removal_policy=(removal_policy, RemovalPolicy))
        self._origins = _origins(props, cors_origins)
        self._api = apigatewayv2.HttpApi(
            self,
            "Api",
            api_name=deployment_name(self),
            description="Hands out objects of a private bucket",
            create_default_stage=False,
        )
        self.stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(
                rate_limit=props.whole_number("throttle_rate", throttle_rate, 1, 10_000),
                burst_limit=props.whole_number("throttle_burst", throttle_burst, 1, 5_000),
            ),
            access_log_settings=AccessLog(
                logs.LogGroup(
                    self,
                    "AccessLogs",
                    retention=logs.RetentionDays.THREE_MONTHS,
                    removal_policy=removal_policy,
                )
            ),
        )
        self.endpoint, self.api_id = self._api.api_endpoint, self._api.api_id
        self._cors_methods: set[str] = set()
        self.authorizer = self._callers.authorizer
        self._integrations: dict[lambda_.IFunction, integrations.HttpLambdaIntegration] = {}
        self._answered: dict[tuple[str, str], lambda_.IFunction] = {}

    def add_route(self, route: Route, function: lambda_.IFunction) -> None:
        """Let `function` answer a route, for callers whom the authoriser lets in.

        Raises:
            PropError: another function answers it.
        """
        methods = [apigatewayv2.HttpMethod[method] for method in route.methods]
        added = self._add(route.path, methods, function, self.authorizer)
        if self.auth.everyone:
            for each in added:
                acknowledge(
                    each,
                    {"APIG4": "The operator opened the API by name: who knows the address may call."},
                )

    def add_public_route(self, path: str, function: lambda_.IFunction, *, why: str) -> None:
        """Let `function` answer every method of a path for everybody, whatever the authoriser.

        Args:
            path: begins with a slash; `{name}` stands for one segment.
            why: the reason for which nobody has to be let in there, a sentence.

        Raises:
            PropError: another function answers it.
        """
        for each in self._add(
            path, [apigatewayv2.HttpMethod.ANY], function, apigatewayv2.HttpNoneAuthorizer()
        ):
            acknowledge(each, {"APIG4": why})

    def allow_origin(self, origin: str) -> None:
        """Let the pages of one more origin call from a browser.

        Args:
            origin: scheme and host, such as `https://app.example.com`.
        """
        if "*" not in self._origins and origin not in self._origins:
            self._origins.append(origin)
        self._allow_pages(())

    def accept_client(self, client_id: str) -> None:
        """Accept tokens of the issuer that are made out for one more client.

        Raises:
            PropError: callers show no tokens.
        """
        self._callers.accept_client(client_id)

    def check_reach(self, door: Construct) -> None:
        """Refuse a door whose distribution asks this API from another stack: either needs the other first,
        and in another region it isn't at the address that the distribution would ask.

        Raises:
            PropError: it is in another stack.
        """
        own, its = home_stack(self), home_stack(door)
        if own != its:
            raise Props(door).error(
                f"api is in the stack {own.node.path}, where its distribution can't ask it: make it in "
                f"{its.node.path}"
            )

    def grant_invoke(self, grantee: iam.IGrantable, routes: Sequence[Route]) -> iam.Grant:
        """Let `grantee` call these routes.

        Raises:
            PropError: the API's callers aren't told by IAM.
        """
        if self.auth.issuer or self.auth.everyone:
            raise self._props.error("its callers show a token, or nothing at all: IAM has nothing to grant")
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["execute-api:Invoke"],
            resource_arns=[
                self._api.arn_for_execute_api(method, route.of("*"), "$default")
                for route in routes
                for method in route.methods
            ],
        )

    def metric(self, name: str) -> cloudwatch.Metric:
        """A metric of API Gateway's: Count, 4xx, 5xx (API Gateway Developer Guide, "Monitor CloudWatch
        metrics for HTTP APIs"), as a sum over five minutes."""
        return metric("AWS/ApiGateway")(name, ApiId=self.api_id)

    def _add(
        self,
        path: str,
        methods: Sequence[apigatewayv2.HttpMethod],
        function: lambda_.IFunction,
        authorizer: apigatewayv2.IHttpRouteAuthorizer,
    ) -> list[apigatewayv2.HttpRoute]:
        for method in methods:
            other = self._answered.setdefault((method.value, path), function)
            if other is not function:
                raise self._props.error(
                    f"{method.value} {path} is answered by {other.node.path} already: one of the two needs "
                    "an API of its own"
                )
        if function not in self._integrations:
            self._integrations[function] = integrations.HttpLambdaIntegration("Function", function)
        self._allow_pages(methods)
        return self._api.add_routes(
            path=path,
            methods=list(methods),
            integration=self._integrations[function],
            authorizer=authorizer,
        )

    def _allow_pages(self, methods: Sequence[apigatewayv2.HttpMethod]) -> None:
        """Let pages of the allowed origins use these methods, beside those of the routes so far."""
        # A page of our own answers every method and is called by no other site's.
        self._cors_methods.update(each.value for each in methods if each != apigatewayv2.HttpMethod.ANY)
        if not self._origins:
            return
        api = cast("apigatewayv2.CfnApi", self._api.node.default_child)  # HttpApi takes no later methods
        api.cors_configuration = apigatewayv2.CfnApi.CorsProperty(
            allow_origins=list(self._origins),
            allow_methods=sorted(self._cors_methods),
            allow_headers=CORS_HEADERS,
            expose_headers=CORS_RESPONSE_HEADERS,
            max_age=CORS_SECONDS,
        )


def _origins(props: Props, origins: Sequence[str]) -> list[str]:
    origins = props.items("cors_origins", origins, str, "origins such as https://app.example.com, or *")
    if "*" in origins and len(origins) > 1:
        raise props.error("cors_origins names single origins beside *, which allows all")
    return [
        props.text("cors_origins", each, CORS_ORIGIN, "an origin such as https://app.example.com, or *")
        for each in origins
    ]
