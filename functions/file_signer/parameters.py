"""Decides whether a question about files is acceptable: one description of each parameter, for REST and
GraphQL alike."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.http_api.errors import Code, Refused
from common.http_api.fields import Field, whole_number
from file_signer.settings import Settings
from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import has_control_characters, key_problem

MAX_LIMIT = 1000
"""Files on a page. S3 lists as many at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of files.

    Attributes:
        prefix: what the files' names begin with.
        limit: files on it, at most.
        after: the last name of the page before; empty for the first page.
    """

    prefix: str
    limit: int
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A signed URL that is asked for.

    Attributes:
        file: its name, as in the URL, decoded.
        expires_in: seconds.
        disposition: "attachment" or "inline"; None for what S3 has stored.
    """

    file: str
    expires_in: int
    disposition: str | None = None


PAGE_PARAMETERS = {
    "prefix": Field(
        schema={"type": "string", "format": "file-prefix", "maxLength": MAX_KEY_BYTES},
        code=Code.INVALID_PREFIX,
        must="the beginning of files' names: UTF-8 without control characters",
        allows=lambda text: _is_utf8(text) and not has_control_characters(text),
    ),
    "limit": whole_number(Code.INVALID_LIMIT, 1, MAX_LIMIT, default=100),
    "next": Field(
        schema={"type": "string", "format": "file-cursor"},
        code=Code.INVALID_NEXT,
        must="what an earlier page gave",
        allows=lambda text: _decoded(text) is not None,
    ),
}
"""What a page of files may be asked for with."""


def url_parameters(settings: Settings) -> dict[str, Field]:
    """What a URL may be asked for with."""
    return {
        "file": Field(
            schema={"type": "string", "format": "file", "minLength": 1, "maxLength": MAX_KEY_BYTES},
            code=Code.INVALID_FILE,
            must="a file's name as in its URL, without control characters and '.' and '..' as path segments, "
            f"with 1 to {MAX_KEY_BYTES - len(settings.prefix)} bytes, and not under '{RESERVED_PREFIX}'",
            required=True,
            allows=lambda file: (
                _is_utf8(file) and key_problem(file) is None and key_problem(settings.prefix + file) is None
            ),
        ),
        "expires_in": whole_number(
            Code.INVALID_EXPIRES_IN,
            1,
            settings.max_url_seconds,
            default=settings.default_url_seconds,
            seconds=True,
        ),
        "disposition": Field(
            schema={"type": "string", "enum": ["attachment", "inline"]},
            code=Code.INVALID_DISPOSITION,
            must="attachment or inline",
        ),
    }


def page_of(wanted: Mapping[str, Any]) -> Page:
    """The page that checked parameters ask for."""
    after = _decoded(wanted["next"]) if "next" in wanted else None
    return Page(prefix=wanted.get("prefix", ""), limit=wanted["limit"], after=after or "")


def write_cursor(name: str) -> str:
    """What `next` says about a page that ended with this name: letters, digits, `-` and `_`."""
    return urlsafe_b64encode(name.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _decoded(text: str) -> str | None:
    """What `write_cursor` was given; None if it can't have written this."""
    try:
        name = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return name.decode() if len(name) <= MAX_KEY_BYTES else None
    except ValueError:
        return None


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def forbidden() -> Refused:
    """The refusal for a file under no rule of the caller's, the same whether it exists."""
    return Refused(Code.FORBIDDEN, "You may not read this file.")
