"""Reads a token's text: a JSON Web Signature in compact serialisation (RFC 7515, section 7.1).

Read strictly, and before any key is looked for. A header that brings or names its own key (`jwk`, `jku`,
`x5u`), or demands what isn't understood here (`crit`), is refused, and so is one that says to be something
else than a token that opens doors (`typ`): an issuer signs logout tokens and security events with the same
keys (RFC 8725, section 3.11).
"""

from typing import NamedTuple

from onetime_urls.protocol.tokens.encodings import decode_base64url, read_object
from onetime_urls.protocol.tokens.errors import InvalidToken

MAX_TOKEN_LENGTH = 8192
"""Characters of a token. CloudFront lets 10,240 bytes of headers through in all (CloudFront Developer Guide,
"Quotas on headers"), Cognito's own tokens have some 1,000."""

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "ES256"})
TYPES = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
"""What `typ` may say, in lower case: nothing, a JWT (RFC 7519, 5.1), or an access token (RFC 9068, 2.1)."""

_REFUSED = ("crit", "jku", "jwk", "x5u")
_MAX_KID_LENGTH = 256


class Jws(NamedTuple):
    """A token as it reads, with nothing of it verified.

    Attributes:
        algorithm: what the header says it is signed with, one of `ALGORITHMS`.
        kid: the key that the header names; None if it names none.
        payload: the bytes that are vouched for.
        signed: the bytes that the signature is of.
    """

    algorithm: str
    kid: str | None
    payload: bytes
    signed: bytes
    signature: bytes


def read_jws(text: str) -> Jws:
    """Read a token.

    Raises:
        InvalidToken: it isn't one, is too long, or its header is refused.
    """
    if len(text) > MAX_TOKEN_LENGTH:
        raise InvalidToken("length")
    parts = text.split(".")
    if len(parts) != 3:
        raise InvalidToken("not a token")
    try:
        header_bytes, payload, signature = map(decode_base64url, parts)
        header = read_object(header_bytes)
    except ValueError:
        raise InvalidToken("not a token") from None
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ")
    if any(name in header for name in _REFUSED):
        raise InvalidToken("header")
    if not (kid is None or (isinstance(kid, str) and len(kid) <= _MAX_KID_LENGTH)):
        raise InvalidToken("header")
    if not (kind is None or isinstance(kind, str)) or (kind and kind.lower()) not in TYPES:
        raise InvalidToken("type")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidToken("algorithm")
    return Jws(algorithm, kid, payload, text.rpartition(".")[0].encode(), signature)
