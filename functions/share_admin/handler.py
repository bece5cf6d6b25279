"""Binds the share admin to the HTTP API, the environment and the clock. Lambda calls `handler`."""

import os
import re
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_app, new_logger
from common.http_api.body import checked, read_json
from common.http_api.query import read_query
from share_admin.answers import about, answer, in_full
from share_admin.fields import (
    COMPLETE_FIELDS,
    FORMATS,
    LIST_FIELDS,
    check_upload,
    share_fields,
    upload_fields,
)
from share_admin.settings import Settings
from share_admin.shares import ShareAdmin
from share_admin.uploads import Uploads

ROUTES = {
    "/shares": ["POST", "GET"],
    "/shares/<share_id>": ["GET", "DELETE"],
    "/uploads": ["POST"],
    "/uploads/complete": ["POST"],
}
_WHOLE_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)

logger = new_logger()
app = new_app(logger, ROUTES)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0."""
    return app.resolve(event, context)


@cache
def settings() -> Settings:
    """The deployment's settings, read at the first request.

    Raises:
        SettingsError: the environment is not what the stack sets.
    """
    return Settings.from_environment(os.environ)


@cache
def admin() -> ShareAdmin:
    """The share admin of this deployment, made at the first request and kept for the next ones."""
    return ShareAdmin(
        settings=settings(),
        s3=boto3.client("s3", region_name=settings().bucket_region, config=CLIENT_CONFIG),
        dynamodb=boto3.client("dynamodb", region_name=settings().region, config=CLIENT_CONFIG),
    )


@cache
def uploads() -> Uploads:
    """Uploads of this deployment, made at the first one."""
    sts = boto3.client("sts", region_name=settings().region, config=CLIENT_CONFIG)
    return Uploads(settings=settings(), sts=sts)


@app.post("/shares")
def create_share() -> Response[str]:
    """`POST /shares`: a new share."""
    wanted = checked(read_json(app.current_event), share_fields(settings()), FORMATS)
    share = admin().create(wanted, _time_left)
    logger.info("shared", share=_named(share.id), size=share.size, expires_at=share.expires_at)
    return answer(in_full(share, settings().base_url, _now()), 201)


@app.get("/shares")
def list_shares() -> Response[str]:
    """`GET /shares`: a page of shares, newest first."""
    given: dict[str, Any] = read_query(app.current_event.raw_query_string)
    if _WHOLE_NUMBER.fullmatch(given.get("limit", "")):
        given["limit"] = int(given["limit"])
    wanted = checked(given, LIST_FIELDS, FORMATS)
    shares, cursor = admin().page(wanted["limit"], wanted.get("next"), _time_left)
    listed = {"shares": [about(share, settings().base_url, _now()) for share in shares]}
    return answer(listed if cursor is None else listed | {"next": cursor})


@app.get("/shares/<share_id>")
def show_share(share_id: str) -> Response[str]:
    """`GET /shares/{id}`: a share with its history."""
    return answer(in_full(admin().show(share_id, _time_left), settings().base_url, _now()))


@app.delete("/shares/<share_id>")
def revoke_share(share_id: str) -> Response[str]:
    """`DELETE /shares/{id}`: revoke it, with the links of it that live."""
    share = admin().revoke(share_id, _time_left)
    logger.info("revoked", share=_named(share.id))
    return answer(in_full(share, settings().base_url, _now()))


@app.post("/uploads")
def begin_upload() -> Response[str]:
    """`POST /uploads`: leave to send one file."""
    wanted = checked(read_json(app.current_event), upload_fields(settings()), FORMATS)
    check_upload(wanted, settings())
    return answer(uploads().begin(wanted, _time_left), 201)


@app.post("/uploads/complete")
def complete_upload() -> Response[str]:
    """`POST /uploads/complete`: put a multipart upload together."""
    wanted = checked(read_json(app.current_event), COMPLETE_FIELDS, FORMATS)
    return answer(uploads().complete(wanted, _time_left))


def _named(share_id: str) -> str:
    """What a share is called in a log: too little of its id to visit it."""
    return share_id[:8]


def _now() -> int:
    return int(admin().now())


def _time_left() -> float:
    return app.lambda_context.get_remaining_time_in_millis() / 1000
