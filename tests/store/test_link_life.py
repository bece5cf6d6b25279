"""A link's life under every mishap, as a state machine: minted, claimed, followed, lost, late, revoked.

The machine drives the guard's own claim protocol against a store and keeps a model of its own: how
often the protocol admitted a viewer whom S3 then served, and which writes are still under way. After
every step, and whatever the order, no link has served more than its limit, and nothing that was
refused counts.
"""

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

from edge_guard.claim import ClaimProtocol, Refusal, Reply, WriteResult
from onetime_urls.protocol.links.claims import Claim, Follower, StoredLease, is_released
from onetime_urls.protocol.links.reasons import EXPIRED, REVOKED, UNAVAILABLE, USED, Reason
from onetime_urls.protocol.links.record import outcome_request, revoke_request
from onetime_urls.protocol.links.rules import Item, Request
from tests.links import NOW, make_record
from tests.store.engines import Store
from tests.store.test_record_rules import fresh_target

FAULTS = ["none", "none", "reply lost", "late", "dropped", "throttled"]


BUDGET = 1000
"""Bytes that are left under each claim's lease."""


def is_claim(request: Request) -> bool:
    return "#claims.#id = :claim" in request["UpdateExpression"]


def is_tombstone(request: Request) -> bool:
    return "#given_back.#id = :now" in request["UpdateExpression"]


