"""Answers a request from a stored response: the whole, a part of it, or that it hasn't changed.

Sources: RFC 9110 section 13.2.2 for the order of conditions; "How CloudFront processes partial requests for
an object (range GETs)" and "Request and response behavior for Amazon S3 origins" (conditional requests).
"""

import email.utils
from dataclasses import replace

from local_cloud.edge import ranges, s3
from local_cloud.edge.answers import Answer, answer_of, once
from local_cloud.edge.cache import Stored
from local_cloud.edge.messages import Headers, Request, Response, first, joined, without

# What a 304 of the origin tells anew (RFC 9111 section 3.2), less what compression has changed.
_REFRESHED = frozenset({"cache-control", "date", "expires"})

# What a 304 is about is told by the rest (RFC 9110 section 15.4.5).
_OF_THE_BODY = frozenset({"content-length", "content-encoding", "content-type", "content-range"})

# The cache can't answer these, and their answers aren't kept.
_FOR_THE_ORIGIN = frozenset({"if-match", "if-unmodified-since"})
SELECTIVE = _FOR_THE_ORIGIN | {"range", "if-modified-since", "if-none-match", "if-range"}


def answers(stored: Stored, request: Request) -> bool:
    """Whether `stored` can answer, rather than the origin only."""
    return stored.status >= 400 or not any(name.lower() in _FOR_THE_ORIGIN for name, _ in request.headers)


def is_selective(request: Request) -> bool:
    """Whether the answer depends on what of the object the viewer has or wants."""
    return any(name.lower() in SELECTIVE for name, _ in request.headers)


def answer(stored: Stored, request: Request, now: float, x_cache: str = "Hit") -> Answer:
    """The answer that `stored` gives at `now`, epoch seconds."""
    headers = (*without(stored.headers, {"age"}), ("Age", str(int(now - stored.stored_at))))
    if first(headers, "content-length") is None:
        headers += (("Content-Length", str(len(stored.body))),)
    given = Answer(stored.status, headers, once(stored.body), x_cache, "from the cache")
    if stored.status >= 400:
        return replace(given, x_cache="Error")
    if _unchanged(request, headers):
        return replace(given, status=304, headers=without(headers, _OF_THE_BODY), body=once(b""))
    try:
        part = ranges.part_of(request, stored.status, headers)
    except ranges.BeyondTheEnd:
        return replace(answer_of(s3.invalid_range(request, headers), "Error"), note=given.note)
    if part is None:
        return given
    return replace(
        given,
        status=206,
        headers=(*without(headers, {"content-length"}), *part.headers),
        body=once(stored.body[part.first : part.last + 1]),
    )


def validators(stored: Stored) -> Headers:
    """The conditions by which the origin says that `stored` is still right; none where it can't be asked."""
    pairs = (("If-None-Match", stored.etag), ("If-Modified-Since", first(stored.headers, "last-modified")))
    return tuple((name, value) for name, value in pairs if value) if stored.status == 200 else ()


def refreshed(stored: Stored, response: Response) -> Headers:
    """The headers of `stored` after the origin's 304 `response`."""
    told = tuple((name, value) for name, value in response.headers if name.lower() in _REFRESHED)
    return (*without(stored.headers, {name.lower() for name, _ in told}), *told)


def _unchanged(request: Request, headers: Headers) -> bool:
    wanted = joined(request.headers, "if-none-match")
    if wanted is not None:
        etag = (first(headers, "etag") or "").removeprefix("W/")
        listed = {each.strip().removeprefix("W/") for each in wanted.split(",")}
        return "*" in listed or (bool(etag) and etag in listed)
    since, changed = first(request.headers, "if-modified-since"), first(headers, "last-modified")
    if since is None or changed is None:
        return False
    try:
        return email.utils.parsedate_to_datetime(changed) <= email.utils.parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False  # RFC 9110 section 13.1.3: an invalid date is no condition
