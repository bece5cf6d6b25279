"""What an HTTP API logs of a request: no paths, no query strings and no headers.

A path can be a share's address, which opens it, a query names an object, a token in a header is the caller's,
and none of them belongs in a log.
"""

import json

import jsii
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs as logs

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