class LinkLife(RuleBasedStateMachine):
    """One link in one store; `store` is set by the test that runs the machine."""

    store: Store

    @initialize(max_claims=st.integers(1, 3))
    def mint(self, max_claims: int) -> None:
        self.target = fresh_target()
        self.record = make_record(self.target, max_claims=max_claims)
        self.now = NOW
        self.admitted: set[str] = set()
        self.under_way: list[tuple[Request, str]] = []
        self.unsettled: set[str] = set()
        self.revoked_at: int | None = None
        self.claimed_when_revoked: set[str] = set()
        self.requests = 0
        self.followed: dict[str, int] = {}
        assert self.store.put(self.record).result is WriteResult.APPLIED

    def claim(self, faults: list[str]) -> dict[str, object] | Reason:
        """One viewer request whose writes meet `faults`, one each; after the last, none."""
        self.requests += 1
        request_id = f"r-{self.requests}"
        protocol = self.protocol(request_id, faults)
        lease = StoredLease(f"key of {request_id}", self.now + 600, BUDGET)
        attempt = Claim(request_id, self.now, "203.0.113.7", "curl/8.5.0", "us-east-1", lease)
        result = protocol.redeem(self.target.signature, self.target.fingerprint, attempt)
        if isinstance(result, Refusal):
            assert result.reason is UNAVAILABLE or request_id not in self.unsettled
            return result.reason
        self.admitted.add(request_id)
        self.unsettled.discard(request_id)
        return result

    def protocol(self, request_id: str, faults: list[str]) -> ClaimProtocol:
        """The guard's protocol for one invocation of five seconds, with its writes going through `faults`."""
        left = [5.0]

        def write(request: Request, timeout: float) -> Reply:
            fault = faults.pop(0) if faults else "none"
            left[0] -= timeout if fault != "none" else 0.01
            if fault == "throttled":
                return Reply(WriteResult.NOT_APPLIED)
            if is_claim(request) and fault != "none":
                self.unsettled.add(request_id)
            if fault == "late":
                self.under_way.append((request, request_id))
            elif fault != "dropped":
                reply = self.deliver(request, request_id)
                if fault == "none":
                    return reply
            return Reply(WriteResult.UNKNOWN)

        def pause(seconds: float) -> None:
            left[0] -= seconds

        return ClaimProtocol(self.store.table, write, lambda: left[0], pause)

    def deliver(self, request: Request, request_id: str) -> Reply:
        """The store receives a write. A tombstone settles its request for good."""
        reply = self.store.write(request)
        if is_tombstone(request) and (
            reply.result is WriteResult.APPLIED or is_released(reply.item, request_id)
        ):
            self.unsettled.discard(request_id)
        return reply

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=6))
    def a_viewer_asks(self, faults: list[str]) -> None:
        clean = all(fault == "none" for fault in faults)
        free, settled = self.free, not self.unsettled
        result = self.claim(list(faults))
        if self.revoked_at is not None:
            assert isinstance(result, Reason)
        if clean and self.revoked_at is not None:
            assert result is REVOKED
        elif clean and self.now >= self.record.expires_at:
            assert result is EXPIRED
        elif clean and settled and free == 0:
            assert result is USED
        elif clean and settled:
            assert not isinstance(result, Reason)

    @precondition(lambda self: self.admitted)
    @rule(data=st.data(), faults=st.lists(st.sampled_from(FAULTS), max_size=4))
    def s3_fails_for_an_admitted_viewer(self, data: st.DataObject, faults: list[str]) -> None:
        request_id = data.draw(st.sampled_from(sorted(self.admitted)))
        protocol = self.protocol(request_id, list(faults))
        returned = protocol.release(self.target.signature, self.target.fingerprint, request_id, self.now)
        if request_id in self.followed:
            assert not returned
            return
        self.admitted.discard(request_id)
        if not returned:
            self.unsettled.add(request_id)

    @precondition(lambda self: self.admitted | self.unsettled)
    @rule(
        data=st.data(),
        size=st.sampled_from([0, 1, 400, BUDGET, BUDGET + 1]),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def a_claimer_comes_back(self, data: st.DataObject, size: int, faults: list[str]) -> None:
        claim_id = data.draw(st.sampled_from(sorted(self.admitted | self.unsettled)))
        follower = Follower(claim_id, f"key of {claim_id}", self.now, size)
        protocol = self.protocol(f"follower of {claim_id}", list(faults))
        result = protocol.follow(self.target.signature, self.target.fingerprint, follower)
        if isinstance(result, Refusal):
            return
        assert self.revoked_at is None
        self.followed[claim_id] = self.followed.get(claim_id, 0) + size
        self.admitted.add(claim_id)
        self.unsettled.discard(claim_id)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), again=st.booleans())
    def a_late_write_arrives(self, data: st.DataObject, again: bool) -> None:
        at = data.draw(st.integers(0, len(self.under_way) - 1))
        self.deliver(*(self.under_way[at] if again else self.under_way.pop(at)))

    @rule(seconds=st.sampled_from([1, 60, 899, 900]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def the_sender_revokes(self) -> None:
        request = revoke_request(self.store.table, self.target.signature, self.now)
        assert self.store.write(request).result is WriteResult.APPLIED
        if self.revoked_at is None:
            self.revoked_at = self.now
            self.claimed_when_revoked = self.stored_claims()

    @precondition(lambda self: self.admitted)
    @rule(data=st.data(), outcome=st.sampled_from(["delivered", "failed"]))
    def the_log_tells_what_became_of_a_claim(self, data: st.DataObject, outcome: str) -> None:
        request_id = data.draw(st.sampled_from(sorted(self.admitted)))
        self.store.write(outcome_request(self.store.table, self.target.signature, request_id, outcome))

    def stored_claims(self) -> set[str]:
        item = self.store.get(self.target.signature)
        assert item is not None
        return set(item["claims"]["M"])

    @property
    def free(self) -> int:
        """Admissions that are left, if no failed one is still outstanding."""
        return self.record.max_claims - len(self.admitted)

    @invariant()
    def whatever_happened_the_promises_hold(self) -> None:
        item = self.store.get(self.target.signature)
        assert item is not None
        self.every_admitted_viewer_is_in_the_record_and_only_unsettled_ones_besides(item)
        self.no_claim_sends_more_than_its_budget(item)
        self.a_revoked_link_keeps_its_first_time_and_gains_no_claim(item)

    @invariant()
    def no_more_viewers_are_served_than_promised(self) -> None:
        assert len(self.admitted) <= self.record.max_claims

    def every_admitted_viewer_is_in_the_record_and_only_unsettled_ones_besides(self, item: Item) -> None:
        stored = set(item["claims"]["M"])
        assert self.admitted <= stored <= self.admitted | self.unsettled
        assert not stored & set(item["given_back"]["M"])

    def no_claim_sends_more_than_its_budget(self, item: Item) -> None:
        for claim_id, sent in self.followed.items():
            left = int(item["claims"]["M"][claim_id]["M"]["left"]["N"])
            assert 0 <= left <= BUDGET - sent

    def a_revoked_link_keeps_its_first_time_and_gains_no_claim(self, item: Item) -> None:
        if self.revoked_at is None:
            assert "revoked_at" not in item
        else:
            assert item["revoked_at"] == {"N": str(self.revoked_at)}
            assert set(item["claims"]["M"]) <= self.claimed_when_revoked

    def teardown(self) -> None:
        """Whatever is under way arrives; then a live link without an outstanding claim still works."""
        if not hasattr(self, "record"):
            return
        for late in self.under_way:
            self.deliver(*late)
        alive = self.revoked_at is None and self.now < self.record.expires_at
        if alive and self.free > 0 and not self.unsettled:
            assert not isinstance(self.claim([]), Reason)


def test_a_link_admits_no_more_than_promised_and_is_not_lost_whatever_happens(store: Store) -> None:
    machine = type("LinkLifeOnStore", (LinkLife,), {"store": store})
    few = settings().max_examples // 5
    run_state_machine_as_test(machine, settings=settings(max_examples=few, stateful_step_count=25))
