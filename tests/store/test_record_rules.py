"""The record's conditional writes mean the same on every engine."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from edge_guard.claim import Reply, WriteResult
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.claims import (
    Claim,
    Follower,
    StoredLease,
    cancel_request,
    claim_request,
    follow_request,
    is_released,
    release_request,
)
from onetime_urls.protocol.links.limits import MAX_FOLLOWERS, MAX_GIVEN_BACK
from onetime_urls.protocol.links.record import outcome_request, revoke_request
from onetime_urls.protocol.links.rules import CLAIM, FOLLOW, Verdict
from tests.links import NOW, make_record, make_target
from tests.store.engines import Store


def fresh_target(**changed: str) -> Target:
    return make_target(X_Amz_Signature=secrets.token_hex(32), **changed)


def minted(store: Store, **changed: Any) -> Target:
    target = fresh_target()
    assert store.put(make_record(target, **changed)).result is WriteResult.APPLIED
    return target


def claim(store: Store, target: Target, request_id: str, now: int = NOW) -> Verdict:
    attempt = Claim(request_id, now, "203.0.113.7", "curl/8.5.0", "us-east-1")
    request = claim_request(store.table, target.signature, target.fingerprint, attempt)
    reply = store.write(request)
    if reply.result is WriteResult.APPLIED:
        assert reply.item is not None
        assert reply.item["claim_token"] == make_record(target).item()["claim_token"]
        return Verdict.WON
    return CLAIM.verdict(reply.item, request)


def cancel(store: Store, target: Target, request_id: str) -> WriteResult:
    return store.write(
        cancel_request(store.table, target.signature, target.fingerprint, request_id, NOW)
    ).result


def revoke(store: Store, target: Target, now: int) -> WriteResult:
    return store.write(revoke_request(store.table, target.signature, now)).result


def settle(store: Store, target: Target, request_id: str, outcome: str) -> WriteResult:
    return store.write(outcome_request(store.table, target.signature, request_id, outcome)).result


def release(store: Store, target: Target, request_id: str) -> Reply:
    return store.write(release_request(store.table, target.signature, target.fingerprint, request_id, NOW))


def test_the_first_claim_wins_and_the_second_is_used(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    assert claim(store, target, "r-2") is Verdict.USED


def test_a_claim_stores_who_when_and_where(store: Store) -> None:
    target = minted(store)
    claim(store, target, "r-1")
    item = store.get(target.signature)
    assert item is not None
    assert item["claims"]["M"]["r-1"]["M"] == {
        "when": {"N": str(NOW)},
        "address": {"S": "203.0.113.7"},
        "agent": {"S": "curl/8.5.0"},
        "edge": {"S": "us-east-1"},
    }


def test_a_claim_that_is_written_twice_is_recognised_and_counts_once(store: Store) -> None:
    target = minted(store, max_claims=2)
    assert claim(store, target, "r-1") is Verdict.WON
    assert claim(store, target, "r-1") is Verdict.WON
    item = store.get(target.signature)
    assert item is not None
    assert list(item["claims"]["M"]) == ["r-1"]


def test_exactly_max_claims_claims_win(store: Store) -> None:
    target = minted(store, max_claims=3)
    verdicts = [claim(store, target, f"r-{n}") for n in range(5)]
    assert verdicts == [Verdict.WON] * 3 + [Verdict.USED] * 2


def test_the_last_second_still_wins_and_the_next_is_expired(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1", NOW + 900) is Verdict.EXPIRED
    assert claim(store, target, "r-2", NOW + 899) is Verdict.WON


def test_a_revoked_link_is_never_claimed(store: Store) -> None:
    target = minted(store)
    assert revoke(store, target, NOW) is WriteResult.APPLIED
    assert claim(store, target, "r-1") is Verdict.REVOKED


def test_a_second_revocation_succeeds_and_keeps_the_first_ones_time(store: Store) -> None:
    target = minted(store)
    assert revoke(store, target, NOW + 1) is WriteResult.APPLIED
    assert revoke(store, target, NOW + 2) is WriteResult.APPLIED
    item = store.get(target.signature)
    assert item is not None
    assert item["revoked_at"] == {"N": str(NOW + 1)}


def test_revoking_an_unknown_link_creates_no_record(store: Store) -> None:
    target = fresh_target()
    assert revoke(store, target, NOW) is WriteResult.CONDITION_FAILED
    assert store.get(target.signature) is None


def test_a_claim_of_a_link_that_was_revoked_since_can_still_be_given_back(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    assert revoke(store, target, NOW) is WriteResult.APPLIED
    assert release(store, target, "r-1").result is WriteResult.APPLIED
    assert claim(store, target, "r-2") is Verdict.REVOKED


def test_the_outcome_of_a_claim_is_noted_once_and_changes_nothing_else(store: Store) -> None:
    target = minted(store)
    claim(store, target, "r-1")
    before = store.get(target.signature)
    assert before is not None
    assert settle(store, target, "r-1", "delivered") is WriteResult.APPLIED
    assert settle(store, target, "r-1", "failed") is WriteResult.CONDITION_FAILED
    before["claims"]["M"]["r-1"]["M"]["outcome"] = {"S": "delivered"}
    assert store.get(target.signature) == before


def test_only_a_claim_that_is_there_gets_an_outcome(store: Store) -> None:
    target = minted(store)
    claim(store, target, "r-1")
    cancel(store, target, "r-1")
    assert settle(store, target, "r-1", "delivered") is WriteResult.CONDITION_FAILED
    assert settle(store, fresh_target(), "r-1", "delivered") is WriteResult.CONDITION_FAILED
    item = store.get(target.signature)
    assert item is not None
    assert item["claims"] == {"M": {}}


def test_a_reader_sees_everything_but_what_makes_the_link_work(store: Store) -> None:
    target = minted(store)
    claim(store, target, "r-1")
    revoke(store, target, NOW)
    whole = store.get(target.signature)
    assert whole is not None
    for hidden in ("claim_token", "fingerprint", "etag", "version_id", "ttl", "shard"):
        del whole[hidden]
    assert store.visible(target.signature) == whole
    assert store.visible(fresh_target().signature) is None


def test_an_objects_links_are_listed_newest_first_in_pages_and_with_their_keys_only(store: Store) -> None:
    key = f"list/{secrets.token_hex(8)}"
    links = []
    for age in range(5):
        target = Target(key, fresh_target().parameters)
        store.put(make_record(target, issued_at=NOW - age // 2))
        links.append((NOW - age // 2, target.signature))
    minted(store)
    seen: list[tuple[int, str]] = []
    while page := store.links_of(key, 2, seen[-1] if seen else None):
        assert all(item.keys() == {"signature", "object_key", "issued_at"} for item in page)
        seen += [(int(item["issued_at"]["N"]), item["signature"]["S"]) for item in page]
    assert sorted(seen) == sorted(links)
    assert [when for when, _ in seen] == sorted((when for when, _ in links), reverse=True)


def test_an_unknown_signature_creates_no_record(store: Store) -> None:
    target = fresh_target()
    assert claim(store, target, "r-1") is Verdict.UNKNOWN
    assert cancel(store, target, "r-1") is WriteResult.CONDITION_FAILED
    assert store.get(target.signature) is None


def test_a_live_signature_on_another_target_is_altered_and_the_original_still_works(store: Store) -> None:
    target = minted(store)
    other = Target("other/key", target.parameters)
    assert claim(store, other, "r-1") is Verdict.ALTERED
    assert cancel(store, other, "r-1") is WriteResult.CONDITION_FAILED
    assert claim(store, target, "r-2") is Verdict.WON


def test_a_claim_given_back_frees_the_link_and_never_returns(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    assert cancel(store, target, "r-1") is WriteResult.APPLIED
    assert cancel(store, target, "r-1") is WriteResult.APPLIED
    assert claim(store, target, "r-1") is Verdict.GIVEN_BACK
    assert claim(store, target, "r-2") is Verdict.WON


def test_a_claim_that_arrives_after_its_tombstone_is_barred(store: Store) -> None:
    target = minted(store)
    assert cancel(store, target, "r-1") is WriteResult.APPLIED
    assert claim(store, target, "r-1") is Verdict.GIVEN_BACK
    assert claim(store, target, "r-2") is Verdict.WON


def test_a_claim_that_s3_failed_is_returned_once_and_frees_the_link(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    assert release(store, target, "r-1").result is WriteResult.APPLIED
    again = release(store, target, "r-1")
    assert (again.result, is_released(again.item, "r-1")) == (WriteResult.CONDITION_FAILED, True)
    assert claim(store, target, "r-1") is Verdict.GIVEN_BACK
    assert claim(store, target, "r-2") is Verdict.WON


def test_only_a_claim_that_is_there_is_returned(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    other = release(store, target, "r-2")
    assert (other.result, is_released(other.item, "r-2")) == (WriteResult.CONDITION_FAILED, False)
    assert claim(store, target, "r-3") is Verdict.USED


def test_a_link_whose_object_keeps_failing_is_returned_three_times_and_no_more(store: Store) -> None:
    target = minted(store)
    outcomes = []
    for n in range(4):
        assert claim(store, target, f"r-{n}") is Verdict.WON
        outcomes.append(release(store, target, f"r-{n}").result)
    assert outcomes == [WriteResult.APPLIED] * 3 + [WriteResult.CONDITION_FAILED]
    assert claim(store, target, "r-9") is Verdict.USED


def test_claims_in_doubt_that_were_cancelled_leave_the_three_releases_alone(store: Store) -> None:
    target = minted(store)
    for n in range(5):
        assert cancel(store, target, f"doubt-{n}") is WriteResult.APPLIED
    for n in range(3):
        assert claim(store, target, f"r-{n}") is Verdict.WON
        assert release(store, target, f"r-{n}").result is WriteResult.APPLIED
    assert claim(store, target, "r-3") is Verdict.WON
    assert release(store, target, "r-3").result is WriteResult.CONDITION_FAILED


def test_an_item_takes_so_many_tombstones_and_no_more_and_its_link_is_over(store: Store) -> None:
    target = minted(store, max_claims=2)
    assert claim(store, target, "r-1") is Verdict.WON
    for n in range(MAX_GIVEN_BACK):
        assert cancel(store, target, f"doubt-{n}") is WriteResult.APPLIED
    assert cancel(store, target, "doubt-more") is WriteResult.CONDITION_FAILED
    assert claim(store, target, "doubt-more") is Verdict.EXHAUSTED
    assert claim(store, target, "doubt-0") is Verdict.GIVEN_BACK
    assert cancel(store, target, "r-1") is WriteResult.APPLIED
    item = store.get(target.signature)
    assert item is not None
    assert (item["claims"], len(item["given_back"]["M"])) == ({"M": {}}, MAX_GIVEN_BACK + 1)


def test_a_signature_is_stored_once_and_the_second_put_shows_the_first(store: Store) -> None:
    target = minted(store)
    reply = store.put(make_record(target, claim_token="0" * 32))
    assert reply.result is WriteResult.CONDITION_FAILED
    assert reply.item is not None
    assert reply.item == make_record(target).item()


def claim_with_lease(store: Store, target: Target, request_id: str = "r-1", *, left: int = 1000) -> None:
    attempt = Claim(
        request_id, NOW, "203.0.113.7", "curl/8.5.0", "us-east-1", StoredLease("k" * 64, NOW + 300, left)
    )
    reply = store.write(claim_request(store.table, target.signature, target.fingerprint, attempt))
    assert reply.result is WriteResult.APPLIED


def follow(store: Store, target: Target, size: int, **changed: Any) -> Verdict:
    fields: dict[str, Any] = {"claim_id": "r-1", "key": "k" * 64, "when": NOW, "size": size}
    follower = Follower(**fields | changed)
    request = follow_request(store.table, target.signature, target.fingerprint, follower)
    reply = store.write(request)
    if reply.result is WriteResult.APPLIED:
        assert reply.item is not None
        assert reply.item["claim_token"] == make_record(target).item()["claim_token"]
        return Verdict.WON
    return FOLLOW.verdict(reply.item, request)


def test_followers_spend_what_the_claim_left_and_not_a_byte_more(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target, left=1000)
    assert [follow(store, target, size) for size in (600, 401, 400, 1)] == [
        Verdict.WON,
        Verdict.LEASE_OVER,
        Verdict.WON,
        Verdict.LEASE_OVER,
    ]
    item = store.get(target.signature)
    assert item is not None
    entry = item["claims"]["M"]["r-1"]["M"]
    assert (entry["left"], entry["followers"]) == ({"N": "0"}, {"N": "2"})


def test_a_claim_has_so_many_followers_and_no_more_whatever_they_ask_for(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target)
    many = {"N": str(MAX_FOLLOWERS - 1)}
    store.client.update_item(
        TableName=store.table,
        Key={"signature": {"S": target.signature}},
        UpdateExpression="SET claims.#id.followers = :many",
        ExpressionAttributeNames={"#id": "r-1"},
        ExpressionAttributeValues={":many": many},
    )
    assert [follow(store, target, 0) for _ in range(2)] == [Verdict.WON, Verdict.LEASE_OVER]


def test_a_follower_needs_the_lease_and_its_window(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target)
    assert follow(store, target, 1, key="x" * 64) is Verdict.USED
    assert follow(store, target, 1, claim_id="r-2") is Verdict.USED
    assert follow(store, target, 1, when=NOW + 300) is Verdict.LEASE_OVER
    assert follow(store, target, 1, when=NOW + 299) is Verdict.WON


def test_a_claim_without_a_lease_has_no_followers(store: Store) -> None:
    target = minted(store)
    assert claim(store, target, "r-1") is Verdict.WON
    assert follow(store, target, 0) is Verdict.USED


def test_nobody_follows_a_link_that_is_revoked_unknown_or_altered(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target)
    assert follow(store, Target("other/key", target.parameters), 1) is Verdict.ALTERED
    revoke(store, target, NOW)
    assert follow(store, target, 1) is Verdict.REVOKED
    unknown = fresh_target()
    assert follow(store, unknown, 1) is Verdict.UNKNOWN
    assert store.get(unknown.signature) is None


def test_a_claim_that_was_given_back_takes_its_lease_along(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target)
    assert cancel(store, target, "r-1") is WriteResult.APPLIED
    assert follow(store, target, 1) is Verdict.USED


def test_a_claim_that_was_followed_is_never_given_back(store: Store) -> None:
    target = minted(store)
    claim_with_lease(store, target)
    assert follow(store, target, 1) is Verdict.WON
    assert cancel(store, target, "r-1") is WriteResult.CONDITION_FAILED
    assert release(store, target, "r-1").result is WriteResult.CONDITION_FAILED
    assert claim(store, target, "r-2") is Verdict.USED


@pytest.mark.parametrize("store", ["ministack"], indirect=True)
def test_of_32_parallel_followers_no_more_are_let_in_than_the_budget_has_room_for(store: Store) -> None:
    with ThreadPoolExecutor(32) as pool:
        for _ in range(5):
            target = minted(store)
            claim_with_lease(store, target, left=1000)
            verdicts = list(pool.map(lambda _, t=target: follow(store, t, 100), range(32)))
            assert verdicts.count(Verdict.WON) == 10


@pytest.mark.parametrize("store", ["ministack"], indirect=True)
def test_of_32_parallel_claims_exactly_one_wins(store: Store) -> None:
    with ThreadPoolExecutor(32) as pool:
        for _ in range(10):
            target = minted(store)
            verdicts = list(pool.map(lambda n, t=target: claim(store, t, f"r-{n}"), range(32)))
            assert sorted(verdicts, key=lambda v: v.value) == [Verdict.USED] * 31 + [Verdict.WON]
