"""The nonce of a link: random, so that no two links are one, and keyed, so that a forgery costs nothing.

A forged link with a right date and a made-up signature is well-formed, and without a key only a write to the
table could tell it from a real one. The second half of the nonce is a MAC (HMAC-SHA256, cut to 128 bits)
over its first half and the object's key, made with a secret of the deployment. It guards the table from
being asked, and nothing else: whoever holds a real link can copy its nonce, and is stopped by the record.

A deployment has two keys, the current and the previous one, so that a rotation breaks no link. Outstanding
links were made with what is the previous key now. New ones are made with the previous key as well, until
every guard either knows the new key or may ask for it.
"""

import hmac
from collections.abc import Iterable
from functools import lru_cache

RANDOM_DIGITS = 32
"""Hex digits of the random half: 128 bits."""

ASKED_AGAIN_AFTER = 10
"""Seconds for which a guard that read the keys takes an unknown nonce for a forgery. After that it reads them
again: forgeries make a container ask once in so many seconds, not more often."""

MINTED_WITH_AFTER = 60
"""Seconds that a key must have been current before links are minted with it. By far more than
`ASKED_AGAIN_AFTER`: a guard that asked a moment ago has seen the key by then."""


def make_nonce(secret: bytes, random: str, object_key: str) -> str:
    """The nonce for a link to `object_key`: 64 hex digits.

    Args:
        secret: the deployment's.
        random: 32 lower-case hex digits.
    """
    return random + _mac(secret, random, object_key)


def is_genuine(secrets: Iterable[bytes], nonce: str, object_key: str) -> bool:
    """Whether the deployment made this nonce for a link to `object_key`, with any of its keys. Compares in
    constant time."""
    random, mac = nonce[:RANDOM_DIGITS], nonce[RANDOM_DIGITS:]
    return any(hmac.compare_digest(mac, _mac(secret, random, object_key)) for secret in secrets)


def _mac(secret: bytes, random: str, object_key: str) -> str:
    mac = _keyed(secret).copy()
    mac.update(f"{random}\n{object_key}".encode())
    return mac.hexdigest()[:32]


@lru_cache(maxsize=2)
def _keyed(secret: bytes) -> hmac.HMAC:
    """A MAC that is begun. OpenSSL takes longer for that than for the rest."""
    return hmac.new(secret, digestmod="sha256")
