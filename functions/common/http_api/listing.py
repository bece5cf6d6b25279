"""Decides which page of a list of names is asked for: a list of keys, or of files.

A cursor is the last name that was looked at. It is opaque to callers and checked like everything else that
comes in, but not signed: whoever makes one up begins elsewhere in a list that they may read anyway.
"""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.http_api.errors import Code
from common.http_api.fields import Field, whole_number
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import has_control_characters

MAX_LIMIT = 1000
"""Names on a page. S3 lists as many at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of names.

    Attributes:
        prefix: what the names begin with.
        limit: names on it, at most.
        after: the last name of the page before; empty for the first page.
    """

    prefix: str
    limit: int
    after: str


PAGE_PARAMETERS = {
    "prefix": Field(
        schema={"type": "string", "format": "name-prefix", "maxLength": MAX_KEY_BYTES},
        code=Code.INVALID_PREFIX,
        must=f"the beginning of names: at most {MAX_KEY_BYTES} bytes of UTF-8, without control characters",
        allows=lambda text: is_prefix(text),
    ),
    "limit": whole_number(Code.INVALID_LIMIT, 1, MAX_LIMIT, default=100),
    "next": Field(
        schema={"type": "string", "format": "name-cursor"},
        code=Code.INVALID_NEXT,
        must="what an earlier page gave",
        allows=lambda text: _decoded(text) is not None,
    ),
}
"""What a page of names may be asked for with."""


def page_of(wanted: Mapping[str, Any]) -> Page:
    """The page that checked parameters ask for."""
    after = _decoded(wanted["next"]) if "next" in wanted else None
    return Page(prefix=wanted.get("prefix", ""), limit=wanted["limit"], after=after or "")


def write_cursor(name: str) -> str:
    """What `next` says about a page that ended with this name: letters, digits, `-` and `_`."""
    return urlsafe_b64encode(name.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def is_prefix(text: str) -> bool:
    """Whether a key may begin with `text`. S3 refuses to look for one that is too long for a key."""
    return is_utf8(text) and len(text.encode()) <= MAX_KEY_BYTES and not has_control_characters(text)


def is_utf8(text: str) -> bool:
    """Whether `text` can be spelt in UTF-8: JSON can spell half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _decoded(text: str) -> str | None:
    """What `write_cursor` was given; None if it can't have written this."""
    try:
        name = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return name.decode() if len(name) <= MAX_KEY_BYTES else None
    except ValueError:
        return None
