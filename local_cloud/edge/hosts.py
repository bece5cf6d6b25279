"""Which Host names the servers of the local cloud answer to.

A page of any site can have its own name resolved to 127.0.0.1 once it is loaded (DNS rebinding). The browser
then takes the server here for the page's own: over plain http it sends neither Origin nor Sec-Fetch-Site with
a GET. The Host still says the page's name, and a page can't change that. So servers answer to the names of
loopback, and MiniStack also to those that the edge sends, S3's and the HTTP APIs': they are AWS's, which
no page can rebind.
"""

import re
from collections.abc import Iterable

_REGION = r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)"
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"

API_DOMAIN = re.compile(rf"(?P<id>[a-z0-9]+)\.execute-api\.{_REGION}\.amazonaws\.com")
"""The domain name of an HTTP API."""

S3_DOMAIN = re.compile(rf"{_BUCKET}\.s3(?:[.-]{_REGION})?\.amazonaws\.com")
"""The domain name of a bucket."""

API_PREFIX = "/_aws/execute-api/"
"""MiniStack serves each HTTP API under a path of its own, whatever the Host."""

_S3_ENDPOINT = re.compile(rf"s3\.{_REGION}\.amazonaws\.com")
_LOOPBACK = re.compile(r"(?:127(?:\.[0-9]{1,3}){3}|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


def host_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The Host of a request, empty if there isn't exactly one."""
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    return hosts[0] if len(hosts) == 1 else ""


def is_loopback(host: str) -> bool:
    """Whether it names loopback. Any port will do: it may be that of a tunnel's other end."""
    return _LOOPBACK.fullmatch(host) is not None


def is_an_origins(host: str, path: str) -> bool:
    """Whether a request to an origin has this Host and path: to a bucket (or to S3, with the bucket in the
    path), or to an HTTP API where MiniStack has it."""
    if path.startswith(API_PREFIX):
        return API_DOMAIN.fullmatch(host) is not None
    return (S3_DOMAIN.fullmatch(host) or _S3_ENDPOINT.fullmatch(host)) is not None
