"""Writes the guard's own answers: short, never cached, as text, JSON or a small page.

A generated response has the shape of the CloudFront Developer Guide, "Generate HTTP responses in
request triggers": `status` is a string and the body of a viewer event is at most 40 KB. The headers
that every answer of the distribution carries (content security policy and so on) are not repeated
here; its response headers policy adds them.
"""

import json
from typing import Any

from onetime_urls.protocol.contract.headers import LINK_STATUS_HEADER
from onetime_urls.protocol.links.reasons import METHOD, Reason

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{happened}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 18vh auto 0; padding: 0 1.5rem }}
h1 {{ font-size: 1.5rem; line-height: 1.25 }}
small {{ opacity: .75 }}
</style>
<main>
<h1>{happened}</h1>
<p>{advice}</p>
{reference}</main>
</html>
"""


def accepted(accept: str) -> str:
    """The content type in which whoever sends this `Accept` header is answered. Browsers name HTML, programs
    may name JSON, the rest gets plain text."""
    return next((kind for kind in ("text/html", "application/json") if kind in accept), "text/plain")


def answer(reason: Reason, *, accept: str, link: str | None = None) -> dict[str, Any]:
    """The response that tells a viewer `reason`.

    Args:
        accept: the request's `Accept` header.
        link: the first digits of the link's signature, by which sender and operator can name it.
    """
    content_type = accepted(accept)
    if content_type == "text/html":
        body = _page(reason, link)
    elif content_type == "application/json":
        fields = {"error": reason.code, "message": f"{reason.happened} {reason.advice}", "link": link}
        body = json.dumps({name: value for name, value in fields.items() if value}) + "\n"
    else:
        body = f"{reason.happened} {reason.advice}\n"
    headers = {
        "Cache-Control": "no-store",
        "Content-Type": f"{content_type}; charset=utf-8",
        LINK_STATUS_HEADER: reason.code,
    }
    if reason.retry_after is not None:
        headers["Retry-After"] = str(reason.retry_after)
    if reason is METHOD:
        headers["Allow"] = "GET"
    return {
        "status": str(reason.status),
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        "body": body,
    }


def _page(reason: Reason, link: str | None) -> str:
    reference = f"<p><small>Reference: {link}</small></p>\n" if link else ""
    return _PAGE.format(happened=reason.happened, advice=reason.advice, reference=reference)
