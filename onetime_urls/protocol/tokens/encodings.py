"""Reads the two encodings of a token, each in the one way that it can be written.

Lenient decoders give one token several spellings, and two readers of one text two meanings: whoever remembers
or refuses by the spelling, or checks what another parser then reads differently, is led around.
"""

import binascii
import json
import re
from typing import Any

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")
_TO_STANDARD = str.maketrans("-_", "+/")


def decode_base64url(text: str) -> bytes:
    """Decode Base64url without padding (RFC 7515, section 2).

    Raises:
        ValueError: for any other character, and where unused bits aren't zero.
    """
    if not _ALPHABET.fullmatch(text):
        raise ValueError("not Base64url")
    standard = text.translate(_TO_STANDARD) + "=" * (-len(text) % 4)
    decoded = binascii.a2b_base64(standard)
    if binascii.b2a_base64(decoded, newline=False) != standard.encode():
        raise ValueError("not canonical Base64url")
    return decoded


def read_object(data: bytes) -> dict[str, Any]:
    """Read one JSON object in UTF-8 (RFC 8259) in which no name comes twice.

    Raises:
        ValueError: it is something else, or NaN and infinities are in it, or it is nested too deeply.
    """
    try:
        value = json.loads(data.decode(), object_pairs_hook=_object, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if type(value) is not dict:
        raise ValueError("not an object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name comes twice")
    return made


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
