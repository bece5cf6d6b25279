"""Binds the link admin to the HTTP API, the environment and the clock. Lambda calls `handler`."""

import os
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.answers import json_answer
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_app, new_logger, template
from common.http_api.environment import REGION, TABLE, matching
from link_admin.parameters import read_id, read_page
from link_admin.states import present
from link_admin.store import LinkAdmin
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.names import shown_link
from onetime_urls.protocol.contract.routes import LINK, LINKS

logger = new_logger()
app = new_app(logger, LINKS, LINK)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0."""
    return app.resolve(event, context)


@cache
def admin() -> LinkAdmin:
    """The link admin of this deployment, made at the first request and kept for the next ones.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    region = matching(os.environ, Variable.AWS_REGION, REGION)["0"]
    return LinkAdmin(
        dynamodb=boto3.client("dynamodb", region_name=region, config=CLIENT_CONFIG),
        table=matching(os.environ, Variable.LINKS_TABLE_NAME, TABLE)["0"],
    )


@app.get(template(LINKS))
def list_links() -> Response[str]:
    """`GET /links`: the links of all objects, or of one, newest first."""
    items, cursor = admin().links(read_page(app.current_event.raw_query_string), _time_left)
    now = int(time.time())
    page: dict[str, Any] = {"links": [present(item, now) for item in items]}
    return json_answer(page if cursor is None else page | {"next": cursor})


@app.get(template(LINK))
def show_link(id_: str) -> Response[str]:
    """`GET /links/{id}`: what became of one link."""
    return json_answer(present(admin().link(read_id(id_), _time_left), int(time.time())))


@app.delete(template(LINK))
def revoke_link(id_: str) -> Response[str]:
    """`DELETE /links/{id}`: from now on nobody can claim the link."""
    signature, now = read_id(id_), int(time.time())
    admin().revoke(signature, now, _time_left)
    logger.info("revoked", link=shown_link(signature))
    return json_answer(present(admin().link(signature, _time_left), now))


def _time_left() -> float:
    return float(app.lambda_context.get_remaining_time_in_millis()) / 1000
