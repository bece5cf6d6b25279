"""The order of steps in which a file is handed over: what can refuse comes before what consumes.

    share        is there something to hand over at all
    ticket       was it handed over to this visitor already (then the PIN was right once, and isn't asked)
    PIN          a try is written down, then the PIN is hashed; a right one resets the tries
    object       is it still there, the very bytes that were promised
    transaction  count, and store the one-time link; who loses a race begins again at the first line

A step that fails ends the visit with nothing consumed. One thing can't always be known: whether a
transaction whose every reply was lost was done, or still will be. The share's history is asked once; after
that, whoever has a ticket finds out by asking again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.http_api.aws_calls import TimeLeft
from common.http_api.errors import Refused, Unavailable
from common.http_api.metrics import count
from common.link_minting.aws import PinnedObject, pin_object
from common.link_minting.mint import Issuer, Link, MintRequest
from onetime_urls.protocol.contract.metrics import Metric
from onetime_urls.protocol.contract.names import shown_share
from onetime_urls.protocol.shares.limits import LINK_SECONDS, PIN_TRIES
from onetime_urls.protocol.shares.record import Download, Share, State
from onetime_urls.protocol.shares.ticket import Step, Ticket, first, next_step, replace, ticket_name
from share_page.form import Form
from share_page.result import OF_STATE, VisitResult, VisitStatus
from share_page.store import Store
from share_page.visit import Visit

if TYPE_CHECKING:
    from onetime_urls.protocol.links.rules import Item

ATTEMPTS = 6
"""Times that a visit begins again after it lost a race: transactions on one item are turned away while
another is under way (DynamoDB Developer Guide, "Transaction conflict handling")."""

_PAUSE_SECONDS = 0.04
_CHANCE = random.SystemRandom()


class _Vanished(Exception):
    """The object isn't what was promised any more, or isn't there."""


@dataclass(frozen=True, kw_only=True)
class Handover:
    """Where files are handed over, for one deployment.

    Attributes:
        resume: seconds in which whoever began a download may go on with it.
        resume_factor: how often the object's bytes may be sent for one download.
    """

    issuer: Issuer
    store: Store
    resume: int
    resume_factor: int
    now: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep

    def look(self, visit: Visit, time_left: TimeLeft) -> VisitResult:
        """What a visitor sees. One read, unless a download of theirs may be waiting; nothing is consumed.

        The ticket in a cookie may have been planted by somebody who knows it (RFC 6265bis, "Weak
        Integrity"). Where a ticket stands for a PIN, only one that was used already goes on.

        Raises:
            Unavailable: DynamoDB can't be reached.
        """
        share = self.store.share(visit.share_id, time_left)
        standing = self._standing(share)
        if share is None or standing.status not in (VisitStatus.READY, VisitStatus.USED, VisitStatus.LOCKED):
            return standing
        carried = None
        if standing.status is VisitStatus.READY and share.pin is None:
            carried = VisitResult(VisitStatus.READY, share, ticket=next(iter(visit.cookie_tickets), None))
            if len(visit.cookie_tickets) < 2:
                return carried
        for ours in visit.cookie_tickets:
            ticket = self.store.ticket(ticket_name(share.id, ours), time_left)
            if ticket is None:
                continue
            link = self.store.link(ticket.link, time_left)
            if next_step(share, ticket, link, int(self.now())) in (Step.AGAIN, Step.REPLACE):
                return VisitResult(VisitStatus.WAITING, share, ticket=ours)
        return carried or standing

    def hand_out(self, visit: Visit, form: Form, time_left: TimeLeft) -> VisitResult:
        """What a visitor gets who asks for the file.

        Raises:
            Unavailable: an AWS service can't be reached or refuses, or too many others were faster.
        """
        name = None if form.ticket is None else ticket_name(visit.share_id, form.ticket)
        proven = False
        for attempt in range(ATTEMPTS):
            share = self.store.share(visit.share_id, time_left)
            if share is None:
                return VisitResult(VisitStatus.UNKNOWN)
            ticket = None if name is None else self.store.ticket(name, time_left)
            if ticket is None and not proven:
                refusal = self._check_pin(share, form.pin, time_left)
                if refusal is not None:
                    return refusal
                proven = True
            old = None if ticket is None else self.store.link(ticket.link, time_left)
            result = self._try(visit, share, name, ticket, old, time_left)
            if result is not None:
                return result
            self.pause(_PAUSE_SECONDS * (attempt + 1) * _CHANCE.uniform(0.5, 1.5))
        raise Unavailable("TransactWriteItems", "TransactionConflict")

    def _standing(self, share: Share | None) -> VisitResult:
        if share is None:
            return VisitResult(VisitStatus.UNKNOWN)
        now = int(self.now())
        state = share.state(now)
        wait = share.tries.locked_until - now if state is State.LOCKED else None
        return VisitResult(OF_STATE[state], share, retry_after=wait)

    def _check_pin(self, share: Share, pin: str, time_left: TimeLeft) -> VisitResult | None:
        """What a visitor without a right PIN is told; None for one who needs none or has it."""
        for _ in range(PIN_TRIES + 1):  # each round that is lost, another visitor's try was written down
            standing = self._standing(share)
            if standing.status is not VisitStatus.READY:
                return standing
            if share.pin is None:
                return None
            if not pin:
                return VisitResult(VisitStatus.PIN_MISSING, share)
            before, after = share.tries, share.tries.debited(int(self.now()))
            written, found = self.store.change_tries(share.id, before, after, time_left)
            if found is None:
                return VisitResult(VisitStatus.UNKNOWN)
            share = found
            if written:
                break
        else:
            raise Unavailable("UpdateItem", "TooManyTries")
        if share.pin is not None and share.pin.matches(pin):
            # Where another try was written down since, this one stays counted, and a lock stays shut.
            self.store.change_tries(share.id, after, before.reset(), time_left)
            return None
        standing = self._standing(share)
        return VisitResult(VisitStatus.PIN_WRONG, share) if standing.status is VisitStatus.READY else standing

    def _try(
        self,
        visit: Visit,
        share: Share,
        name: str | None,
        ticket: Ticket | None,
        old: Item | None,
        time_left: TimeLeft,
    ) -> VisitResult | None:
        """One attempt; None if somebody else was faster."""
        step = next_step(share, ticket, old, int(self.now()))
        if step is Step.AGAIN and ticket is not None:
            return VisitResult(VisitStatus.HANDED_OUT, share, ticket.url)
        if step is Step.SPENT:
            return VisitResult(VisitStatus.SPENT, share)
        if step is Step.REFUSED:
            return self._standing(share)
        try:
            link = self._prepare(share, time_left)
        except _Vanished:
            return VisitResult(VisitStatus.VANISHED, share)
        record = link.record
        replaced = ticket.replaced + 1 if ticket else 0
        handed = (
            None if name is None else Ticket(name, record.signature, link.url, record.expires_at, replaced)
        )
        download = Download(
            int(self.now()), visit.address, visit.agent, record.signature, ticket.link if ticket else None
        )
        if step is Step.REPLACE and ticket is not None and handed is not None:
            items = replace(self.store.tables, share, download, record, handed, ticket)
        else:
            items = first(self.store.tables, share, download, record, handed)
        try:
            done = self.store.transact(items, time_left)
        except Unavailable:
            done = self._was_handed_out(share, record.signature, time_left)
            if not done:
                raise
        if not done:
            return None
        count(Metric.MINTED)
        return VisitResult(VisitStatus.HANDED_OUT, share, link.url)

    def _was_handed_out(self, share: Share, signature: str, time_left: TimeLeft) -> bool:
        """Whether a transaction whose reply was lost is known to have been done."""
        stands = self.store.share(share.id, time_left)
        return stands is not None and any(line.link == signature for line in stands.history)

    def _prepare(self, share: Share, time_left: TimeLeft) -> Link:
        wanted = MintRequest(
            key=share.object_key,
            expires_in=LINK_SECONDS,
            filename=share.filename,
            resume=self.resume,
            resume_factor=self.resume_factor,
            share=shown_share(share.id),
        )
        try:
            return self.issuer.prepare(wanted, self._promised(share, time_left), time_left)
        except Refused as reason:
            raise _Vanished from reason

    def _promised(self, share: Share, time_left: TimeLeft) -> PinnedObject:
        """The object of the share, as it was promised. One that was overwritten is still there on a
        bucket with versions; one that was deleted was meant to go."""
        s3, bucket = self.issuer.s3, self.issuer.settings.bucket
        found = pin_object(s3, bucket, share.object_key, time_left)
        promised = PinnedObject(share.size, share.etag, share.version_id)
        if found == promised:
            return found
        if share.version_id is None:
            raise _Vanished
        return pin_object(s3, bucket, share.object_key, time_left, version_id=share.version_id)
