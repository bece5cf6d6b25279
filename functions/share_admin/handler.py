"""Binds the share admin to the HTTP API, the environment and the clock. Lambda calls `handler`."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.answers import json_answer
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_app, new_logger, template
from common.http_api.body import read_json
from common.http_api.fields import checked, checked_query
from common.http_api.query import read_query
from onetime_urls.protocol.contract.names import shown_share
from onetime_urls.protocol.contract.routes import (
    ABORT_UPLOAD,
    COMPLETE_UPLOAD,
    RESUME_UPLOAD,
    SHARE,
    SHARES,
    UPLOADS,
)
from share_admin.answers import about, in_full
from share_admin.fields import LIST_FIELDS, share_fields
from share_admin.settings import Settings
from share_admin.shares import ShareAdmin
from share_admin.upload_fields import (
    abort_fields,
    check_parts,
    check_upload,
    complete_fields,
    resume_fields,
    upload_fields,
)
from share_admin.uploads import Uploads

logger = new_logger()
app = new_app(logger, SHARES, SHARE, UPLOADS, COMPLETE_UPLOAD, RESUME_UPLOAD, ABORT_UPLOAD)


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
        SettingsError: the environment is not what the construct sets.
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
    return Uploads(settings=settings(), s3=admin().s3, sts=sts)


@app.post(template(SHARES))
def create_share() -> Response[str]:
    """`POST /shares`: a new share."""
    wanted = checked(read_json(app.current_event), share_fields(settings()))
    share = admin().create(wanted, _time_left)
    logger.info("shared", share=shown_share(share.id), size=share.size, expires_at=share.expires_at)
    return json_answer(in_full(share, settings().base_url, _now()), 201)


@app.get(template(SHARES))
def list_shares() -> Response[str]:
    """`GET /shares`: a page of shares of all objects, or of one, newest first."""
    wanted = checked_query(read_query(app.current_event.raw_query_string), LIST_FIELDS)
    shares, cursor = admin().page(wanted, _time_left)
    listed = {"shares": [about(share, settings().base_url, _now()) for share in shares]}
    return json_answer(listed if cursor is None else listed | {"next": cursor})


@app.get(template(SHARE))
def show_share(id_: str) -> Response[str]:
    """`GET /shares/{id}`: a share with its history."""
    return json_answer(in_full(admin().show(id_, _time_left), settings().base_url, _now()))


@app.delete(template(SHARE))
def revoke_share(id_: str) -> Response[str]:
    """`DELETE /shares/{id}`: revoke it, with the links of it that live."""
    share = admin().revoke(id_, _time_left)
    logger.info("revoked", share=shown_share(share.id))
    return json_answer(in_full(share, settings().base_url, _now()))


@app.post(template(UPLOADS))
def begin_upload() -> Response[str]:
    """`POST /uploads`: leave to send one file."""
    wanted = checked(read_json(app.current_event), upload_fields(settings()))
    check_upload(wanted, settings())
    return json_answer(uploads().begin(wanted, _time_left), 201)


@app.post(template(COMPLETE_UPLOAD))
def complete_upload() -> Response[str]:
    """`POST /uploads/complete`: put a multipart upload together."""
    wanted = checked(read_json(app.current_event), complete_fields(settings()))
    return json_answer(uploads().complete(wanted, _time_left))


@app.post(template(RESUME_UPLOAD))
def resume_upload() -> Response[str]:
    """`POST /uploads/resume`: leave to send what is missing of a multipart upload."""
    wanted = checked(read_json(app.current_event), resume_fields(settings()))
    check_parts(wanted, settings())
    return json_answer(uploads().resume(wanted, _time_left))


@app.post(template(ABORT_UPLOAD))
def abort_upload() -> Response[str]:
    """`POST /uploads/abort`: give a multipart upload up."""
    wanted = checked(read_json(app.current_event), abort_fields(settings()))
    return json_answer(uploads().abort(wanted, _time_left))


def _now() -> int:
    return int(admin().now())


def _time_left() -> float:
    return app.lambda_context.get_remaining_time_in_millis() / 1000
