"""A share's life under every mishap, as a state machine: asked for, lost, late, claimed, given back, revoked.

The machine decides from what it reads, as the page does, and writes what the page writes, but between the
two anything may happen: other visitors, the guard's claims, a revocation, time. What is under way arrives
late, or twice, or never. After every step, and whatever the order, no more links of the share have served
or could still serve than downloads were counted, and no ticket has been served twice.
"""

import contextlib
import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from edge_guard.claim import WriteResult
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.claims import Claim, claim_request, release_request
from onetime_urls.protocol.links.record import revoke_request as revoke_link_request
from onetime_urls.protocol.links.rules import Request
from onetime_urls.protocol.shares.limits import LINK_SECONDS, SPARE_SECONDS
from onetime_urls.protocol.shares.record import (
    Download,
    Share,
    State,
    get_request,
    put_request,
    revoke_request,
)
from onetime_urls.protocol.shares.ticket import (
    Step,
    Tables,
    Ticket,
    first,
    link_request,
    next_step,
    replace,
    ticket_name,
)
from tests.links import NOW, make_record
from tests.store.engines import Store, create_shares_table
from tests.store.test_record_rules import fresh_target

TICKETS = ("a", "a", "b", None)
"""Two visitors with a ticket each, one of them in a hurry, and those that send none."""


@dataclass
class Handed:
    """A link that was prepared for a visitor, whether or not it was ever stored."""

    target: Target
    ticket: str | None
    serving: str | None = None


