"""Writes the token guard's own answers: short, never cached, as text, JSON or a small page.

Errors of tokens are told as RFC 6750 (section 3) wants it, in `WWW-Authenticate`. No sentence repeats
anything of a token, a path or S3's own answer. The headers that every answer of the distribution carries are
its response headers policy's; the content security policy isn't among them, since objects differ in it,
and a page has one of its own, which allows its style and nothing else.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge import events
from common.edge.events import Headers, said
from onetime_urls.protocol.contract.headers import SANDBOXED_OBJECT_POLICY
from token_guard.refusals import METHOD, NO_TOKEN, Refusal

if TYPE_CHECKING:
    from common.edge.pages import Page
    from onetime_urls.protocol.pages.brand import ShownBrand

METHODS = "GET, HEAD"
ALLOWED_HEADERS = "Authorization, If-Match, If-Modified-Since, If-None-Match, If-Range, Range"
"""What a script may send; the rest is either safelisted by browsers or nothing to S3."""


def refuse(
    refusal: Refusal,
    *,
    headers: Headers,
    host: str = "",
    login: str | None = None,
    brand: "Callable[[], ShownBrand | None]" = lambda: None,
) -> dict[str, Any]:
    """The response that tells a viewer `refusal`.

    Args:
        headers: the request's. `Accept` says in which form, `Accept-Language` in which language.
        host: as the viewer named it.
        login: where to sign in and come back from, for a page's button.
        brand: reads whose page it is.
    """

    def drawn() -> "Page":
        # Loaded here because every new container would pay for what few viewers see.
        from token_guard.page import page

        return page(refusal, headers=headers, host=host, brand=brand(), login=login)

    fields = {"error": refusal.code, "message": f"{refusal.happened} {refusal.advice}"}
    body, own = said(headers, fields, drawn)
    made = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": SANDBOXED_OBJECT_POLICY,
        **own,
    }
    if refusal.challenge:
        made["WWW-Authenticate"] = _challenge(refusal)
    if refusal.retry_after is not None:
        made["Retry-After"] = str(refusal.retry_after)
    if refusal is METHOD:
        made["Allow"] = METHODS
    return events.answer(refusal.status, made, body)


def redirect(login: str) -> dict[str, Any]:
    """Send a browser to the login page. Never kept: after signing in the same address leads to the file."""
    return events.answer(303, {"Cache-Control": "no-store", "Location": login}, "")


def preflight() -> dict[str, Any]:
    """Tell a browser what its pages' scripts may send (Fetch Standard, "CORS-preflight request")."""
    headers = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": ALLOWED_HEADERS,
        "Access-Control-Max-Age": "600",
        "Cache-Control": "no-store",
    }
    return events.answer(204, headers)


def allow_origin(answer: dict[str, Any], origin: str) -> dict[str, Any]:
    """Let a named origin's scripts read an answer of ours, as the distribution's policy does for S3's."""
    allowed = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "Retry-After, WWW-Authenticate",
        "Vary": ", ".join(filter(None, [events.header(answer["headers"], "vary"), "Origin"])),
    }
    return answer | {"headers": answer["headers"] | events.write_headers(allowed)}


def _challenge(refusal: Refusal) -> str:
    """RFC 6750, section 3: without an error where no token was shown."""
    if refusal is NO_TOKEN:
        return "Bearer"
    return f'Bearer error="{refusal.code}", error_description="{refusal.happened}"'
