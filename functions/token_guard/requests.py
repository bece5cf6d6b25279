"""Decides, before any work on a token, what a viewer request asks for, and writes what goes on to S3.

The path is decoded once and decided on decoded; the canonical path goes on, so the rules, the cache and S3
can't read it in three ways. Nothing of the viewer's query goes on: S3 would take `response-content-type` or
`list-type` from it, and the cache's key doesn't have it. No token goes on, in whatever it came.
"""

from typing import Any, NamedTuple

from common.edge.events import header
from onetime_urls.protocol.paths import Malformed, percent_encode, read_path, write_path
from onetime_urls.protocol.private_assets import RETURN_PARAMETER, GuardSettings
from token_guard.refusals import BAD_ADDRESS, DIFFERENT, METHOD, NO_TOKEN, Refusal
from token_guard.sources import find_tokens, without_token

_DROPPED = ("authorization", "cookie")


class FileRequest(NamedTuple):
    """What a viewer request asks for.

    Attributes:
        key: the object, below the deployment's prefix.
        token: the one token that the request shows.
    """

    key: str
    token: str


def read_request(request: dict[str, Any], settings: GuardSettings) -> FileRequest | Refusal:
    """What is asked for, or why it is refused before anything is verified.

    Args:
        request: `Records[0].cf.request`.
    """
    if request["method"] not in ("GET", "HEAD"):
        return METHOD
    try:
        key = _read_key(request["uri"], settings)
        tokens = find_tokens(request["headers"], request["querystring"], settings)
    except Malformed:
        return BAD_ADDRESS
    if not tokens:
        return NO_TOKEN
    return FileRequest(key, tokens.pop()) if len(tokens) == 1 else DIFFERENT


def forward(request: dict[str, Any], wanted: FileRequest) -> dict[str, Any]:
    """The request that the cache and S3 get."""
    kept = {name: values for name, values in request["headers"].items() if name not in _DROPPED}
    return {**request, "uri": write_path(wanted.key), "querystring": "", "headers": kept}


def preflight_origin(request: dict[str, Any], settings: GuardSettings) -> str | None:
    """The named origin whose browser asks whether its page may send a request; None if it is no such."""
    headers = request["headers"]
    asks = request["method"] == "OPTIONS" and "access-control-request-method" in headers
    return named_origin(request, settings) if asks else None


def named_origin(request: dict[str, Any], settings: GuardSettings) -> str | None:
    """The request's origin, if its pages may read answers."""
    origin = header(request["headers"], "origin")
    return origin if origin in settings.cors_origins else None


def is_navigation(request: dict[str, Any]) -> bool:
    """Whether a person's browser opens the address as a page (Fetch Metadata, "Sec-Fetch-Mode" and "-Dest").
    Images, scripts and frames must not be sent to a login page: each would start a sign-in of its own."""
    headers = request["headers"]
    return (
        request["method"] == "GET"
        and header(headers, "sec-fetch-mode") == "navigate"
        and header(headers, "sec-fetch-dest") == "document"
    )


def login_address(request: dict[str, Any], settings: GuardSettings) -> str | None:
    """The login page with the wanted address in a parameter; None if there is no such page.

    The address has this distribution's own host, and no token. Whoever reads it on the way back has to check
    it all the same: anybody can write a link to the login page.
    """
    if settings.login_url is None:
        return None
    try:
        path = "/" if request["uri"] == "/" else write_path(read_path(request["uri"]))
    except Malformed:
        path = "/"
    query = without_token(request["querystring"])
    wanted = f"https://{header(request['headers'], 'host')}{path}{f'?{query}' if query else ''}"
    joint = "&" if "?" in settings.login_url else "?"
    return f"{settings.login_url}{joint}{RETURN_PARAMETER}={percent_encode(wanted)}"


def _read_key(uri: str, settings: GuardSettings) -> str:
    """The key that a path asks for; for `/` without a default root object none, which no rule covers."""
    return (settings.default_root_object or "") if uri == "/" else read_path(uri)