class ShareLife(RuleBasedStateMachine):
    """One share in one store; `store` and `tables` are set by the test that runs the machine."""

    store: Store
    tables: Tables

    @initialize(max_downloads=st.integers(1, 3))
    def begin(self, max_downloads: int) -> None:
        self.now = NOW
        self.id = secrets.token_urlsafe(16)
        self.max_downloads = max_downloads
        self.handed: list[Handed] = []
        self.under_way: list[list[Request]] = []
        self.revoked = False
        share = Share(
            id=self.id,
            object_key="reports/q1.pdf",
            filename="q1.pdf",
            size=5,
            etag='"e"',
            created_at=NOW,
            expires_at=NOW + 900,
            max_downloads=max_downloads,
            ttl=NOW + 1200,
        )
        self.store.client.put_item(**put_request(self.tables.shares, share))

    @rule(ticket=st.sampled_from(TICKETS), late=st.lists(st.booleans(), min_size=1, max_size=2))
    def a_visitor_asks(self, ticket: str | None, late: list[bool]) -> None:
        """Once, or twice at the same time; each request's writes arrive now or later."""
        asked = [self.decide(ticket) for _ in late]
        for number, (items, is_late) in enumerate(zip(asked, late, strict=True)):
            if items and is_late:
                self.under_way.append(items)
            elif items:
                assert self.deliver(items) or number > 0

    def decide(self, ticket: str | None) -> list[Request]:
        """What the page would write for a visitor now; nothing for a visitor who gets nothing new."""
        share = self.stored_share()
        name = None if ticket is None else ticket_name(self.id, ticket)
        known = None if name is None else self.read(get_request(self.tables.shares, name))
        used = None if known is None else Ticket.from_item(known)
        link = None if used is None else self.read(link_request(self.tables.links, used.link))
        step = next_step(share, used, link, self.now)
        if step is Step.AGAIN:
            assert used is not None
            assert used.link in [each.target.signature for each in self.working()]
        if step not in (Step.FIRST, Step.REPLACE):
            return []
        target = fresh_target()
        record = make_record(target, issued_at=self.now, expires_at=self.now + LINK_SECONDS)
        made = None if name is None else Ticket(name, record.signature, "https://…", record.expires_at)
        line = Download(self.now, "203.0.113.7", "Test/1", record.signature, used.link if used else None)
        self.handed.append(Handed(target, ticket))
        if step is Step.FIRST:
            return first(self.tables, share, line, record, made)
        assert made is not None
        assert used is not None
        return replace(self.tables, share, line, record, made, used)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), again=st.sampled_from([False, False, True]))
    def a_late_transaction_arrives(self, data: st.DataObject, again: bool) -> None:
        at = data.draw(st.integers(0, len(self.under_way) - 1))
        self.deliver(self.under_way[at] if again else self.under_way.pop(at))

    @precondition(lambda self: self.handed)
    @rule(data=st.data())
    def somebody_follows_a_link(self, data: st.DataObject) -> None:
        handed = data.draw(st.sampled_from(self.working() or self.handed))
        self.follow(handed)

    def follow(self, handed: Handed) -> None:
        claim = Claim(secrets.token_hex(4), self.now, "203.0.113.7", "curl/8.5.0", "us-east-1")
        reply = self.store.write(
            claim_request(self.tables.links, handed.target.signature, handed.target.fingerprint, claim)
        )
        if reply.result is WriteResult.APPLIED:
            assert handed.serving is None
            handed.serving = claim.id

    @precondition(lambda self: any(handed.serving for handed in self.handed))
    @rule(data=st.data())
    def s3_fails_to_serve_a_link(self, data: st.DataObject) -> None:
        handed = data.draw(st.sampled_from([each for each in self.handed if each.serving]))
        target = handed.target
        reply = self.store.write(
            release_request(
                self.tables.links, target.signature, target.fingerprint, str(handed.serving), self.now
            )
        )
        if reply.result is WriteResult.APPLIED:
            handed.serving = None

    @rule(seconds=st.sampled_from([SPARE_SECONDS - 1, LINK_SECONDS - 2, 300]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: len(self.handed) > 2)
    @rule()
    def the_sender_revokes(self) -> None:
        self.store.client.update_item(**revoke_request(self.tables.shares, self.id, self.now))
        for line in self.stored_share().history:
            self.store.write(revoke_link_request(self.tables.links, line.link, self.now))
        self.revoked = True

    @invariant()
    def whatever_happened_the_promises_hold(self) -> None:
        share, working = self.stored_share(), self.working()
        self.no_more_downloads_are_counted_than_promised(share)
        self.what_was_served_or_could_be_was_counted(share, working)
        self.a_revoked_share_stays_revoked_and_nothing_of_it_works(share, working)

    def no_more_downloads_are_counted_than_promised(self, share: Share) -> None:
        assert 0 <= share.downloads <= self.max_downloads
        assert share.downloads == sum(line.replaces is None for line in share.history)

    def what_was_served_or_could_be_was_counted(self, share: Share, working: list[Handed]) -> None:
        open_links = [each for each in self.handed if each.serving or each in working]
        assert len(open_links) <= share.downloads
        tickets = [each.ticket for each in open_links if each.ticket is not None]
        assert len(tickets) == len(set(tickets))

    def a_revoked_share_stays_revoked_and_nothing_of_it_works(
        self, share: Share, working: list[Handed]
    ) -> None:
        if self.revoked:
            assert share.state(self.now) is State.REVOKED
            assert not any(not each.serving for each in working)

    def working(self) -> list[Handed]:
        """The links with which the guard would let somebody through now, read in one call."""
        if not self.handed:
            return []
        keys = [{"signature": {"S": each.target.signature}} for each in self.handed]
        asked = {self.tables.links: {"Keys": keys, "ConsistentRead": True}}
        found = self.store.client.batch_get_item(RequestItems=asked)
        assert not found["UnprocessedKeys"]
        works = {
            item["signature"]["S"]
            for item in found["Responses"][self.tables.links]
            if not item["claims"]["M"]
            and "revoked_at" not in item
            and int(item["expires_at"]["N"]) > self.now
        }
        return [each for each in self.handed if each.target.signature in works]

    def deliver(self, items: list[Request]) -> bool:
        """The store receives a transaction."""
        client = self.store.client
        try:
            client.transact_write_items(TransactItems=items)
        except client.exceptions.TransactionCanceledException:
            return False
        return True

    def read(self, request: Request) -> Any:
        return self.store.client.get_item(**request).get("Item")

    def stored_share(self) -> Share:
        return Share.from_item(self.read(get_request(self.tables.shares, self.id)))


@pytest.fixture
def life(store: Store) -> type[ShareLife]:
    """The machine on a store that has both tables."""
    tables = Tables(store.table.replace("links", "shares"), store.table)
    with contextlib.suppress(store.client.exceptions.ResourceInUseException):
        create_shares_table(store.client, tables.shares)
    return type("ShareLifeOnStore", (ShareLife,), {"store": store, "tables": tables})


def test_a_share_hands_out_no_more_than_it_counts_and_a_ticket_no_more_than_one(
    life: type[ShareLife],
) -> None:
    few = settings().max_examples // 5
    run_state_machine_as_test(life, settings=settings(max_examples=few, stateful_step_count=30))


def test_a_replacement_that_arrives_after_the_claim_of_the_link_changes_nothing(
    life: type[ShareLife],
) -> None:
    share = life()
    share.begin(max_downloads=1)
    assert share.deliver(share.decide("a"))
    share.now += LINK_SECONDS - 2
    late = share.decide("a")
    share.follow(share.handed[0])
    assert late
    assert not share.deliver(late)
    share.whatever_happened_the_promises_hold()
