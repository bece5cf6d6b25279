"""The HTTP API in front of all functions: one authoriser, closed unless it is opened by a setting.

A route is either behind that authoriser or declared public by name, with its reason. The API's log has
no paths, no query strings and no headers. A path can be a share's address, which opens it, a query names
an object, a token in a header is the caller's, and none of them belongs in a log.
"""

import json
from collections.abc import Sequence
from typing import cast

import jsii
from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from onetime_urls.cdk.nag import acknowledge
from stack.settings import Settings

LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "sourceIp": "$context.identity.sourceIp",
    "userArn": "$context.identity.userArn",
    "subject": "$context.authorizer.claims.sub",
    "authorizerError": "$context.authorizer.error",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
}
"""The access log's fields (API Gateway Developer Guide, "Customize HTTP API access logs"). The
route stands for the path."""

CORS_HEADERS = [
    "authorization",
    "content-type",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
]
"""What a browser has to ask for before it may send JSON, a token or a SigV4 signature."""

CORS_SECONDS = 3600
"""For which a browser may remember what it is allowed to ask."""


class Api(Construct):
    """HTTP API with as many routes as are added.

    Attributes:
        endpoint: its address, without a path.
        id: what its domain name begins with.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN,
        )
        self._api = apigatewayv2.HttpApi(
            self,
            "Api",
            api_name=settings.stack_name,
            description="Mints and manages one-time links",
            create_default_stage=False,
        )
        self.stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(
                rate_limit=settings.throttle_rate, burst_limit=settings.throttle_burst
            ),
            access_log_settings=AccessLog(log_group),
        )
        self.endpoint, self.id = self._api.api_endpoint, self._api.api_id
        self._origins = settings.cors_origins
        self._cors_methods: set[str] = set()
        self._authorizer = _authorizer(settings)
        self._open = settings.issuer_auth == "none"
        self._integrations: dict[str, integrations.HttpLambdaIntegration] = {}

    def add_route(
        self, path: str, methods: Sequence[apigatewayv2.HttpMethod], function: lambda_.IFunction
    ) -> None:
        """Let `function` answer these methods of a path, for callers whom the authoriser lets in.

        Args:
            path: begins with a slash; `{name}` stands for one segment.
        """
        routes = self._add(path, methods, function, self._authorizer)
        if self._open:
            for route in routes:
                acknowledge(
                    route,
                    {"APIG4": "The operator chose issuer_auth=none: whoever knows the address may call."},
                )

    def add_public_route(
        self, path: str, methods: Sequence[apigatewayv2.HttpMethod], function: lambda_.IFunction, *, why: str
    ) -> None:
        """Let `function` answer these methods of a path for everybody, whatever the settings say.

        Args:
            why: the reason for which nobody has to be let in there, a sentence.
        """
        for route in self._add(path, methods, function, apigatewayv2.HttpNoneAuthorizer()):
            acknowledge(route, {"APIG4": why})

    def _add(
        self,
        path: str,
        methods: Sequence[apigatewayv2.HttpMethod],
        function: lambda_.IFunction,
        authorizer: apigatewayv2.IHttpRouteAuthorizer,
    ) -> list[apigatewayv2.HttpRoute]:
        integration = self._integrations.setdefault(
            function.node.path, integrations.HttpLambdaIntegration("Function", function)
        )
        self._allow_pages(methods)
        return self._api.add_routes(
            path=path, methods=list(methods), integration=integration, authorizer=authorizer
        )

    def _allow_pages(self, methods: Sequence[apigatewayv2.HttpMethod]) -> None:
        """Let pages of the allowed origins use these methods, beside those of the routes so far."""
        if not self._origins:
            return
        # A page of our own answers every method and is called by no other site's.
        self._cors_methods.update(each.value for each in methods if each != apigatewayv2.HttpMethod.ANY)
        api = cast("apigatewayv2.CfnApi", self._api.node.default_child)  # HttpApi takes no later methods
        api.cors_configuration = apigatewayv2.CfnApi.CorsProperty(
            allow_origins=list(self._origins),
            allow_methods=sorted(self._cors_methods),
            allow_headers=CORS_HEADERS,
            max_age=CORS_SECONDS,
        )


@jsii.implements(apigatewayv2.IAccessLogSettings)
class AccessLog:
    """Where and in which form the API logs: one JSON object per request."""

    def __init__(self, log_group: logs.ILogGroup) -> None:
        self._log_group = log_group

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return apigatewayv2.LogGroupLogDestination(self._log_group)

    @property
    def format(self) -> apigateway.AccessLogFormat:
        return apigateway.AccessLogFormat.custom(json.dumps(LOGGED))


def _authorizer(settings: Settings) -> apigatewayv2.IHttpRouteAuthorizer:
    """IAM unless something else was asked for: a gap in the settings must not open the API."""
    if settings.issuer_auth == "none":
        return apigatewayv2.HttpNoneAuthorizer()
    if settings.issuer_auth == "jwt" and settings.jwt_issuer:
        return authorizers.HttpJwtAuthorizer(
            "Jwt", settings.jwt_issuer, jwt_audience=list(settings.jwt_audience)
        )
    return authorizers.HttpIamAuthorizer()
