"""Verifies tokens of the trusted issuers, each in full once, and remembers those that were good.

A page with fifty images shows one token fifty times. What is remembered is the token's hash with what it
says: until the token expires, as long as the issuer's keys are those that verified it, and for so many tokens
that a container's memory can't be filled.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from common.edge.issuer_keys import Fetch, IssuerKeys
from onetime_urls.protocol.tokens.claims import Issuer, check_claims, find_issuer
from onetime_urls.protocol.tokens.encodings import read_object
from onetime_urls.protocol.tokens.errors import InvalidToken
from onetime_urls.protocol.tokens.jws import read_jws
from onetime_urls.protocol.tokens.keys import Key

MAX_REMEMBERED = 512
"""Tokens; with 8 KB each at most, 4 MB of a container's 128."""


class _Remembered(NamedTuple):
    claims: dict[str, Any]
    expires: int
    keys: IssuerKeys
    version: tuple[Key, ...]


class Verifier:
    """One container's verifier."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        fetch: Fetch,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        log: Callable[[str], None] = lambda problem: None,
    ) -> None:
        """
        Args:
            fetch: gets an issuer's document within so many seconds.
            log: is told why an issuer's keys couldn't be had.
        """
        self._issuers = tuple(issuers)
        self._keys = {
            issuer.url: IssuerKeys(issuer, fetch, monotonic=monotonic, log=log) for issuer in self._issuers
        }
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    def warm(self, timeout: float) -> None:
        """Ask all issuers for their keys at once, within so many seconds."""
        if len(self._keys) == 1:
            next(iter(self._keys.values())).warm(timeout)
            return
        threads = [
            threading.Thread(target=keys.warm, args=(timeout,), daemon=True) for keys in self._keys.values()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout)

    def verify(self, text: str, now: float, patience: Callable[[], float]) -> dict[str, Any]:
        """What a token claims, now that it is known to be true.

        Args:
            now: epoch seconds.
            patience: seconds that asking an issuer may take.

        Raises:
            InvalidToken: it isn't good.
            KeysUnavailable: its issuer can't be asked for the key.
        """
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        known = self._remembered.get(name)
        if known is not None:
            if known.expires <= now:
                del self._remembered[name]
                raise InvalidToken("expired")
            if known.keys.version is known.version:
                self._remembered.move_to_end(name)
                return known.claims
        token = read_jws(text)
        try:
            claims = read_object(token.payload)
        except ValueError:
            raise InvalidToken("claims") from None
        issuer = find_issuer(self._issuers, claims)
        expires = check_claims(claims, issuer, now)
        keys = self._keys[issuer.url]
        key = keys.find(token, patience())
        key.verify(token)
        version = keys.version
        if version is not None and key in version:
            self._remembered[name] = _Remembered(claims, expires, keys, version)
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return claims
