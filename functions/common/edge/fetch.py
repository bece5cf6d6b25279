"""Fetches one small document by https, against a deadline: an issuer's metadata or its keys.

Nothing is followed and nothing is guessed: any status but 200, a redirect too, is a failure, and so is a
document over the limit or one that arrives too slowly. `http.client` and `urllib` would do this too, but load
more code than all the rest of a guard.
"""

import re
import time
from collections.abc import Callable

from common.edge.connection import Lookup, connect, trust
from common.edge.http1 import read_answer

MAX_DOCUMENT_BYTES = 64 * 1024
"""An issuer's key set has a few KB, certificate chains included."""

_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"(https?)://([^/?:]+)(?::(\d+))?(/[^?]*)?(\?.*)?")


class Unreachable(Exception):
    """The document couldn't be fetched; the message is a status or the name of an error."""


def fetch(
    url: str,
    timeout: float,
    *,
    roots: str | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> bytes:
    """GET a document.

    Args:
        url: https, or http where the caller allows that.
        timeout: seconds for all of it.
        roots: a file of the only certificates to trust; None for the system's.

    Raises:
        Unreachable: there is no such document, or not in time, or it is too large.
    """
    deadline = monotonic() + timeout

    def left() -> float:
        seconds = deadline - monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    parts = _URL.fullmatch(url)
    if parts is None:
        raise Unreachable("URL")
    scheme, host, port, path, query = parts.groups()
    request = (
        f"GET {path or '/'}{query or ''} HTTP/1.1\r\n"
        f"Host: {host}{f':{port}' if port else ''}\r\n"
        "Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
        "User-Agent: onetime-urls\r\n\r\n"
    )
    try:
        lookup = Lookup(host, int(port or _PORTS[scheme]))
        with connect(host, lookup, trust(roots) if scheme == "https" else None, left) as link:
            link.settimeout(left())
            link.sendall(request.encode("ascii"))

            def receive() -> bytes:
                link.settimeout(left())
                received = link.recv(16384)
                if not received:
                    raise ConnectionError
                return received

            status, body, _ = read_answer(receive, MAX_DOCUMENT_BYTES)
    except (OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    if status != 200:
        raise Unreachable(str(status))
    return body


def is_amazons(url: str) -> bool:
    """Whether an URL is of AWS's own services, whose certificates chain to Amazon's roots: a handful of them
    is quicker to load than a system's whole store."""
    return url.startswith("https://") and url.split("/")[2].partition(":")[0].endswith(".amazonaws.com")


def at_endpoint(url: str, endpoint: str | None) -> str:
    """An URL, or the same document of Cognito's at another endpoint of AWS's services (`AWS_ENDPOINT_URL`, as
    the SDKs take it). A function at the edge has no environment that anybody could set it in."""
    if endpoint and url.startswith("https://cognito-idp.") and is_amazons(url):
        return f"{endpoint}/{url.split('/', 3)[3]}"
    return url
