"""Decides what is cached, under which key and for how long; holds it in memory.

Sources, in the CloudFront Developer Guide: "Understand cache policies" and "Manage how long content stays in
the cache" for objects; "How CloudFront processes HTTP 4xx and 5xx status codes from your origin" and "Control
how long CloudFront caches errors" for errors. AWS's pages tell both ways whether errors are still cached
under Managed-CachingDisabled, and differ on the codes: the edge caches wherever one of them says so. The key
then holds no query string, so one viewer's error answers another's link, which is what a template has to
prevent.
"""

import email.utils
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, replace

from local_cloud.edge import policies
from local_cloud.edge.messages import Headers, Request, first, joined
from local_cloud.edge.model import Behaviour, CachePolicy

Key = tuple[str, ...]

_DEFAULT_ERROR_TTL = 10  # seconds
_ALWAYS_CACHED_ERRORS = frozenset({404, 405, 410, 414, 500, 501, 502, 503, 504})
_ERRORS_KEPT_OUT_BY_NO_STORE = frozenset({404, 410, 414, 501})
_CACHED_SUCCESSES = frozenset({200, 203, 204, 300, 301, 302, 307, 308})

LARGEST_BODY = 10_000_000  # bytes; larger ones pass through uncached
_MOST_BYTES = 64 * 1024 * 1024
_OVERHEAD = 16 * 1024  # bytes that an entry counts for beyond its body: key and headers


@dataclass(frozen=True, slots=True)
class Stored:
    """A response as viewers get it; times are epoch seconds, `etag` is the origin's own."""

    status: int
    headers: Headers
    body: bytes
    etag: str
    stored_at: float
    expires_at: float


class Cache:
    """The most recently used responses: no more than 64 MiB of them."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, Stored] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> Stored | None:
        """The response stored under `key`, which may have expired."""
        stored = self._entries.get(key)
        if stored is not None:
            self._entries.move_to_end(key)
        return stored

    def put(self, key: Key, stored: Stored) -> None:
        """Stores a response, dropping the least recently used ones where there isn't room."""
        self.drop(key)
        self._entries[key] = stored
        self._bytes += len(stored.body) + _OVERHEAD
        while self._bytes > _MOST_BYTES:
            self.drop(next(iter(self._entries)))

    def drop(self, key: Key) -> None:
        """Forgets what is stored under `key`, if anything is."""
        if dropped := self._entries.pop(key, None):
            self._bytes -= len(dropped.body) + _OVERHEAD

    async def recording(
        self, key: Key, stored: Stored, chunks: AsyncIterator[bytes]
    ) -> AsyncGenerator[bytes, None]:
        """Passes a body on and stores it once it is whole; `stored` comes without its body."""
        body = bytearray()
        async for chunk in chunks:
            if len(body) <= LARGEST_BODY:
                body += chunk
            yield chunk
        if len(body) <= LARGEST_BODY:
            self.put(key, replace(stored, body=bytes(body)))


def key(request: Request, behaviour: Behaviour, method: str) -> Key:
    """The cache key of a request: its path and whatever the behaviour's cache policy adds to it.

    `method` is the request's own, or GET to look for what may answer a HEAD as well.
    """
    policy = behaviour.cache
    return (
        behaviour.pattern,
        method,
        request.uri,
        policies.selected_query(request.querystring, policy.queries),
        policies.selected_cookies(request.headers, policy.cookies),
        policies.accepted_encodings(request.headers, policy.encodings) or "",
        *sorted(
            f"{name.lower()}:{value}" for name, value in request.headers if policy.headers.takes(name.lower())
        ),
    )


def lifetime(
    status: int, headers: Headers, policy: CachePolicy, error_ttls: Mapping[int, int], now: float
) -> float:
    """How many seconds a response may be cached for; 0 for not at all."""
    directives = _directives(headers)
    if status >= 400:
        return _error_lifetime(status, directives, headers, policy, error_ttls, now)
    if status not in _CACHED_SUCCESSES or not policy.caches:
        return 0
    if {"no-cache", "no-store", "private"} & directives.keys():
        return policy.min_ttl
    asked = _asked(directives, headers, now)
    if asked is None:
        return max(policy.min_ttl, policy.default_ttl)
    return max(policy.min_ttl, min(asked, policy.max_ttl))


def _error_lifetime(
    status: int,
    directives: Mapping[str, str],
    headers: Headers,
    policy: CachePolicy,
    error_ttls: Mapping[int, int],
    now: float,
) -> float:
    if status == 416:
        return 0
    if status in _ERRORS_KEPT_OUT_BY_NO_STORE and {"no-cache", "no-store", "private"} & directives.keys():
        return 0
    asked = _asked(directives, headers, now)
    if status not in error_ttls and status not in _ALWAYS_CACHED_ERRORS and asked is None:
        return 0
    return max(error_ttls.get(status, _DEFAULT_ERROR_TTL), min(asked or 0, policy.max_ttl))


def _asked(directives: Mapping[str, str], headers: Headers, now: float) -> float | None:
    """The lifetime that the origin asked for, in seconds, or None."""
    for name in ("s-maxage", "max-age"):
        if re.fullmatch("[0-9]{1,10}", directives.get(name, "")):
            return int(directives[name])
    expires = first(headers, "expires")
    if expires is None:
        return None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(expires).timestamp() - now)
    except ValueError:
        return 0.0  # RFC 9111 section 5.3: an invalid date is one in the past


def _directives(headers: Headers) -> dict[str, str]:
    parts = (each.strip().partition("=") for each in (joined(headers, "cache-control") or "").split(","))
    return {name.lower(): value.strip('"') for name, _, value in parts}
