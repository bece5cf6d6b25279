"""Asks the page of a share for its one-time link, with a ticket that makes asking again free."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import urllib3

from onetime_urls.cli.downloads.web import LONGEST, PAUSES, Unreached, check, refused, request, words_of
from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.client.addresses import read_address
from onetime_urls.protocol.contract.headers import SHARE_STATUS_HEADER

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain"}
_MOST_BYTES = 2**16

FINAL = frozenset({"spent", "used", "expired", "revoked", "unknown", "over", "bad-form"})
"""What a share's page says after which its ticket is of no more use."""


class Final(Failure):
    """The page says that there is no download for this ticket any more."""


def size_on(url: str) -> int:
    """How many bytes the page says the file has, before anything is used up; 0 if it doesn't say."""
    try:
        answer = request("GET", url, headers={"Accept": "application/json"})
        said = answer.read(_MOST_BYTES)
        answer.close()
        found = json.loads(said)
    except (Failure, urllib3.exceptions.HTTPError, OSError, ValueError, RecursionError):
        return 0
    size = found.get("size") if isinstance(found, dict) else None
    return size if type(size) is int and 0 <= size <= LONGEST else 0


def link_from(url: str, ticket: str, ask_pin: Callable[[str], str], pauses: Sequence[float] = PAUSES) -> str:
    """The one-time link that a share hands out. An answer that is lost is asked for again; where no request
    has arrived, nothing is at stake, and whoever waits is told at once.

    Args:
        ask_pin: called with what the page says of the PIN before, if a PIN is needed.
        pauses: seconds before each time that it is asked again.

    Raises:
        Final: the ticket is of no more use.
        Unreached: there is no answer. `sent` says whether any request may have arrived.
        Failure: the page refuses otherwise.
    """
    form, left, sent = {"ticket": ticket}, list(pauses), False
    while True:
        try:
            answer = request("POST", url, body=urlencode(form), headers=_FORM)
        except Unreached as error:
            sent = sent or error.sent
            if not sent or not left:
                raise Unreached(error.sentence, sent=sent) from None
            time.sleep(left.pop(0))
            continue
        sent = True
        if answer.status == 303:
            return _link_in(answer, url)
        status = answer.headers.get(SHARE_STATUS_HEADER, "")
        if status == "pin-missing":
            answer.close()
            form["pin"] = ask_pin("")
        elif status == "pin-wrong" and "pin" in form:
            form["pin"] = ask_pin(words_of(answer) or "That PIN is wrong.")
        elif status == "unavailable" and left:
            answer.close()
            time.sleep(left.pop(0))
        else:
            raise _refusal(answer, status)


def _refusal(answer: Any, status: str) -> Failure:
    if status == "spent":
        answer.close()
        return Final(
            "An earlier run had this download, and it can't be gone on with. If the share has downloads "
            "left, the same command takes one of them.",
            Exit.REFUSED,
        )
    failure = refused(answer)
    # Only what the page itself says is final, not what something between it and us does.
    return Final(failure.sentence, failure.exit) if status in FINAL else failure


def _link_in(answer: Any, url: str) -> str:
    """Where a share's answer leads."""
    location = answer.headers.get("location", "")
    answer.close()
    try:
        there, here = read_address(location), read_address(url)
    except ValueError:
        raise Failure("The share hands out no link.", Exit.REFUSED) from None
    if here.scheme == "https" and there.scheme != "https":
        raise Failure("The share hands out a link without TLS.", Exit.REFUSED)
    return check(location)
