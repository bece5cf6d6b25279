"""The claim: how a conditional write is retried, recognised and undone.

A write has four outcomes. It was applied; its condition failed, and the item says why; it was
certainly not applied; or nobody knows, because the connection broke or the deadline passed. The
last one is what a one-time link must get right:

    - the same write is sent again. If the first was stored, the condition fails now, and the item
      shows this request's own claim: won.
    - if it doesn't win, the claim is cancelled before the viewer hears anything: a tombstone bars
      this claim for good, so a write still under way can't burn a link that someone else may use.

So a claim begins only if there is time for the write and the cancellation, and a retry gets what is left
between them. A claim that was won but that S3 then failed to serve is released, by the same tombstone.

A follower of a resumable link's claim is one write too, repeated once when in doubt. It is never undone:
at worst its bytes are taken from the budget twice, and nobody is let in for it.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from onetime_urls.protocol.links.claims import (
    Claim,
    Follower,
    cancel_request,
    claim_request,
    follow_request,
    is_released,
    release_request,
)
from onetime_urls.protocol.links.reasons import OF_VERDICT, UNAVAILABLE, Reason
from onetime_urls.protocol.links.rules import CLAIM, FOLLOW, Item, Request, Verdict

CLAIM_TIMEOUTS = (1.4, 1.2)
"""Seconds for the write and for its retry, at most. Each may include looking up the name, connecting and the
TLS handshake: three round trips, where a far region is 300 ms away."""

CANCEL_TIMEOUT = 1.2
"""Seconds for one attempt at the cancellation."""

MARGIN = 0.1
"""Seconds kept for the answer itself."""

PAUSE = 0.05
"""Seconds before a write is sent again that DynamoDB refused for the moment."""

_RESERVE = CANCEL_TIMEOUT + MARGIN
"""Seconds that no attempt at a claim may use."""


class WriteResult(Enum):
    """What is known about one write."""

    APPLIED = "applied"
    CONDITION_FAILED = "condition failed"
    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"


_KNOWN = (WriteResult.APPLIED, WriteResult.CONDITION_FAILED)


class Reply(NamedTuple):
    """A write's outcome, with the item after it (applied) or as it stood (condition failed, may be None)."""

    result: WriteResult
    item: Item | None = None


class Refusal(NamedTuple):
    """Why a request isn't admitted, and the item as it stood, where a condition failed."""

    reason: Reason
    item: Item | None = None


class ClaimProtocol(NamedTuple):
    """Claims links in one table.

    Attributes:
        table: name or ARN of the table.
        write: sends one `UpdateItem` within so many seconds and tells its outcome; never raises.
        time_left: seconds until the function is stopped.
        pause: waits for so many seconds.
    """

    table: str
    write: Callable[[Request, float], Reply]
    time_left: Callable[[], float]
    pause: Callable[[float], None]

    def redeem(self, signature: str, fingerprint: str, claim: Claim) -> Item | Refusal:
        """Claim the link and return its item, or why it isn't served."""
        if self.time_left() < CLAIM_TIMEOUTS[0] + _RESERVE:
            return Refusal(UNAVAILABLE)
        request = claim_request(self.table, signature, fingerprint, claim)
        doubtful = False
        for attempt, timeout in enumerate(CLAIM_TIMEOUTS):
            if attempt and not doubtful:
                self.pause(PAUSE)
            left = self.time_left() - _RESERVE
            if left <= 0:
                break
            reply = self.write(request, min(timeout, left))
            if reply.result is WriteResult.APPLIED and reply.item is not None:
                return reply.item
            if reply.result is WriteResult.CONDITION_FAILED:
                found = CLAIM.verdict(reply.item, request)
                if found is Verdict.WON and reply.item is not None:
                    return reply.item
                if doubtful and not self._cancel(signature, fingerprint, claim):
                    return Refusal(UNAVAILABLE)
                return Refusal(OF_VERDICT[found], reply.item)
            doubtful = doubtful or reply.result is not WriteResult.NOT_APPLIED
        if doubtful:
            self._cancel(signature, fingerprint, claim)
        return Refusal(UNAVAILABLE)

    def follow(self, signature: str, fingerprint: str, follower: Follower) -> Item | Refusal:
        """Admit a follower under its claim's lease and return the item, or why it isn't served.

        `USED` stands for a lease that isn't there.
        """
        request = follow_request(self.table, signature, fingerprint, follower)
        doubtful = False
        for timeout in CLAIM_TIMEOUTS:
            left = self.time_left() - MARGIN
            if left <= 0:
                break
            reply = self.write(request, min(timeout, left))
            if reply.result is WriteResult.APPLIED and reply.item is not None:
                return reply.item
            if reply.result is WriteResult.CONDITION_FAILED and not doubtful:
                return Refusal(OF_VERDICT[FOLLOW.verdict(reply.item, request)], reply.item)
            doubtful = doubtful or reply.result is not WriteResult.NOT_APPLIED
            self.pause(PAUSE)
        return Refusal(UNAVAILABLE)

    def release(self, signature: str, fingerprint: str, claim_id: str, now: int) -> bool:
        """Release a won claim because S3 failed to serve it; return whether that is certain."""
        reply = self._write_until_known(release_request(self.table, signature, fingerprint, claim_id, now))
        return reply.result is WriteResult.APPLIED or is_released(reply.item, claim_id)

    def _cancel(self, signature: str, fingerprint: str, claim: Claim) -> bool:
        """Cancel a claim in doubt; return whether it is certain what became of it. The condition fails if no
        claim is stored or ever will be, or if it has followers and so stands."""
        reply = self._write_until_known(
            cancel_request(self.table, signature, fingerprint, claim.id, claim.when)
        )
        return reply.result in _KNOWN

    def _write_until_known(self, request: Request) -> Reply:
        """Send a write that may be repeated until its outcome is known or the time is up."""
        reply = Reply(WriteResult.NOT_APPLIED)
        while reply.result not in _KNOWN and (left := self.time_left() - MARGIN) > 0:
            reply = self.write(request, min(left, CANCEL_TIMEOUT))
            if reply.result not in _KNOWN:
                self.pause(min(left, PAUSE))
        return reply
