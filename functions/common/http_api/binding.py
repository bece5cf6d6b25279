"""Ties an app to Lambda and the HTTP API: its logger, its routes, and what happens to errors.

What is logged names a link by the first digits of its signature. Events are never logged, whatever
the environment says, and the SDK's own loggers are kept quiet: at DEBUG they print requests with
their signed headers, so one log-level setting (Lambda Developer Guide, "Log-level filtering") would
write claim tokens into the log.
"""

import logging
import re
import traceback

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from common.http_api.environment import SettingsError
from common.http_api.errors import Code, Refused, Unavailable, code_of, respond
from common.http_api.metrics import count
from onetime_urls.protocol.contract.metrics import Metric
from onetime_urls.protocol.contract.routes import Route


def new_logger() -> Logger:
    """The function's logger. The SDK's own loggers stay at warnings."""
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Logger(utc=True)


def template(route: Route) -> str:
    """A route's path as Powertools writes it. The segment that varies becomes the argument `id_`."""
    return route.path.replace("{id}", "<id_>")


def new_app(logger: Logger, *routes: Route) -> APIGatewayHttpResolver:
    """An app that answers whatever goes wrong, and tells a wrong method from a wrong path."""
    app = APIGatewayHttpResolver(debug=False)

    def no_such_route(_: NotFoundError) -> Response[str]:
        for route in routes:
            if re.fullmatch(re.escape(route.path).replace(r"\{id\}", "[^/]+"), app.current_event.path):
                raise Refused(
                    Code.METHOD_NOT_ALLOWED,
                    f"{route.path} answers {' and '.join(route.methods)} only.",
                    headers={"Allow": ", ".join(route.methods)},
                )
        known = ", ".join(route.path for route in routes)
        raise Refused(Code.NO_SUCH_ROUTE, f"There is no such path here. Known: {known}.")

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
