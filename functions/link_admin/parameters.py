"""Decides whether a request for links is acceptable: an id, or a key with a page of its links.

A cursor is where the page before ended, as `issued_at` and signature. It is opaque to callers and
checked like everything else that comes in, but not signed: it can only point into the list that its
bearer may read anyway.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from common.http_api.errors import Code, Refused
from common.http_api.query import read_query, shown
from onetime_urls.protocol.paths import key_problem

DEFAULT_LIMIT, MAX_LIMIT = 20, 100

_ID = re.compile(r"[0-9a-f]{64}")
_LIMIT = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_CURSOR = re.compile(r"(0|[1-9]\d{0,11})\.([0-9a-f]{64})", re.ASCII)
_KNOWN = ("key", "limit", "next")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an object's links.

    Attributes:
        key: the object's key.
        limit: links on it, from 1 to `MAX_LIMIT`.
        after: `issued_at` and signature of the last link of the page before; None for the first page.
    """

    key: str
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
    parameters = read_query(raw_query)
    unknown = sorted(parameters.keys() - set(_KNOWN))
    if unknown:
        raise Refused(
            Code.UNKNOWN_PARAMETER,
            f"{shown(unknown[0])} is not a parameter: allowed are {', '.join(_KNOWN)}.",
        )
    key = parameters.get("key", "")
    if problem := key_problem(key):
        raise Refused(Code.INVALID_KEY, f"key is required, and {problem}.")
    limit = parameters.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise Refused(Code.INVALID_LIMIT, f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    return Page(key, int(limit), _read_cursor(parameters["next"]) if "next" in parameters else None)


def write_cursor(issued_at: int, signature: str) -> str:
    """What `next` says about a page that ended with this link: letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(f"{issued_at}.{signature}".encode()).decode().rstrip("=")


def no_such_link() -> Refused:
    """The refusal for an id that isn't known, or can't be one."""
    return Refused(Code.NO_SUCH_LINK, "There is no link with this id, or its record has been deleted.")


def _read_cursor(text: str) -> tuple[int, str]:
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found = _CURSOR.fullmatch(decoded.decode("ascii"))
    except (binascii.Error, ValueError):
        found = None
    if found is None:
        raise Refused(Code.INVALID_NEXT, "next must be what an earlier page gave.")
    return int(found[1]), found[2]
