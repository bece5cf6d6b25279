"""Binds the page to Lambda, the environment and the clock. Lambda calls `handler`.

There is no router: the stack sends this function one path. What is logged names a share by the first
characters of its id, and no form, cookie or address that was handed out.
"""

import os
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.aws_calls import CLIENT_CONFIG, TimeLeft
from common.http_api.binding import log_error, new_logger
from common.http_api.errors import RETRY_AFTER, Unavailable
from common.link_minting.aws import PARAMETER_REGION
from common.link_minting.mint import Issuer
from onetime_urls.protocol.contract.headers import SHARE_STATUS_HEADER, TICKET_COOKIE
from onetime_urls.protocol.contract.names import PAGE_PREFIX, shown_share
from onetime_urls.protocol.contract.routes import SHARE_PAGE
from onetime_urls.protocol.shares.ticket import Tables
from share_page.form import Form, NotAForm, WrongMediaType, read_form
from share_page.handover import Handover
from share_page.outcome import STATUS, Kind, Outcome
from share_page.page import WITH_FORM, page, text
from share_page.settings import Settings
from share_page.store import Store
from share_page.visit import Visit

TICKET_SECONDS = 86_400
"""For which a browser keeps a ticket: a failed download is tried again the same day."""

logger = new_logger()


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0. Whatever didn't come through the
    distribution is told nothing at all."""
    try:
        visit = Visit.from_event(event)
        if not visit.is_through_distribution(settings().origin_secret):
            logger.warning("not through the distribution")
            return {"statusCode": 403, "headers": {"Cache-Control": "no-store"}, "body": ""}
        form = _form(visit)
        outcome = _serve(visit, form, lambda: context.get_remaining_time_in_millis() / 1000)
    except Unavailable as error:
        log_error(logger, error)
        outcome = Outcome(Kind.UNAVAILABLE, retry_after=RETRY_AFTER)
    except Exception as error:
        log_error(logger, error)
        return {"statusCode": 500, "headers": {"Cache-Control": "no-store"}, "body": ""}
    if settings().uniform_answers:
        outcome = outcome.uniform()
    logger.info("visited", share=shown_share(visit.share_id), method=visit.method, outcome=outcome.kind)
    return _answer(visit, outcome)


@cache
def settings() -> Settings:
    """The deployment's settings, read at the first request.

    Raises:
        SettingsError: the environment is not what the stack sets.
    """
    return Settings.from_environment(os.environ)


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


def _form(visit: Visit) -> Form | Kind:
    """The form of a POST, or what is wrong with it."""
    if visit.method != "POST":
        return Form()
    try:
        return read_form(visit.headers.get("content-type", ""), visit.body)
    except WrongMediaType:
        return Kind.MEDIA_TYPE
    except NotAForm:
        return Kind.BAD_FORM


def _serve(visit: Visit, form: Form | Kind, time_left: TimeLeft) -> Outcome:
    if visit.method not in SHARE_PAGE.methods:
        return Outcome(Kind.METHOD)
    if isinstance(form, Kind):
        return Outcome(form)
    if visit.method != "POST":
        return handover().look(visit, time_left)
    if visit.is_cross_site(settings().mint.base_url, form.ticket):
        return Outcome(Kind.CROSS_SITE)
    return handover().hand_out(visit, form, time_left)


def _answer(visit: Visit, outcome: Outcome) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store", SHARE_STATUS_HEADER: outcome.kind.value}
    cookies: list[str] = []
    if outcome.kind is Kind.METHOD:
        headers["Allow"] = ", ".join(SHARE_PAGE.methods)
    if outcome.retry_after is not None:
        headers["Retry-After"] = str(outcome.retry_after)
    if outcome.location is not None:
        headers["Location"] = outcome.location
    if outcome.location is not None or (visit.method == "POST" and not visit.wants_html):
        return _response(outcome, headers | {"Content-Type": "text/plain; charset=utf-8"}, text(outcome))
    ticket = outcome.ticket or secrets.token_urlsafe(16)
    if outcome.share is not None and outcome.kind in WITH_FORM:
        cookies = [_cookie(visit.share_id, ticket)]
    document = page(outcome, ticket, int(handover().now()))
    headers["Content-Type"] = "text/html; charset=utf-8"
    return _response(outcome, headers, "" if visit.method == "HEAD" else document, cookies)


def _cookie(share_id: str, ticket: str) -> str:
    return (
        f"{TICKET_COOKIE}={ticket}; Path={PAGE_PREFIX}{share_id}; Max-Age={TICKET_SECONDS}; "
        "Secure; HttpOnly; SameSite=Lax"
    )


def _response(
    outcome: Outcome, headers: Mapping[str, str], body: str, cookies: list[str] | None = None
) -> dict[str, Any]:
    return {
        "statusCode": STATUS[outcome.kind],
        "headers": dict(headers),
        "cookies": cookies or [],
        "body": str(body),
        "isBase64Encoded": False,
    }
