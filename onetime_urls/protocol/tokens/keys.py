"""Reads an issuer's key set (RFC 7517), and says what each key is good for.

A key's algorithm is its own: what the set names, or what follows from the key's type where it names none. The
token's header can agree with it or be refused; it chooses nothing (RFC 8725, sections 2.1 and 3.1). What
isn't a signing key of a kind that is verified here is left out rather than refused, because sets of real
issuers hold keys for encryption and for algorithms to come.
"""

from typing import Any, NamedTuple

from onetime_urls.protocol.tokens import ecdsa, rsa
from onetime_urls.protocol.tokens.encodings import decode_base64url, read_object
from onetime_urls.protocol.tokens.errors import InvalidToken
from onetime_urls.protocol.tokens.jws import Jws

MAX_KEYS = 32
"""More than any issuer's set holds: Cognito publishes 2, Microsoft some 10."""


class Key(NamedTuple):
    """A public key that verifies signatures.

    Attributes:
        kid: the name that tokens use for it; None if it has none.
        algorithm: one of `jws.ALGORITHMS`.
        numbers: n and e of RSA, or x and y on P-256.
    """

    kid: str | None
    algorithm: str
    numbers: tuple[int, int]

    def verify(self, token: Jws) -> None:
        """Check a token's signature.

        Raises:
            InvalidToken: it isn't this key's, or the token names another algorithm.
        """
        if token.algorithm != self.algorithm:
            raise InvalidToken("algorithm")
        if self.algorithm == "ES256":
            good = ecdsa.verify(self.numbers, token.signed, token.signature)
        else:
            good = rsa.verify(*self.numbers, f"sha{self.algorithm[2:]}", token.signed, token.signature)
        if not good:
            raise InvalidToken("signature")


def read_keys(document: bytes) -> tuple[Key, ...]:
    """The usable keys of a key set.

    Raises:
        ValueError: it is no key set, or holds more than `MAX_KEYS` keys.
    """
    listed = read_object(document).get("keys")
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise ValueError("not a set of keys")
    found = [key for each in listed if isinstance(each, dict) and (key := _read_key(each)) is not None]
    return tuple(found)


def find_key(keys: tuple[Key, ...], kid: str | None) -> Key | None:
    """The key that a token names. A token may leave the name out only where there is one key to mean (OpenID
    Connect Core, section 10.1); a name that two keys have is nobody's."""
    meant = [key for key in keys if kid is None or key.kid == kid]
    return meant[0] if len(meant) == 1 else None


def _read_key(jwk: dict[str, Any]) -> Key | None:
    kid, algorithm, use, operations = (jwk.get(name) for name in ("kid", "alg", "use", "key_ops"))
    if use not in (None, "sig") or (operations is not None and operations != ["verify"]):
        return None
    if not (kid is None or isinstance(kid, str)):
        return None
    try:
        if jwk.get("kty") == "RSA" and algorithm in (None, "RS256", "RS384", "RS512"):
            n, e = _number(jwk["n"]), _number(jwk["e"])
            return Key(kid, algorithm or "RS256", (n, e)) if rsa.is_usable(n, e) else None
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256" and algorithm in (None, "ES256"):
            x, y = _number(jwk["x"]), _number(jwk["y"])
            return Key(kid, "ES256", (x, y)) if ecdsa.is_on_curve(x, y) else None
    except (KeyError, TypeError, ValueError):
        pass
    return None


def _number(text: Any) -> int:
    return int.from_bytes(decode_base64url(text), "big")
