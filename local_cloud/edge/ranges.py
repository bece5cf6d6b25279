"""The answer to a Range header out of a whole object, as S3 would give it.

A cached object is whole, and MiniStack overlooks Range in a request that names a version. S3 serves one range
of bytes: several at once, another unit or a malformed one get the whole object, and one beyond the object's
end is a 416 (S3 API Reference, "GetObject": Range; RFC 9110 sections 13.1.5 and 14.2).
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from local_cloud.edge.messages import Headers, Request, first

_ONE = re.compile(r"bytes\s*=\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*", re.ASCII)


class BeyondTheEnd(Exception):
    """The range has none of the object's bytes."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `first` to `last` (both included) of `size`."""

    first: int
    last: int
    size: int

    @property
    def headers(self) -> Headers:
        """The headers that differ from those of the whole."""
        length = self.last - self.first + 1
        return (
            ("Content-Range", f"bytes {self.first}-{self.last}/{self.size}"),
            ("Content-Length", str(length)),
        )

    async def of(self, whole: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """These bytes out of a body that carries all of them; the rest isn't read."""
        at = 0
        async for chunk in whole:
            wanted = chunk[max(self.first - at, 0) : self.last + 1 - at]
            at += len(chunk)
            if wanted:
                yield wanted
            if at > self.last:
                return


def part_of(request: Request, status: int, headers: Headers) -> Part | None:
    """The part that S3 would send where the whole is at hand; None if the whole is right.

    Raises:
        BeyondTheEnd: S3 would have answered 416.
    """
    wanted, length = first(request.headers, "range"), first(headers, "content-length")
    if request.method != "GET" or status != 200 or wanted is None or length is None:
        return None
    condition = first(request.headers, "if-range")
    if condition is not None and condition not in (first(headers, "etag"), first(headers, "last-modified")):
        return None
    if condition is not None and condition.startswith("W/"):
        return None  # RFC 9110 section 13.1.5: a weak validator never matches
    found = _ONE.fullmatch(wanted.strip())
    if found is None:
        return None
    begin, end, suffix = found.groups()
    size = int(length)
    if suffix is not None:
        part = Part(max(size - int(suffix), 0), size - 1, size)
    elif end and int(end) < int(begin):
        return None
    else:
        part = Part(int(begin), min(int(end or size), size - 1), size)
    if part.first > part.last:
        raise BeyondTheEnd
    return part
