"""Writes the guard's own answers: short, never cached, as text, JSON or a small page.

A generated response has the shape of the CloudFront Developer Guide, "Generate HTTP responses in
request triggers": `status` is a string and the body of a viewer event is at most 40 KB. The headers
that every answer of the distribution carries are not repeated here; its response headers policy adds
them. A page has a content security policy of its own, which allows its style and nothing else.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge import events
from common.edge.events import Headers, said
from onetime_urls.protocol.contract.headers import LINK_STATUS_HEADER
from onetime_urls.protocol.links.reasons import METHOD, Reason

if TYPE_CHECKING:
    from common.edge.pages import Page
    from onetime_urls.protocol.pages.brand import ShownBrand


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

    def drawn() -> "Page":
        # Loaded here because every new container would pay for what few viewers see.
        from edge_guard.page import page

        return page(reason, headers=headers, host=host, brand=brand(), link=link)

    fields = {"error": reason.code, "message": f"{reason.happened} {reason.advice}", "link": link}
    body, own = said(headers, fields, drawn)
    made = {"Cache-Control": "no-store", LINK_STATUS_HEADER: reason.code, **own}
    if reason.retry_after is not None:
        made["Retry-After"] = str(reason.retry_after)
    if reason is METHOD:
        made["Allow"] = "GET"
    return events.answer(reason.status, made, body)
