"""Ties an app to Lambda and the HTTP API: its logger, its routes, and what happens to errors.

What is logged names a link by the first digits of its signature. Events are never logged, whatever
the environment says, and the SDK's own loggers are kept quiet: at DEBUG they print requests with
their signed headers, so one log-level setting (Lambda Developer Guide, "Log-level filtering") would
write claim tokens into the log.
"""

import logging
import re
import traceback
from collections.abc import Mapping, Sequence

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from common.http_api.environment import SettingsError
from common.http_api.errors import Code, Refused, Unavailable, code_of, respond
from common.http_api.metrics import count
from onetime_urls.protocol.contract.metrics import Metric

_SEGMENT = re.compile(r"<\w+>")


def new_logger() -> Logger:
    """The function's logger. The SDK's own loggers stay at warnings."""
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Logger(utc=True)


def new_app(logger: Logger, routes: Mapping[str, Sequence[str]]) -> APIGatewayHttpResolver:
    """An app that answers whatever goes wrong, and tells a wrong method from a wrong path.

    Args:
        routes: path templates as Powertools writes them (`/links/<id>`), with their methods.
    """
    app = APIGatewayHttpResolver(debug=False)

    def no_such_route(_: NotFoundError) -> Response[str]:
        for template, methods in routes.items():
            if re.fullmatch(_SEGMENT.sub("[^/]+", template), app.current_event.path):
                raise Refused(
                    Code.METHOD_NOT_ALLOWED,
                    f"{template} answers {' and '.join(methods)} only.",
                    headers={"Allow": ", ".join(methods)},
                )
        raise Refused(Code.NO_SUCH_ROUTE, f"There is no such path here. Known: {', '.join(routes)}.")

    def explain(error: Exception) -> Response[str]:
        log_error(logger, error)
        return respond(error)

    app.not_found(no_such_route)
    app.exception_handler(Exception)(explain)
    return app


def log_error(logger: Logger, error: Exception) -> None:
    """Log and count what happened, without any value of the request."""
    code = code_of(error)
    if isinstance(error, Refused):
        count(Metric.REFUSED, code=code)
        logger.info("refused", code=code)
    elif isinstance(error, Unavailable):
        count(Metric.UNAVAILABLE, operation=error.operation)
        logger.error("unavailable", code=code, operation=error.operation, cause=error.cause)
    else:
        count(Metric.INTERNAL)
        frames = traceback.extract_tb(error.__traceback__)
        logger.error(
            "internal",
            code=code,
            exception_name=type(error).__name__,
            where=[f"{frame.filename}:{frame.lineno}" for frame in frames],
            reason=str(error) if isinstance(error, SettingsError) else None,
        )
