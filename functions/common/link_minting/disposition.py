"""Decides the name that a download is saved under, and writes the `Content-Disposition` for it.

S3 sends the header as it stands in the signed URL (S3 API Reference, GetObject,
`response-content-disposition`), so it is written to RFC 6266: `filename` in plain ASCII for every
client, and `filename*` (RFC 8187) beside it where the name is more than that.

A name that a caller chose is refused if it could mislead. A key is what it is, so what could mislead
in its last segment is replaced. Misleading are control characters, separators of paths, and the
characters that turn the direction of text around: they make `gpj.exe` read as `exe.jpg`
(Unicode Technical Report 36, "Bidirectional text spoofing").
"""

import unicodedata

from onetime_urls.protocol.paths import has_control_characters, percent_encode

MAX_NAME_BYTES = 255
"""UTF-8 bytes in a file's name: what Linux and macOS file systems hold (`NAME_MAX`)."""

_LONGEST_EXTENSION = 16
_SEPARATORS = frozenset("/\\")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MISLEADING = _TURNING | frozenset("\u061c\u200e\u200f\u2028\u2029")
_NOT_QUOTABLE = frozenset('"\\%')  # RFC 6266, appendix D: some clients decode `%XX` or `\` here


def name_problem(name: str) -> str | None:
    """What keeps a caller's file name from being used, as the end of a sentence; None if nothing does."""
    if not 1 <= len(name.encode()) <= MAX_NAME_BYTES:
        return f"must be 1 to {MAX_NAME_BYTES} bytes of UTF-8"
    if any(_is_unsafe(character) for character in name):
        return "must not contain '/', '\\', or characters that control or reverse text"
    if name.strip() in (".", "..") or not has_ink(name):
        return "must not be blank, '.' or '..'"
    return None


def has_ink(text: str) -> bool:
    """Whether anything of a text can be seen: more than spaces and characters of zero width."""
    return any(unicodedata.category(character) not in ("Cf", "Zs", "Zl", "Zp") for character in text)


def turns_text(text: str) -> bool:
    """Whether a text has characters that turn the direction of what comes after them."""
    return not _TURNING.isdisjoint(text)


def name_from_key(key: str) -> str:
    """A file name from the key's last segment that isn't empty, at most `MAX_NAME_BYTES` long."""
    segment = key.rstrip("/").rpartition("/")[2]
    safe = "".join("_" if _is_unsafe(character) else character for character in segment).strip()
    return shortened(safe, MAX_NAME_BYTES) if safe not in (".", "..") and has_ink(safe) else "download"


def shortened(name: str, longest: int) -> str:
    """`name` in at most `longest` bytes of UTF-8, without a torn character, its extension kept."""
    if len(name.encode()) <= longest:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = dot + extension
    if not stem or len(ending.encode()) > min(_LONGEST_EXTENSION, longest - 1):
        stem, ending = name, ""
    return stem.encode()[: longest - len(ending.encode())].decode(errors="ignore") + ending


def content_disposition(kind: str, name: str) -> str:
    """The header's value: visible ASCII and spaces only.

    Args:
        kind: "attachment" or "inline".
        name: one without a `name_problem`.
    """
    fallback = "".join(_plain(character) for character in name)
    extended = "" if fallback == name else f"; filename*=UTF-8''{percent_encode(name)}"
    return f'{kind}; filename="{fallback}"{extended}'


def _is_unsafe(character: str) -> bool:
    return character in _SEPARATORS or character in _MISLEADING or has_control_characters(character)


def _plain(character: str) -> str:
    """The character for a client that knows ASCII only: its base letter if it has one.

    Canonical decomposition only: the compatibility one would turn `／` (U+FF0F) into a real slash.
    """
    base = unicodedata.normalize("NFD", character)[0]
    return base if " " <= base <= "~" and base not in _NOT_QUOTABLE else "_"
