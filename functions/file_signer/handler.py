"""Binds the file signer to the HTTP API, to AppSync's resolvers, the environment and the clock. Lambda calls
`handler`."""

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.edge.fetch import at_endpoint, fetch
from common.edge.verifier import Verifier
from common.http_api.answers import json_answer
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import log_error, new_app, new_logger
from common.http_api.errors import NO_STORE, Code, Refused
from common.http_api.fields import checked_query
from common.http_api.listing import PAGE_PARAMETERS, page_of
from common.http_api.negotiation import JSON, TEXT, preferred
from common.http_api.query import read_query
from file_signer import graphql, sessions
from file_signer.callers import EVERYBODY, Caller, caller_of
from file_signer.files import Files
from file_signer.parameters import Wanted, url_parameters
from file_signer.sessions import Session
from file_signer.settings import Settings
from file_signer.signed_files import SignedFiles
from file_signer.signing import Signer
from onetime_urls.protocol.contract.routes import FILES, SESSION, URL

LEAST_PATIENCE, KEYS_PATIENCE, RESERVE = 0.5, 3.0, 4.0
"""Seconds for an issuer's keys, and what is kept of the function's time for S3 and KMS."""

logger = new_logger()
app = new_app(logger, FILES, URL, SESSION)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0, or one field of a GraphQL query."""
    if "requestContext" in event:
        return app.resolve(event, context)

    def time_left() -> float:
        return context.get_remaining_time_in_millis() / 1000

    return graphql.resolve(
        event,
        signed_files,
        lambda authorization: _caller(authorization, time_left()),
        time_left,
        lambda error: log_error(logger, error),
    )


@cache
def settings() -> Settings:
    """The deployment's settings, read at the first request.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    return Settings.from_environment(os.environ)


@cache
def signed_files() -> SignedFiles:
    """The file signer of this deployment, made at the first request and kept for the next ones."""
    known = settings()
    return SignedFiles(
        settings=known,
        files=Files(
            boto3.client("s3", region_name=known.region, config=CLIENT_CONFIG), known.bucket, known.prefix
        ),
        signer=Signer(
            boto3.client("kms", region_name=known.region, config=CLIENT_CONFIG),
            known.signing_key,
            known.algorithm,
            known.key_pair_id,
        ),
        now=time.time,
    )


@cache
def verifier() -> Verifier:
    """Verifies tokens, and keeps the issuer's keys."""
    issuer = settings().issuer
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    return Verifier(
        [issuer] if issuer else [],
        lambda url, timeout: fetch(at_endpoint(url, endpoint), timeout),
        log=lambda problem: logger.warning("issuer's keys", problem=problem),
    )


@app.get(FILES.path)
def list_files() -> Response[str]:
    """`GET /files`: a page of the files that the caller may read."""
    wanted = checked_query(read_query(app.current_event.raw_query_string), PAGE_PARAMETERS)
    return json_answer(signed_files().list(_rest_caller(), page_of(wanted), _time_left))


@app.get(URL.path)
def sign_url() -> Response[str]:
    """`GET /url`: a signed URL, as JSON or bare."""
    known = url_parameters(settings())
    wanted = Wanted(**checked_query(read_query(app.current_event.raw_query_string), known))
    signed = signed_files().url(_rest_caller(), wanted, _time_left)
    logger.info("signed", expires_at=signed["expires_at"])
    if preferred(app.current_event.headers.get("accept", ""), (JSON, TEXT), JSON) == TEXT:
        return Response(
            status_code=200,
            content_type="text/plain; charset=utf-8",
            body=signed["url"] + "\n",
            headers=dict(NO_STORE),
        )
    return json_answer(signed)


@app.post(SESSION.path)
def open_session() -> Response[str]:
    """`POST /-/session`: signed cookies for the bearer of a token."""
    headers = _session_headers()
    caller = caller_of(headers.get("authorization", ""), settings().rules, _verify)
    session, signed = signed_files().session(caller, _time_left)
    now = int(signed_files().now())
    cookies = sessions.opening(session, signed, _session(now), now, settings().same_site)
    logger.info("session opened", expires_at=session.expires_at)
    return _no_content(cookies)


@app.get(SESSION.path)
def show_session() -> Response[str]:
    """`GET /-/session`: who, and until when."""
    session = _session(int(signed_files().now()))
    if session is None:
        raise Refused(Code.NO_SESSION, "There is no session here, or it is over.")
    return json_answer(sessions.present(session, settings().base_url))


@app.delete(SESSION.path)
def close_session() -> Response[str]:
    """`DELETE /-/session`: no cookies any more."""
    _session_headers()
    return _no_content(sessions.closing(_session(0), settings().same_site))


@app.route(SESSION.path, method=["OPTIONS"])
def allow_session() -> Response[str]:
    """What a browser asks before a page of another origin may send a token. The distribution says which
    origins may, in its answer's headers."""
    return _no_content([])


def _session_headers() -> Mapping[str, str]:
    """The headers of a request that opens or closes a session.

    Raises:
        Refused: another site's page makes it.
    """
    headers: Mapping[str, str] = app.current_event.headers
    sessions.refuse_other_sites(headers, settings().base_url, settings().origins)
    return headers


def _session(now: int) -> Session | None:
    # The format has a list of its own for cookies. MiniStack leaves them in their header.
    listed: list[str] = app.current_event.raw_event.get("cookies") or []
    cookies = listed or app.current_event.headers.get("cookie", "").split(";")
    return Session.from_cookies([each.strip() for each in cookies], now)


def _rest_caller() -> Caller:
    return _caller(app.current_event.headers.get("authorization", ""), _time_left())


def _caller(authorization: str, time_left: float) -> Caller:
    """Whoever shows this, where callers show tokens; otherwise whoever was let in."""
    if not settings().tokens_only:
        return EVERYBODY
    return caller_of(authorization, settings().rules, lambda token: _verified(token, time_left))


def _verify(token: str) -> Mapping[str, Any]:
    return _verified(token, _time_left())


def _verified(token: str, time_left: float) -> Mapping[str, Any]:
    patience = max(LEAST_PATIENCE, min(KEYS_PATIENCE, time_left - RESERVE))
    return verifier().verify(token, signed_files().now(), lambda: patience)


def _no_content(cookies: list[str]) -> Response[str]:
    """An answer without a body. Its cookies go as one list, as payload format 2.0 has them."""
    return Response(status_code=204, body="", headers=dict(NO_STORE), cookies=cast("Any", cookies))


def _time_left() -> float:
    return float(app.lambda_context.get_remaining_time_in_millis()) / 1000
