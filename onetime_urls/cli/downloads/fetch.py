"""Fetches a link's bytes: as many as were announced, in as many requests as it takes and the link allows."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import urllib3

from onetime_urls.cli.downloads.unfinished import Unfinished
from onetime_urls.cli.downloads.web import LONGEST, PAUSES, Unreached, number, query_of, refused, request
from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.protocol.contract.headers import CHECKSUM_HEADER, LEASE_COOKIE, LINK_STATUS_HEADER
from onetime_urls.protocol.links.canonical import BOUND_PARAMETER, RESUME_PARAMETER
from onetime_urls.protocol.links.limits import MAX_S3_LIFETIME

_BLOCK = 2**18
_UNSAID = 60
"""Seconds of a lease that doesn't say how long it lasts."""

OVER = frozenset({"resume", "used", "expired", "revoked", "unknown", "altered", "malformed"})
"""What a link says after which there is nothing to go on with."""

Progress = Callable[[int, int], None]
"""Told how many bytes are there, of how many."""


class Over(Failure):
    """The link itself says that this download can't go on."""


class Told(Failure):
    """The guard's own answer, which says what became of the link."""


class Sink(Protocol):
    """Where bytes go."""

    @property
    def at(self) -> int:
        """How many are there."""

    def write(self, data: bytes) -> None:
        """Take more. Raises OSError."""


def begin(link: str, unfinished: Unfinished) -> Any:
    """Claim a link: its first answer, whose terms are put down in `unfinished`.

    Raises:
        Unreached: there is no answer.
        Failure: the link refuses, or doesn't say how long the file is.
    """
    answer = request("GET", link, headers={"Accept": "*/*"})
    if answer.status != 200:
        raise _refusal(answer)
    if answer.length_remaining is None or answer.length_remaining > LONGEST:
        answer.close()
        raise Failure("The server doesn't say how long the file is, so nothing is fetched.", Exit.REFUSED)
    unfinished.link, unfinished.size = link, answer.length_remaining
    unfinished.disposition = answer.headers.get("content-disposition", "")
    unfinished.checksum = answer.headers.get(CHECKSUM_HEADER, "").lower()
    unfinished.lease, seconds = _lease(answer.headers.get("set-cookie", ""))
    terms = query_of(link)
    if BOUND_PARAMETER in terms:
        seconds = number(terms.get(RESUME_PARAMETER))
    unfinished.ends = int(time.time()) + min(seconds, MAX_S3_LIFETIME) if seconds else 0
    return answer


def fetch(
    answer: Any | None,
    unfinished: Unfinished,
    sink: Sink,
    progress: Progress,
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Write the rest of the file. What breaks off is gone on with at once, and then after each pause.

    Args:
        answer: the link's first, where this run claimed it; None goes on with an earlier run's download.
        pauses: seconds before each further try that brought no byte more.

    Raises:
        Over: the link doesn't let it go on any more.
        Failure: it went on breaking off, or breaks off and can't go on.
        OSError: the sink takes no more.
    """
    left = [0.0, *pauses]
    while sink.at < unfinished.size:
        if answer is None:
            time.sleep(left.pop(0))
            answer = _more(unfinished, sink.at)
        before = sink.at
        if answer is not None:
            _copy(answer, unfinished.size, sink, progress)
            answer = None
        if sink.at > before:
            left = [0.0, *pauses]
        if sink.at < unfinished.size:
            if unfinished.ends <= time.time():
                raise Over(
                    "The download broke off, and the link doesn't let it go on. Ask for a new one.",
                    Exit.UNAVAILABLE,
                )
            if not left:
                raise Failure("The download went on breaking off.", Exit.UNAVAILABLE)


def _more(unfinished: Unfinished, at: int) -> Any | None:
    """The answer with the rest of the file; None if there is none just now."""
    headers = {"Accept": "*/*", "Range": f"bytes={at}-"}
    if unfinished.lease:
        headers["Cookie"] = unfinished.lease
    try:
        answer = request("GET", unfinished.link, headers=headers)
    except Unreached:
        return None
    if answer.status >= 500:
        answer.close()
        return None
    expected = f"bytes {at}-{unfinished.size - 1}/{unfinished.size}"
    if answer.status != 206 or answer.headers.get("content-range") != expected:
        raise _refusal(answer)
    if answer.length_remaining != unfinished.size - at:  # a body without a length may have no end
        answer.close()
        return None
    return answer


def _copy(answer: Any, size: int, sink: Sink, progress: Progress) -> None:
    """Write a body, and no more of it than was announced. One that breaks off is no error."""
    try:
        for chunk in answer.stream(_BLOCK):
            sink.write(chunk[: size - sink.at])
            progress(sink.at, size)
            if sink.at >= size:
                break
    except urllib3.exceptions.HTTPError:
        pass
    finally:
        answer.close()


def _lease(cookie: str) -> tuple[str, int]:
    """The lease in a Set-Cookie header, as it is sent back, and the seconds that it lasts."""
    pair, *attributes = (part.strip() for part in cookie.split(";"))
    if not pair.startswith(f"{LEASE_COOKIE}="):
        return "", 0
    ages = [each.partition("=")[2] for each in attributes if each.lower().startswith("max-age=")]
    return pair, number(ages[0]) if ages else _UNSAID


def _refusal(answer: Any) -> Failure:
    status = answer.headers.get(LINK_STATUS_HEADER, "")
    failure = refused(answer)
    if not status:
        return failure
    return (Over if status in OVER else Told)(failure.sentence, failure.exit)
