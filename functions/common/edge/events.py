"""The shape of Lambda@Edge's events and answers (CloudFront Developer Guide, "Lambda@Edge event structure").

Headers are lower-case names mapped to lists of `{"key", "value"}`; an answer's `status` is a string. What an
answer says it says in the form that the viewer takes: browsers name HTML in `Accept`, programs may name JSON,
the rest gets plain text.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from common.edge.pages import Page

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"

Headers = dict[str, list[dict[str, str]]]


def header(headers: Headers, name: str, separator: str = ", ") -> str:
    """All values of a header, joined as RFC 9110 (section 5.3) allows; empty if it is absent. Cookie is
    the one whose fields are joined otherwise, by "; " (RFC 9113, section 8.2.3)."""
    return separator.join([entry["value"] for entry in headers.get(name, ())])


def write_headers(headers: Mapping[str, str]) -> Headers:
    """Headers as an event has them, by names as they should be written."""
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}


def answer(status: int, headers: Mapping[str, str], body: str | None = None) -> dict[str, Any]:
    """A response that a function gives itself. A 204 must have no body at all."""
    made = {"status": str(status), "headers": write_headers(headers)}
    return made if body is None else made | {"body": body}


def accepted(accept: str) -> str:
    """The media type in which whoever sends this `Accept` header is answered."""
    return next((kind for kind in (HTML, JSON) if kind in accept), TEXT)


def said(
    headers: Headers, fields: Mapping[str, str | None], page: "Callable[[], Page]"
) -> tuple[str, dict[str, str]]:
    """A body, and the headers that go with it: `Content-Type`, and those of a page.

    Args:
        headers: the request's.
        fields: what programs are told, by its names in JSON; text is `message` alone.
        page: draws what a person is shown.
    """
    kind = accepted(header(headers, "accept"))
    own: dict[str, str] = {}
    if kind == HTML:
        body, own = page()
    elif kind == JSON:
        body = json.dumps({name: value for name, value in fields.items() if value}) + "\n"
    else:
        body = f"{fields['message']}\n"
    return body, {"Content-Type": f"{kind}; charset=utf-8", **own}
