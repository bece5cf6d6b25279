"""Decides which servers are spoken to, and reads addresses with the parser that also connects: urllib3's.

Two parsers that disagree on the host of `http://evil.example\\@127.0.0.1/` would check one and call the
other: the WHATWG's URL standard takes the backslash for a slash, RFC 3986 doesn't. So there is one, and
backslashes, blanks, control characters and user names are refused.
"""

import re
import ssl

from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Hosts that plain http is spoken to: nobody else can listen in."""

_ODD = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f]")


def read_address(url: str) -> Url:
    """An absolute address with a host, which is https or on this machine.

    Raises:
        ValueError: it is none. The message says why, and doesn't repeat it.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise ValueError("it is no web address") from None
    if _ODD.search(url) or parts.auth is not None or not parts.scheme or not parts.host:
        raise ValueError("it is no web address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts)):
        raise ValueError("the address must begin with https://")
    return parts


def is_loopback(parts: Url) -> bool:
    """Whether an address is on this machine."""
    return parts.host in LOOPBACK


def why_untrusted(error: HTTPError) -> str | None:
    """What is wrong with a server's certificate, where that ended a request before it was sent; None where
    something else did."""
    cause = error.args[0] if error.args else None
    return cause.verify_message.rstrip(".") if isinstance(cause, ssl.SSLCertVerificationError) else None
