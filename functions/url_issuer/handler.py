"""Binds minting to the HTTP API, the environment and the clock. Lambda calls `handler`.

What is logged names a link by the first digits of its signature. Events are never logged, whatever
the environment says, and the SDK's own loggers are kept quiet: at DEBUG they print requests with
their signed headers, so one log-level setting (Lambda Developer Guide, "Log-level filtering") would
write claim tokens into the log.
"""

import logging
import os
import traceback
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from url_issuer.answers import hand_out
from url_issuer.aws import CLIENT_CONFIG
from url_issuer.errors import Code, Refused, Unavailable, code_of, respond
from url_issuer.mint import Issuer
from url_issuer.parameters import read_request
from url_issuer.settings import Settings, SettingsError

ROUTE = "/get-url"

for _name in ("boto3", "botocore", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)

logger = Logger(utc=True)
app = APIGatewayHttpResolver(debug=False)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0."""
    return app.resolve(event, context)


@cache
def issuer() -> Issuer:
    """The issuer of this deployment, made at the first request and kept for the next ones.

    Raises:
        SettingsError: the environment is not what the stack sets.
    """
    settings = Settings.from_environment(os.environ)
    return Issuer(
        settings=settings,
        s3=boto3.client("s3", region_name=settings.bucket_region, config=CLIENT_CONFIG),
        sts=boto3.client("sts", region_name=settings.region, config=CLIENT_CONFIG),
        dynamodb=boto3.client("dynamodb", region_name=settings.region, config=CLIENT_CONFIG),
    )


@app.get(ROUTE)
def get_url() -> Response[str]:
    """`GET /get-url`: a new one-time link."""
    wanted = read_request(app.current_event.raw_query_string, issuer().settings)
    link = issuer().mint(wanted, lambda: app.lambda_context.get_remaining_time_in_millis() / 1000)
    logger.info("minted", link=link.name, size=link.record.size, expires_at=link.record.expires_at)
    return hand_out(link, app.current_event.headers.get("accept", ""))


@app.not_found
def no_such_route(_: NotFoundError) -> Response[str]:
    """Tell a wrong method from a wrong path."""
    if app.current_event.path == ROUTE:
        raise Refused(Code.METHOD_NOT_ALLOWED, f"{ROUTE} answers GET only.")
    raise Refused(Code.NO_SUCH_ROUTE, f"The only path here is {ROUTE}.")


def explain(error: Exception) -> Response[str]:
    """Log what happened without any value of the request, and answer it."""
    code = code_of(error)
    if isinstance(error, Refused):
        logger.info("refused", code=code)
    elif isinstance(error, Unavailable):
        logger.error("unavailable", code=code, operation=error.operation, cause=error.cause)
    else:
        frames = traceback.extract_tb(error.__traceback__)
        logger.error(
            "internal",
            code=code,
            exception_name=type(error).__name__,
            where=[f"{frame.filename}:{frame.lineno}" for frame in frames],
            reason=str(error) if isinstance(error, SettingsError) else None,
        )
    return respond(error)


app.exception_handler(Exception)(explain)
