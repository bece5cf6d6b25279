"""Reads a request to the page, and decides whether a browser sent it for another site.

It came through the distribution (`handler`), so the visitor's address is CloudFront's own word
(`CloudFront-Viewer-Address`) and no forgery.

It came from another site's page if the browser says so. Browsers that send Fetch Metadata name the site
in `Sec-Fetch-Site`. Older ones send `Origin`, which is `null` from our own page, because the page sends no
referrer (Fetch, "append a request Origin header"), but also from a page that hides where it is; there the
ticket's cookie decides, which a browser doesn't send with another site's form (SameSite=Lax). Whoever
sends neither header is no browser, and nobody's cookies or PINs can be abused through it.
"""

import base64
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from onetime_urls.protocol.contract.headers import TICKET_COOKIE, VIEWER_ADDRESS_HEADER
from onetime_urls.protocol.links.limits import MAX_AGENT_BYTES
from onetime_urls.protocol.shares.record import is_id

_MOST_TICKETS = 3
"""Each one that is looked at may cost two reads."""

_HERE = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request to the page.

    Attributes:
        share_id: as in the path, whatever its shape.
        headers: by lower-case name.
        cookie_tickets: what is in the ticket's cookie and has a ticket's shape. There may be several: one
            that was planted for a wider path or domain comes with ours.
        body: the decoded body; None if it isn't the Base64 or the text that it was said to be.
    """

    method: str
    share_id: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    cookie_tickets: tuple[str, ...] = field(repr=False)
    body: bytes | None = field(repr=False)

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """The request in payload format 2.0 (API Gateway Developer Guide, "Create AWS Lambda proxy
        integrations for HTTP APIs")."""
        body = event.get("body") or ""
        raw: bytes | None = None
        with suppress(ValueError):
            raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
        # The format has a list of its own for cookies. MiniStack leaves them in their header.
        cookies = event.get("cookies") or headers.get("cookie", "").split(";")
        return cls(
            method=event["requestContext"]["http"]["method"],
            share_id=(event.get("pathParameters") or {}).get("id", ""),
            headers=headers,
            cookie_tickets=tuple(_tickets(cookies))[:_MOST_TICKETS],
            body=raw,
        )

    def is_cross_site(self, base_url: str, form_ticket: str | None) -> bool:
        """Whether a browser sent this form for another site's page, or may have."""
        site = self.headers.get("sec-fetch-site")
        if site is not None:
            return site not in _HERE
        origin = self.headers.get("origin")
        if origin is None or origin == base_url:
            return False
        return not (origin == "null" and form_ticket in self.cookie_tickets)

    @property
    def agent(self) -> str:
        """The User-Agent, cut to what the history keeps."""
        agent = self.headers.get("user-agent", "")
        return agent.encode()[:MAX_AGENT_BYTES].decode(errors="ignore")

    @property
    def address(self) -> str:
        """The visitor's IP address: CloudFront writes it with a port behind (CloudFront Developer Guide,
        "Headers for determining the viewer's location"). Empty if it isn't there."""
        given = self.headers.get(VIEWER_ADDRESS_HEADER, "").rpartition(":")[0]
        try:
            return str(ipaddress.ip_address(given.strip("[]")))
        except ValueError:
            return ""


def _tickets(cookies: list[str]) -> Iterator[str]:
    for cookie in cookies:
        name, _, value = cookie.strip().partition("=")
        if name == TICKET_COOKIE and is_id(value):
            yield value
