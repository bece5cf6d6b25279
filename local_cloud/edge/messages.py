"""A request and a response as the edge passes them from step to step.

Header text is Latin-1, which turns any byte into one character and back, so nothing that a viewer or an
origin sent is altered by being held as text. The path and the query string stay percent-encoded, exactly as
they came.
"""

from collections.abc import Collection
from dataclasses import dataclass

Header = tuple[str, str]
Headers = tuple[Header, ...]

# RFC 9110 section 7.6.1: these concern one connection and are never passed on.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `uri` is the raw path, `querystring` the raw query without its question mark.

    `client_port` is 0 where nobody knows it.
    """

    method: str
    uri: str
    querystring: str
    headers: Headers
    client_ip: str
    client_port: int = 0

    @property
    def target(self) -> str:
        """The path and query as they stand in a request line."""
        return f"{self.uri}?{self.querystring}" if self.querystring else self.uri


@dataclass(frozen=True, slots=True)
class Response:
    """One response; `body` is None where the origin's own body is to be streamed behind these headers."""

    status: int
    headers: Headers
    body: bytes | None


def first(headers: Headers, name: str) -> str | None:
    """The first value of the header `name` (lower case), or None."""
    return next((value for key, value in headers if key.lower() == name), None)


def joined(headers: Headers, name: str) -> str | None:
    """All values of the header `name` (lower case) as one list, or None where there is none."""
    values = [value for key, value in headers if key.lower() == name]
    return ", ".join(values) if values else None


def without(headers: Headers, names: Collection[str]) -> Headers:
    """`headers` less those whose lower-case name is in `names`."""
    return tuple((key, value) for key, value in headers if key.lower() not in names)
