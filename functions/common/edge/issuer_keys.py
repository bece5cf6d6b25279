"""Keeps an issuer's keys, and decides when to ask for them again.

    nothing fetched yet         ask
    the key is known            use it; after an hour ask, so that a key which was withdrawn goes out of use
    the key isn't known         ask: the issuer may have changed keys

Anybody can make up a key's name, so asking is limited: once in ten seconds, whatever comes in, by one request
at a time. An issuer that doesn't answer takes nothing away: the keys that it had stay until it says
otherwise.
"""

import math
import threading
import time
from collections.abc import Callable

from common.edge.fetch import Unreachable
from onetime_urls.protocol.tokens.claims import Issuer, is_trustworthy
from onetime_urls.protocol.tokens.encodings import read_object
from onetime_urls.protocol.tokens.errors import InvalidToken
from onetime_urls.protocol.tokens.jws import Jws
from onetime_urls.protocol.tokens.keys import Key, find_key, read_keys

PAUSE = 10.0
"""Seconds between two questions to an issuer."""

MAX_AGE = 3600.0
"""Seconds after which keys are asked for again although they are known. An API Gateway takes two hours."""

LONG_PAUSE = 300.0
"""Seconds between two questions for keys that are known: while an issuer is down, none of its keys' users
should wait for it more often."""

Fetch = Callable[[str, float], bytes]


class KeysUnavailable(Exception):
    """The issuer didn't answer, and its key isn't known."""


class IssuerKeys:
    """The keys of one issuer, for the life of a container.

    Args:
        fetch: gets a document within so many seconds, or raises `Unreachable`.
        log: is told the name of what went wrong.
    """

    def __init__(
        self,
        issuer: Issuer,
        fetch: Fetch,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        log: Callable[[str], None] = lambda problem: None,
    ) -> None:
        self.issuer = issuer
        self._fetch, self._monotonic, self._log = fetch, monotonic, log
        self._keys: tuple[Key, ...] = ()
        self._keys_url = issuer.keys_url
        self._asked_at = self._fetched_at = -math.inf
        self._failed = False
        self._asking = threading.Lock()

    @property
    def version(self) -> tuple[Key, ...] | None:
        """The keys, the same object until they change; None if they should be asked for again."""
        return self._keys if self._monotonic() - self._fetched_at < MAX_AGE else None

    def warm(self, timeout: float) -> None:
        """Ask ahead of the first request. A failure is left to the first request that it matters to."""
        self._ask(timeout, PAUSE)

    def find(self, token: Jws, timeout: float) -> Key:
        """The key that a token names.

        Args:
            timeout: seconds that this may take if the issuer has to be asked.

        Raises:
            InvalidToken: the issuer has no such key.
            KeysUnavailable: nobody can say.
        """
        key = find_key(self._keys, token.kid)
        if key is not None and self.version is not None:
            return key
        self._ask(timeout, PAUSE if key is None else LONG_PAUSE)
        key = find_key(self._keys, token.kid)
        if key is None:
            raise KeysUnavailable if self._failed else InvalidToken("key")
        return key

    def _ask(self, timeout: float, pause: float) -> None:
        with self._asking:
            now = self._monotonic()
            if now - self._asked_at < pause:
                return
            self._asked_at = now
            try:
                found = read_keys(self._fetch(self._where(now + timeout), now + timeout - self._monotonic()))
            except (Unreachable, ValueError) as problem:
                self._failed, self._keys_url = True, self.issuer.keys_url
                self._log(str(problem) if isinstance(problem, Unreachable) else "no key set")
                return
            self._failed, self._fetched_at = False, self._monotonic()
            if found != self._keys:
                self._keys = found

    def _where(self, deadline: float) -> str:
        """The URL of the key set, out of the issuer's metadata if need be (OpenID Connect Discovery 1.0,
        section 4.3: metadata that name another issuer are another's).

        Raises:
            Unreachable, ValueError: it can't be told.
        """
        if self._keys_url is None:
            metadata = read_object(self._fetch(self.issuer.discovery_url, deadline - self._monotonic()))
            url = metadata.get("jwks_uri")
            if metadata.get("issuer") != self.issuer.url or not isinstance(url, str):
                raise ValueError("not this issuer's metadata")
            if not is_trustworthy(url, local=self.issuer.local):
                raise ValueError("keys that aren't https")
            self._keys_url = url
        return self._keys_url
