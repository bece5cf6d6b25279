"""The claim: how a conditional write is retried, recognised and undone.

A write has four outcomes. It was applied; its condition failed, and the item says why; it was
certainly not applied; or nobody knows, because the connection broke or the deadline passed. The
last one is what a one-time link must get right:

    - the same write is sent again. If the first was stored, the condition fails now, and the item
      shows this request's own claim: won.
    - if it doesn't win, the claim is given back before the viewer hears anything: a tombstone bars
      this claim for good, so a write still under way can't burn a link that someone else may use.

So a claim begins only if there is time for the write, its retry and the tombstone. A claim that was
won but that S3 then failed to serve is returned, by the same tombstone.

A follower of a resumable link's claim is one write too, repeated once when in doubt. It is never undone:
at worst its bytes are taken from the budget twice, and nobody is let in for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from onetime_urls.protocol.links.reasons import OF_VERDICT, UNAVAILABLE, Reason
from onetime_urls.protocol.links.record import (
    Claim,
    Follower,
    Item,
    Request,
    Verdict,
    claim_request,
    follow_request,
    follow_verdict,
    give_back_request,
    is_returned,
    return_request,
    verdict,
)

CLAIM_TIMEOUTS = (1.4, 1.2)
"""Seconds for the write and for its retry. The first may include the connection's TLS handshake."""

GIVE_BACK_TIMEOUT = 1.2
"""Seconds for one attempt at the tombstone."""

MARGIN = 0.1
"""Seconds kept for the answer itself."""

PAUSE = 0.05
"""Seconds before a write is sent again that DynamoDB refused for the moment."""


class Outcome(Enum):
    """What is known about one write."""

    APPLIED = "applied"
    CONDITION_FAILED = "condition failed"
    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"


_SETTLED = (Outcome.APPLIED, Outcome.CONDITION_FAILED)


@dataclass(frozen=True, slots=True)
class Reply:
    """A write's outcome, with the item after it (applied) or as it stood (condition failed, may be None)."""

    outcome: Outcome
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request isn't admitted, and the item as it stood, where a condition failed."""

    reason: Reason
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class ClaimProtocol:
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
        if self.time_left() < sum(CLAIM_TIMEOUTS) + GIVE_BACK_TIMEOUT + MARGIN:
            return Refusal(UNAVAILABLE)
        request = claim_request(self.table, signature, fingerprint, claim)
        doubtful = False
        for attempt, timeout in enumerate(CLAIM_TIMEOUTS):
            if attempt and not doubtful:
                self.pause(PAUSE)
            reply = self.write(request, timeout)
            if reply.outcome is Outcome.APPLIED and reply.item is not None:
                return reply.item
            if reply.outcome is Outcome.CONDITION_FAILED:
                found = verdict(reply.item, fingerprint, claim.id, claim.when)
                if found is Verdict.WON and reply.item is not None:
                    return reply.item
                if doubtful:
                    settled = self._give_back(signature, fingerprint, claim)
                    return Refusal(OF_VERDICT[found], reply.item) if settled else Refusal(UNAVAILABLE)
                return Refusal(OF_VERDICT[found], reply.item)
            doubtful = doubtful or reply.outcome is not Outcome.NOT_APPLIED
        if doubtful:
            self._give_back(signature, fingerprint, claim)
        return Refusal(UNAVAILABLE)

    def follow(self, signature: str, fingerprint: str, follower: Follower) -> Item | Refusal:
        """Admit a follower under its claim's lease and return the item, or why it isn't served.

        `USED` stands for a lease that isn't there.
        """
        request = follow_request(self.table, signature, fingerprint, follower)
        doubtful = False
        for timeout in CLAIM_TIMEOUTS:
            if self.time_left() < timeout + MARGIN:
                break
            reply = self.write(request, timeout)
            if reply.outcome is Outcome.APPLIED and reply.item is not None:
                return reply.item
            if reply.outcome is Outcome.CONDITION_FAILED and not doubtful:
                return Refusal(OF_VERDICT[follow_verdict(reply.item, fingerprint, follower)], reply.item)
            doubtful = doubtful or reply.outcome is not Outcome.NOT_APPLIED
            self.pause(PAUSE)
        return Refusal(UNAVAILABLE)

    def return_claim(self, signature: str, fingerprint: str, claim_id: str, now: int) -> bool:
        """Give a won claim back because S3 failed to serve it; tell whether that is certain."""
        reply = self._settle(return_request(self.table, signature, fingerprint, claim_id, now))
        return reply.outcome is Outcome.APPLIED or is_returned(reply.item, claim_id)

    def _give_back(self, signature: str, fingerprint: str, claim: Claim) -> bool:
        """Bar a claim in doubt; tell whether that is settled. A condition fails where there is no item, and
        so no claim, or where the claim has followers, and so stands."""
        reply = self._settle(give_back_request(self.table, signature, fingerprint, claim.id, claim.when))
        return reply.outcome in _SETTLED

    def _settle(self, request: Request) -> Reply:
        """Send a write that may be repeated until its outcome is known or the time is up."""
        reply = Reply(Outcome.NOT_APPLIED)
        while reply.outcome not in _SETTLED and (left := self.time_left() - MARGIN) > 0:
            reply = self.write(request, min(left, GIVE_BACK_TIMEOUT))
            if reply.outcome not in _SETTLED:
                self.pause(min(left, PAUSE))
        return reply
