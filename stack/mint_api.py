"""The API that mints: one route, `GET /get-url`, closed unless it is opened by a setting.

Its log has no query strings and no headers. A caller's query names an object, a token in a header is
the caller's, and neither belongs in a log.
"""

import json

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stack.nag import acknowledge
from stack.settings import Settings

MINT_PATH = "/get-url"

LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "path": "$context.path",
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
"""The access log's fields (API Gateway Developer Guide, "Customize HTTP API access logs"). `$context.path`
has no query."""

SIGNING_HEADERS = ["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
"""What a browser has to ask for before it may send a token or a SigV4 signature."""


class MintApi(Construct):
    """HTTP API in front of the issuer."""

    def __init__(
        self, scope: Construct, construct_id: str, *, issuer: lambda_.IFunction, settings: Settings
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN,
        )
        api = apigatewayv2.HttpApi(
            self,
            "Api",
            api_name=settings.stack_name,
            description="Mints one-time links",
            create_default_stage=False,
            cors_preflight=_cors(settings.cors_origins),
        )
        self.stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(
                rate_limit=settings.throttle_rate, burst_limit=settings.throttle_burst
            ),
            access_log_settings=AccessLog(log_group),
        )
        routes = api.add_routes(
            path=MINT_PATH,
            methods=[apigatewayv2.HttpMethod.GET],
            integration=integrations.HttpLambdaIntegration("Issuer", issuer),
            authorizer=_authorizer(settings),
        )
        self.endpoint = f"{api.api_endpoint}{MINT_PATH}"

        if settings.issuer_auth == "none":
            for route in routes:
                acknowledge(
                    route,
                    {"APIG4": "The operator chose issuer_auth=none: whoever knows the address may mint."},
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


def _cors(origins: tuple[str, ...]) -> apigatewayv2.CorsPreflightOptions | None:
    if not origins:
        return None
    return apigatewayv2.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigatewayv2.CorsHttpMethod.GET],
        allow_headers=SIGNING_HEADERS,
        max_age=Duration.hours(1),
    )


def _authorizer(settings: Settings) -> apigatewayv2.IHttpRouteAuthorizer:
    """IAM unless something else was asked for: a gap in the settings must not open the API."""
    if settings.issuer_auth == "none":
        return apigatewayv2.HttpNoneAuthorizer()
    if settings.issuer_auth == "jwt" and settings.jwt_issuer:
        return authorizers.HttpJwtAuthorizer(
            "Jwt", settings.jwt_issuer, jwt_audience=list(settings.jwt_audience)
        )
    return authorizers.HttpIamAuthorizer()
