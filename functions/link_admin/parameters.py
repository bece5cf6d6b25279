"""Decides whether a request for links is acceptable: an id, or a page of links.

A cursor is where the page before ended, as `issued_at` and signature. It is opaque to callers and
checked like everything else that comes in, but not signed: it can only point into the list that its
bearer may read anyway.
"""

import base64
import re
from dataclasses import dataclass, replace

from common.http_api.errors import Code, Refused
from common.http_api.fields import OBJECT_KEY, Field, checked_query, whole_number
from common.http_api.query import read_query

_ID = re.compile(r"[0-9a-f]{64}")
_CURSOR = re.compile(r"(0|[1-9]\d{0,11})\.([0-9a-f]{64})", re.ASCII)

PARAMETERS = {
    "key": replace(OBJECT_KEY, required=False),
    "limit": whole_number(Code.INVALID_LIMIT, 1, 100, default=20),
    "next": Field(
        schema={"type": "string", "format": "link-cursor"},
        code=Code.INVALID_NEXT,
        must="what an earlier page gave",
        allows=lambda text: _decoded(text) is not None,
    ),
}
"""Query of `GET /links`."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of links.

    Attributes:
        key: of the object whose links they are; None for those of all objects.
        limit: the most links on it.
        after: `issued_at` and signature of the last link of the page before; None for the first page.
    """

    key: str | None
    limit: int
    after: tuple[int, str] | None


def read_id(text: str) -> str:
    """The link's id, which is its signature.

    Raises:
        Refused: no link can have this id.
    """
    if not _ID.fullmatch(text):
        raise no_such_link()
    return text


def read_page(raw_query: str) -> Page:
    """The page in a raw query string.

    Raises:
        Refused: the query is malformed, or a parameter is missing, unknown or out of its range.
    """
    wanted = checked_query(read_query(raw_query), PARAMETERS)
    return Page(wanted.get("key"), wanted["limit"], _decoded(wanted["next"]) if "next" in wanted else None)


def write_cursor(issued_at: int, signature: str) -> str:
    """What `next` says about a page that ended with this link: letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(f"{issued_at}.{signature}".encode()).decode().rstrip("=")


def no_such_link() -> Refused:
    """The refusal for an id that isn't known, or can't be one."""
    return Refused(Code.NO_SUCH_LINK, "There is no link with this id, or its record has been deleted.")


def _decoded(cursor: str) -> tuple[int, str] | None:
    """What `write_cursor` was given; None if it can't have written this."""
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = _CURSOR.fullmatch(decoded.decode("ascii"))
    except ValueError:
        return None
    return (int(found[1]), found[2]) if found else None
