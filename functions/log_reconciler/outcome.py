"""Decides from one line of the log whether a claim's object went out whole. No I/O.

"delivered" means that CloudFront sent every byte and saw no error: nobody can know what the viewer did
with them. "failed" means that it didn't, and that nobody may fetch the rest. Everything else stays open.
"""

from typing import Any, Literal

from log_reconciler.lines import Line
from onetime_urls.protocol.links.rules import Item

Outcome = Literal["delivered", "failed"]

SERVED = frozenset({"Hit", "RefreshHit", "OriginShieldHit", "Miss"})
"""Result types of an answer that went out as it should. "Error" is also what a viewer who hangs up in
the middle leaves behind (CloudFront Developer Guide, "Standard logging reference":
x-edge-response-result-type)."""


def outcome(line: Line, size: int, claim: Item, now: int) -> Outcome | None:
    """What became of a claim; None while nobody can say.

    A claim that may be resumed is judged by its first request alone if that one was whole. If it wasn't,
    followers may have fetched the rest, or may still: their lines bear other ids, so the claim stays open
    unless its window has passed without a follower.

    Args:
        size: the object's, in bytes.
        claim: the claim as stored, with `until` and `followers` where it can be resumed.
        now: epoch seconds.
    """
    if _is_whole(line, size):
        return "delivered"
    if _number(claim, "followers") > 0 or _number(claim, "until") > now:
        return None
    return "failed"


def _is_whole(line: Line, size: int) -> bool:
    """Headers count as sent bytes too, so that enough bytes prove nothing if the result types disagree."""
    complete = line.status == 200 or (line.status == 206 and line.part == (0, size - 1))
    return complete and line.sent >= size and all(part in SERVED for part in line.result)


def _number(claim: Item, name: str) -> int:
    stored: dict[str, Any] = claim.get(name, {"N": "0"})
    return int(stored["N"])
