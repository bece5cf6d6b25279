"""Decides how object keys and parameters are spelt in a URL: one strict reading, one canonical spelling.

A path can be spelt in many ways (`%2f` or `%2F`, `%75sers` for `users`), and S3 accepts all of them.
Whoever decides on the spelling can be led around. So text is decoded exactly once, decided on decoded, and
written again by SigV4's rules (IAM User Guide, "Create a signed AWS API request": every byte except
`A-Z a-z 0-9 - . _ ~` becomes `%XX` in upper case). A plus stands for itself, as it does for S3 and SigV4.
"""

import re
from functools import lru_cache
from itertools import product

from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
_SPELLING = tuple(chr(byte) if _UNRESERVED.fullmatch(chr(byte)) else f"%{byte:02X}" for byte in range(256))
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_ESCAPED = {bytes(pair): bytes([int(bytes(pair), 16)]) for pair in product(_HEX_DIGITS, repeat=2)}
_VISIBLE = re.compile(r"[!\"$-~]*")  # no space, no fragment
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_REMEMBERED = 64
"""Texts of which it is kept how they are escaped or decoded: the longest in a link, its session's token, is
the same in all that were signed in that session."""


class Malformed(ValueError):
    """The text is not what it should be a spelling of."""


def is_visible(text: str) -> bool:
    """Whether `text` is visible ASCII without `#`: all that a path or a query may be written with."""
    return _VISIBLE.fullmatch(text) is not None


def read_path(uri: str) -> str:
    """The object key that a path beginning with `/` names, decoded once.

    Raises:
        Malformed: for a bad escape, bytes that aren't UTF-8, and whatever can't be a key (`key_problem`).
    """
    if not (uri.startswith("/") and is_visible(uri)):
        raise Malformed("not a path in visible ASCII")
    key = unescape(uri[1:])
    if key_problem(key):
        raise Malformed("not a key")
    return key


def write_path(key: str) -> str:
    """The canonical path of `key`. SigV4 for S3 leaves slashes and dots alone."""
    return "/" + percent_encode(key, keep_slashes=True)


def key_problem(key: str) -> str | None:
    """What keeps `key` from being minted or redeemed, as the end of a sentence; `None` if nothing does.

    Dot segments are refused because HTTP clients remove them before they send a path; control
    characters because they end up in headers, logs and terminals.
    """
    if not 1 <= len(key.encode("utf-8", "surrogatepass")) <= MAX_KEY_BYTES:
        return f"must be 1 to {MAX_KEY_BYTES} bytes of UTF-8"
    if has_control_characters(key):
        return "must not contain control characters"
    if any(segment in (".", "..") for segment in key.split("/")):
        return "must not contain '.' or '..' as a path segment"
    if key.startswith(RESERVED_PREFIX):
        return f"must not begin with '{RESERVED_PREFIX}', which is reserved"
    return None


def has_control_characters(text: str) -> bool:
    """Whether `text` holds a C0 or C1 control character, DEL included."""
    return _CONTROL.search(text) is not None


def percent_encode(text: str, *, keep_slashes: bool = False) -> str:
    """Write `text` as UTF-8 with every byte escaped that SigV4 doesn't leave alone.

    Raises:
        UnicodeEncodeError: for a lone surrogate, which UTF-8 can't hold.
    """
    if _UNRESERVED.fullmatch(text):
        return text
    spelt = _escape(text)
    return spelt.replace("%2F", "/") if keep_slashes else spelt


def percent_decode(raw: str) -> str:
    """Decode `%XX` escapes once; every other character stands for itself, `+` too.

    Raises:
        Malformed: for a raw character outside visible ASCII, a bad escape, bytes that aren't UTF-8,
            or a control character behind an escape.
    """
    if not is_visible(raw):
        raise Malformed("not visible ASCII")
    return unescape(raw)


def unescape(raw: str) -> str:
    """`percent_decode` for what is known to be visible ASCII.

    Raises:
        Malformed: see there.
    """
    return _unescape(raw) if "%" in raw else raw


@lru_cache(maxsize=_REMEMBERED)
def _escape(text: str) -> str:
    return text.encode().decode("latin-1").translate(_SPELLING)  # one character per byte


@lru_cache(maxsize=_REMEMBERED)
def _unescape(raw: str) -> str:
    head, *escaped = raw.encode("ascii").split(b"%")
    try:
        text = b"".join([head, *[_ESCAPED[part[:2]] + part[2:] for part in escaped]]).decode("utf-8")
    except KeyError:
        raise Malformed("a bad escape") from None
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    if has_control_characters(text):
        raise Malformed("control characters")
    return text
