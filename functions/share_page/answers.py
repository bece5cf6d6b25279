"""Writes a visit's result in the form that its client takes: a page, JSON, or text.

Who names a form in `Accept` gets it. Who takes anything gets a line of text on a POST, and the page on a GET:
services that make previews are such clients, and what they take from a page is its title only. But a program
of the command line gets text on a GET too: what `curl -O` saves must not look like the file.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from common.http_api.negotiation import HTML, JSON, TEXT, preferred
from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.pages.document import Site
from onetime_urls.protocol.pages.texts import english, texts_for
from onetime_urls.protocol.pages.words import size_in_words
from onetime_urls.protocol.shares.record import Share, is_id
from share_page.page import page
from share_page.result import VisitResult, VisitStatus
from share_page.visit import Visit
from share_page.words import sentence, until_in_words

_COMMAND_LINE = re.compile(r"(?:aria2|axel|curl|httpie|python|wget|xh)(?:-\w+)?/|.{0,200}PowerShell/", re.I)


@dataclass(frozen=True, slots=True)
class Body:
    """What an answer says.

    Attributes:
        media_type: one of those that `Accept` was held against.
        text: the whole of it.
        language: that of a page; None for what programs read.
    """

    media_type: str
    text: str
    language: str | None = None


def write(
    visit: Visit, result: VisitResult, *, ticket: str, base_url: str, brand: ShownBrand | None, now: int
) -> Body:
    """The answer's body.

    Args:
        ticket: what the form carries, if there is one on the page.
        base_url: what the share's address begins with.
        brand: whose page it is.
        now: epoch seconds, to say how long the share still lives.
    """
    texts = texts_for(visit.headers.get("accept-language", ""))
    forms: dict[str, Callable[[], str]] = {
        HTML: lambda: page(
            result,
            address=f"{PAGE_PREFIX}{visit.share_id}" if is_id(visit.share_id) else "",
            ticket=ticket,
            now=now,
            site=Site(urlsplit(base_url).netloc, brand),
            texts=texts,
        ),
        JSON: lambda: json.dumps(_fields(result)) + "\n",
        TEXT: lambda: _text(result, base_url, now),
    }
    takes_anything = HTML if visit.method != "POST" and not _COMMAND_LINE.match(visit.agent) else TEXT
    chosen = preferred(visit.headers.get("accept", ""), tuple(forms), default=takes_anything)
    return Body(chosen, str(forms[chosen]()), texts.language if chosen == HTML else None)


def _fields(result: VisitResult) -> dict[str, Any]:
    fields: dict[str, Any] = {"status": result.status, "message": sentence(result)}
    share = result.offered
    if share is not None:
        fields |= {
            "filename": share.filename,
            "size": share.size,
            "expires_at": share.expires_at,
            "downloads_left": share.left,
            "pin": result.needs_pin,
        }
        if share.note is not None:
            fields["note"] = share.note
        if result.needs_pin:
            fields["tries_left"] = share.tries.left
    if result.retry_after is not None:
        fields["retry_after"] = result.retry_after
    if result.location is not None:
        fields["url"] = result.location
    return fields


def _text(result: VisitResult, base_url: str, now: int) -> str:
    share = result.offered
    if share is None or result.status not in (VisitStatus.READY, VisitStatus.WAITING):
        return f"{sentence(result)}\n"
    return _offer(share, "pin=..." if result.needs_pin else "", base_url, now)


def _offer(share: Share, form: str, base_url: str, now: int) -> str:
    left = "1 download" if share.left == 1 else f"{share.left} downloads"
    note = f"{share.note}\n" if share.note else ""
    return (
        f"{share.filename}\n{note}{size_in_words(share.size, english())}, {left} left, "
        f"until {until_in_words(share.expires_at, now)}\n"
        f"This is not the file yet. To download it: curl -fOJLd '{form}' {base_url}{PAGE_PREFIX}{share.id}\n"
    )
