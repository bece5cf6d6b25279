"""Decides which requests go on to MiniStack, which lets pages of every origin in, and root (`test`) without a
signature, and whose functions are processes of whoever started it: a page could run code here.

So the Host has to be loopback's, or what the edge sends to an origin (see `edge.hosts`), and what a browser
sends for a page goes no further than it has to: any page's to the HTTP API, whose own CORS decides who reads
its answers, and the console's to where it signs people in and uploads. What a browser sends is told by
headers that no page can leave out or set (Fetch Metadata; Fetch Standard, "forbidden request-header").
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from local_cloud.edge.hosts import API_PREFIX, host_of, is_an_origins, is_loopback

Headers = Iterable[tuple[bytes, bytes]]

DISCOVERY = re.compile(r"/[\w-]+/\.well-known/openid-configuration", re.ASCII)
_HTTP_API = re.compile(rf"{API_PREFIX}[^/]+/")
"""Paths that MiniStack takes to an HTTP API. One with less in it goes to the AWS APIs like any other."""

_SIGN_IN_PAGES = ("/oauth2/authorize", "/logout")
_KEYS = re.compile(r"/[\w-]+/\.well-known/jwks\.json", re.ASCII)
_UPLOAD = re.compile(r"/(?P<bucket>[a-z0-9-]{3,63})(?:/.*)?", re.DOTALL)
_UPLOAD_PARAMETERS = re.compile(r"X-Amz-[A-Za-z-]+|x-id|partNumber|uploadId", re.ASCII)
_OTHER_SERVICES = frozenset({"authorization", "x-amz-target"})
"""Headers by which MiniStack tells services apart before it looks at the path."""

TakesUploads = Callable[[str, str, str], bool]
"""Whether the CORS configuration of a bucket lets pages of an origin use a method there."""


@dataclass(frozen=True)
class Asked:
    """What is asked of MiniStack. Header names are in lower case; of a repeated one all count."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, method: str, path: str, query: bytes, headers: Headers) -> Self:
        """A request as a server has it."""
        named = tuple((name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in headers)
        return cls(method, path, query.decode("latin-1"), named)

    def has(self, name: str) -> bool:
        """Whether a header is there."""
        return any(each == name for each, _ in self.headers)

    def only(self, name: str) -> str:
        """The value of a header; empty where there isn't exactly one."""
        values = [value for each, value in self.headers if each == name]
        return values[0] if len(values) == 1 else ""

    @property
    def host(self) -> str:
        """The Host, empty where there isn't exactly one."""
        return host_of((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers)


def may_enter(asked: Asked, console: str, takes_uploads: TakesUploads) -> bool:
    """Whether a request goes on.

    Args:
        console: the origin of the console's pages; empty without one.
    """
    if not is_loopback(asked.host) and not is_an_origins(asked.host, asked.path):
        return False
    if not asked.has("origin") and not asked.has("sec-fetch-site"):
        return True
    if _HTTP_API.match(asked.path):
        return True
    return bool(console) and (
        _opens_sign_in(asked)
        or _signs_in(asked)
        or _asks_issuer(asked, console)
        or _uploads(asked, console, takes_uploads)
    )


def _opens_sign_in(asked: Asked) -> bool:
    """Whether a person's browser goes to a page: not a frame's, which another page could put things over."""
    return asked.method == "GET" and asked.path in _SIGN_IN_PAGES and _goes_there(asked)


def _signs_in(asked: Asked) -> bool:
    """Whether that page sends what was typed into it."""
    own = asked.only("sec-fetch-site") == "same-origin" and asked.only("origin") == f"http://{asked.host}"
    return asked.method == "POST" and asked.path == "/login" and own and _goes_there(asked)


def _goes_there(asked: Asked) -> bool:
    return asked.only("sec-fetch-mode") == "navigate" and asked.only("sec-fetch-dest") == "document"


def _asks_issuer(asked: Asked, console: str) -> bool:
    """Whether the console asks where to sign in, with what keys tokens are signed, or for tokens."""
    if asked.only("origin") != console:
        return False
    if asked.method == "GET":
        return bool(DISCOVERY.fullmatch(asked.path) or _KEYS.fullmatch(asked.path))
    return asked.method == "POST" and asked.path == "/oauth2/token"


def _uploads(asked: Asked, console: str, takes_uploads: TakesUploads) -> bool:
    """Whether the console sends a file, or asks whether it may, to a bucket that lets it."""
    found = _UPLOAD.fullmatch(asked.path)
    names = [name for name, _ in parse_qsl(asked.query, keep_blank_values=True)]
    method = asked.method if asked.method != "OPTIONS" else asked.only("access-control-request-method")
    return (
        found is not None
        and asked.only("origin") == console
        and method in {"PUT", "POST"}
        and not any(asked.has(each) for each in _OTHER_SERVICES)
        and all(_UPLOAD_PARAMETERS.fullmatch(name) for name in names)
        and takes_uploads(found["bucket"], console, method)
    )
