"""Binds the page to Lambda, the environment and the clock. `handler` calls `answer`.

There is no router: the API sends this function one path. What is logged names a share by the first
characters of its id, and no form, cookie or address that was handed out.
"""

import os
import secrets
from dataclasses import replace
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.brand import brand_beside
from common.http_api.aws_calls import CLIENT_CONFIG, TimeLeft
from common.http_api.binding import log_error, new_logger
from common.http_api.errors import RETRY_AFTER, Unavailable
from common.http_api.negotiation import HTML
from common.link_minting.aws import PARAMETER_REGION
from common.link_minting.mint import Issuer
from onetime_urls.protocol.contract.headers import SHARE_STATUS_HEADER, TICKET_COOKIE
from onetime_urls.protocol.contract.names import PAGE_PREFIX, shown_share
from onetime_urls.protocol.contract.routes import SHARE_PAGE
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.shares.ticket import Tables
from share_page.answers import write
from share_page.form import Form, NotAForm, WrongMediaType, read_form
from share_page.handover import Handover
from share_page.result import HTTP_STATUS, VisitResult, VisitStatus
from share_page.settings import Settings
from share_page.store import Store
from share_page.visit import Visit

TICKET_SECONDS = 86_400
"""For which a browser keeps a ticket: a failed download is tried again the same day."""

logger = new_logger()


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def answer(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0, which came through the distribution."""
    try:
        visit = Visit.from_event(event)
        form = _form(visit)
        result = _serve(visit, form, lambda: context.get_remaining_time_in_millis() / 1000)
    except Unavailable as error:
        log_error(logger, error)
        result = VisitResult(VisitStatus.UNAVAILABLE, retry_after=RETRY_AFTER)
    except Exception as error:
        log_error(logger, error)
        return {"statusCode": 500, "headers": {"Cache-Control": "no-store"}, "body": ""}
    if settings().uniform_answers:
        result = result.uniform()
    logger.info("visited", share=shown_share(visit.share_id), method=visit.method, result=result.status)
    return _answer(visit, result)


@cache
def settings() -> Settings:
    """The deployment's settings, read at the first request.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    return Settings.from_environment(os.environ)


@cache
def brand() -> ShownBrand | None:
    """Whose pages these are, read at the first answer."""
    return brand_beside(__file__)


@cache
def handover() -> Handover:
    """The handover of this deployment, made at the first request and kept for the next ones."""
    mint = settings().mint
    dynamodb = boto3.client("dynamodb", region_name=mint.region, config=CLIENT_CONFIG)
    issuer = Issuer(
        settings=mint,
        s3=boto3.client("s3", region_name=mint.bucket_region, config=CLIENT_CONFIG),
        sts=boto3.client("sts", region_name=mint.region, config=CLIENT_CONFIG),
        dynamodb=dynamodb,
        ssm=boto3.client("ssm", region_name=PARAMETER_REGION, config=CLIENT_CONFIG),
    )
    store = Store(dynamodb=dynamodb, tables=Tables(settings().shares_table, mint.table))
    return Handover(
        issuer=issuer, store=store, resume=settings().resume, resume_factor=settings().resume_factor
    )


def _form(visit: Visit) -> Form | VisitStatus:
    """The form of a POST, or what is wrong with it."""
    if visit.method != "POST":
        return Form()
    try:
        return read_form(visit.headers.get("content-type", ""), visit.body)
    except WrongMediaType:
        return VisitStatus.MEDIA_TYPE
    except NotAForm:
        return VisitStatus.BAD_FORM


def _serve(visit: Visit, form: Form | VisitStatus, time_left: TimeLeft) -> VisitResult:
    if visit.method not in SHARE_PAGE.methods:
        return VisitResult(VisitStatus.METHOD)
    if isinstance(form, VisitStatus):
        return VisitResult(form)
    if visit.method != "POST":
        return handover().look(visit, time_left)
    if visit.is_cross_site(settings().mint.base_url, form.ticket):
        return VisitResult(VisitStatus.CROSS_SITE)
    result = handover().hand_out(visit, form, time_left)
    return result if result.location is None else replace(result, ticket=form.ticket)


def _answer(visit: Visit, result: VisitResult) -> dict[str, Any]:
    ticket = result.ticket or secrets.token_urlsafe(16)
    body = write(
        visit,
        result,
        ticket=ticket,
        base_url=settings().mint.base_url,
        brand=brand(),
        now=int(handover().now()),
    )
    # A page begins the download by itself; programs are led to it.
    begins = body.media_type == HTML and result.location is not None
    headers = {
        "Cache-Control": "no-store",
        "Content-Type": f"{body.media_type}; charset=utf-8",
        SHARE_STATUS_HEADER: result.status.value,
    }
    if result.status is VisitStatus.METHOD:
        headers["Allow"] = ", ".join(SHARE_PAGE.methods)
    if result.retry_after is not None:
        headers["Retry-After"] = str(result.retry_after)
    if body.language is not None:
        headers |= {"Content-Language": body.language, "Vary": "Accept, Accept-Language"}
    if result.location is not None and not begins:
        headers["Location"] = result.location
    has_form = body.media_type == HTML and result.offered is not None
    return {
        "statusCode": 200 if begins else HTTP_STATUS[result.status],
        "headers": headers,
        "cookies": [_cookie(visit.share_id, ticket)] if has_form else [],
        "body": "" if visit.method == "HEAD" else body.text,
        "isBase64Encoded": False,
    }


def _cookie(share_id: str, ticket: str) -> str:
    return (
        f"{TICKET_COOKIE}={ticket}; Path={PAGE_PREFIX}{share_id}; Max-Age={TICKET_SECONDS}; "
        "Secure; HttpOnly; SameSite=Lax"
    )
