"""Binds the object lister to the HTTP API and the environment. Lambda calls `handler`."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.answers import json_answer
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_app, new_logger
from common.http_api.environment import REGION, matching
from common.http_api.errors import Code
from common.http_api.fields import checked_query, one_of
from common.http_api.listing import PAGE_PARAMETERS, page_of
from common.http_api.query import read_query
from common.link_minting.settings import BUCKET
from object_lister.objects import Objects
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.routes import OBJECTS

PARAMETERS = PAGE_PARAMETERS | {"flat": one_of(Code.INVALID_FLAT, "false", "true")}
"""Query of `GET /objects`."""

logger = new_logger()
app = new_app(logger, OBJECTS)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0."""
    return app.resolve(event, context)


@cache
def objects() -> Objects:
    """The object lister of this deployment, made at the first request and kept for the next ones.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    region = matching(os.environ, Variable.BUCKET_REGION, REGION)["0"]
    return Objects(
        s3=boto3.client("s3", region_name=region, config=CLIENT_CONFIG),
        bucket=matching(os.environ, Variable.BUCKET_NAME, BUCKET)["0"],
    )


@app.get(OBJECTS.path)
def list_objects() -> Response[str]:
    """`GET /objects`: a page of what can be handed out."""
    wanted = checked_query(read_query(app.current_event.raw_query_string), PARAMETERS)
    listed = objects().page(page_of(wanted), flat=wanted["flat"] == "true", time_left=_time_left)
    return json_answer(listed)


def _time_left() -> float:
    return float(app.lambda_context.get_remaining_time_in_millis()) / 1000
