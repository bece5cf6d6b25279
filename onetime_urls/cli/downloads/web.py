"""One request of a download, and what a server's refusal says."""

from typing import Any
from urllib.parse import parse_qs

import urllib3

from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.cli.words import plain
from onetime_urls.client.addresses import read_address, why_untrusted

SECONDS = urllib3.Timeout(connect=10, read=60)
PAUSES = (0.25, 0.5, 1.0, 2.0)
"""Seconds before each further try: most connections that break are back at once, and some need a while."""
_AGENT = "onetime"
"""The same in every version: a lease can be bound to it."""
LONGEST = 10**18 - 1
"""Bytes that a file can be said to have: more fit on no disk."""
_MOST_WORDS = 1000
"""Bytes of a refusal that are read."""


class Unreached(Failure):
    """No answer.

    Attributes:
        sent: whether the request may have arrived.
    """

    def __init__(self, sentence: str = "The link's server can't be reached.", *, sent: bool) -> None:
        super().__init__(sentence, Exit.UNAVAILABLE)
        self.sent = sent


def check(url: str) -> str:
    """`url`, if it is one that is fetched: https, or this machine's. Raises Failure."""
    try:
        read_address(url)
    except ValueError as error:
        raise Failure(f"That is no link: {error}.", Exit.REFUSED) from None
    return url


def query_of(url: str) -> dict[str, str]:
    """The parameters of a link."""
    try:
        found = parse_qs(read_address(url).query or "", max_num_fields=100)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def number(text: str | None) -> int:
    """A number in a header or a parameter; 0 if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def request(method: str, url: str, *, headers: dict[str, str], body: str | None = None) -> Any:
    """The answer, whose body is still to be read.

    Raises:
        Unreached: there is none.
    """
    try:
        return urllib3.request(
            method,
            url,
            headers={"User-Agent": _AGENT} | headers,
            body=body,
            timeout=SECONDS,
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        raise Unreached(sent=False) from None
    except urllib3.exceptions.HTTPError as error:
        if why := why_untrusted(error):
            raise Unreached(f"The link's server isn't trusted: {why}.", sent=False) from None
        raise Unreached(sent=True) from None


def words_of(answer: Any) -> str:
    """What the server says, on one line and plain; empty if it says nothing in text."""
    try:
        said: bytes = answer.read(_MOST_WORDS)
    except (urllib3.exceptions.HTTPError, OSError):
        said = b""
    answer.close()
    if not answer.headers.get("content-type", "").startswith("text/plain"):
        return ""
    return " ".join(plain(line) for line in said.decode("utf-8", "replace").split())


def refused(answer: Any) -> Failure:
    """What the server says, as a failure."""
    sentence = words_of(answer) or f"The server answered {answer.status}."
    return Failure(sentence, Exit.UNAVAILABLE if answer.status >= 500 else Exit.REFUSED)
