"""Writes the guard's own answers: short, never cached, as text, JSON or a small page.

A generated response has the shape of the CloudFront Developer Guide, "Generate HTTP responses in
request triggers": `status` is a string and the body of a viewer event is at most 40 KB. The headers
that every answer of the distribution carries are not repeated here; its response headers policy adds
them. A page has a content security policy of its own, which allows its style and nothing else.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge.events import Headers, header
from onetime_urls.protocol.contract.headers import LINK_STATUS_HEADER
from onetime_urls.protocol.links.reasons import METHOD, Reason

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand


HTML, JSON, TEXT = "text/html", "application/json", "text/plain"


def accepted(accept: str) -> str:
    """The content type in which whoever sends this `Accept` header is answered. Browsers name HTML, programs
    may name JSON, the rest gets plain text."""
    return next((kind for kind in (HTML, JSON) if kind in accept), TEXT)


def answer(
    reason: Reason,
    *,
    headers: Headers,
    host: str = "",
    link: str | None = None,
    brand: "Callable[[], ShownBrand | None]" = lambda: None,
) -> dict[str, Any]:
    """The response that tells a viewer `reason`.

    Args:
        headers: the request's. `Accept` says in which form, `Accept-Language` in which language.
        host: as the viewer named it.
        link: the first digits of the link's signature, by which sender and operator can name it.
        brand: reads whose page it is.
    """
    content_type = accepted(header(headers, "accept"))
    own: dict[str, str] = {}
    if content_type == HTML:
        # Loaded here because every new container would pay for what few viewers see.
        from edge_guard.page import page

        body, own = page(reason, headers=headers, host=host, brand=brand(), link=link)
    elif content_type == JSON:
        fields = {"error": reason.code, "message": f"{reason.happened} {reason.advice}", "link": link}
        body = json.dumps({name: value for name, value in fields.items() if value}) + "\n"
    else:
        body = f"{reason.happened} {reason.advice}\n"
    made = {
        "Cache-Control": "no-store",
        "Content-Type": f"{content_type}; charset=utf-8",
        LINK_STATUS_HEADER: reason.code,
        **own,
    }
    if reason.retry_after is not None:
        made["Retry-After"] = str(reason.retry_after)
    if reason is METHOD:
        made["Allow"] = "GET"
    return {
        "status": str(reason.status),
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in made.items()},
        "body": body,
    }
