"""What a record means: its state, and words that promise no more than is known."""

from typing import Any

import pytest

from link_admin.states import UNKNOWN_OUTCOME, present, state
from onetime_urls.protocol.links.rules import Item
from tests.links import NOW, make_record, make_target


def stored_claim(when: int = NOW, **extra: Any) -> Item:
    return {
        "M": {
            "when": {"N": str(when)},
            "address": {"S": "203.0.113.7"},
            "agent": {"S": "curl/8.5.0"},
            "edge": {"S": "us-east-1"},
            **extra,
        }
    }


def item(*, claims: Item | None = None, given_back: Item | None = None, **changed: Any) -> Item:
    revoked_at = changed.pop("revoked_at", None)
    made = make_record(make_target(), **changed).item()
    made["claims"]["M"] = claims or {}
    made["given_back"]["M"] = given_back or {}
    return made | ({"revoked_at": {"N": str(revoked_at)}} if revoked_at is not None else {})


def tombstones(number: int) -> Item:
    return {f"r{count}": {"N": str(NOW)} for count in range(number)}


@pytest.mark.parametrize(
    ("stored", "now", "expected"),
    [
        (item(), NOW, "ready"),
        (item(), NOW + 899, "ready"),
        (item(), NOW + 900, "expired"),
        (item(claims={"r-1": stored_claim()}), NOW, "used"),
        (item(claims={"r-1": stored_claim()}), NOW + 900, "used"),
        (item(claims={"r-1": stored_claim()}, max_claims=2), NOW, "ready"),
        (item(claims={"r-1": stored_claim()}, max_claims=2), NOW + 900, "expired"),
        (item(given_back={"r-1": {"N": "1"}}), NOW, "ready"),
        (item(given_back=tombstones(99)), NOW, "ready"),
        (item(given_back=tombstones(100)), NOW, "exhausted"),
        (item(given_back=tombstones(100)), NOW + 900, "expired"),
        (item(given_back=tombstones(100), claims={"r-1": stored_claim()}), NOW, "used"),
        (item(given_back=tombstones(100), revoked_at=NOW), NOW, "revoked"),
        (item(revoked_at=NOW), NOW, "revoked"),
        (item(revoked_at=NOW, claims={"r-1": stored_claim()}), NOW + 900, "revoked"),
    ],
)
def test_the_state_is_the_first_that_is_true_of_revoked_used_expired_exhausted_ready(
    stored: Item, now: int, expected: str
) -> None:
    assert state(stored, now) == expected
    assert present(stored, now)["state"] == expected


def test_a_claim_whose_end_nobody_saw_says_so() -> None:
    [claim] = present(item(claims={"r-1": stored_claim()}), NOW)["claims"]
    assert claim == {
        "id": "r-1",
        "when": NOW,
        "address": "203.0.113.7",
        "agent": "curl/8.5.0",
        "edge": "us-east-1",
        "outcome": UNKNOWN_OUTCOME,
    }


def test_an_outcome_and_followers_are_told_once_they_are_known_and_a_lease_never() -> None:
    known = stored_claim(outcome={"S": "delivered"}, followers={"N": "3"}, lease={"S": "5ec4e7"})
    [claim] = present(item(claims={"r-1": known}), NOW)["claims"]
    assert (claim["outcome"], claim["followers"]) == ("delivered", 3)
    assert "5ec4e7" not in str(claim)


def test_a_link_that_a_share_handed_out_says_so() -> None:
    assert present(item(share="kJ4x9QzT"), NOW)["share"] == "kJ4x9QzT"
    assert "share" not in present(item(), NOW)


def test_claims_and_returns_are_told_oldest_first() -> None:
    link = present(
        item(
            max_claims=3,
            claims={"b": stored_claim(NOW + 2), "a": stored_claim(NOW + 2), "z": stored_claim(NOW + 1)},
            given_back={"y": {"N": "2"}, "x": {"N": "1"}},
        ),
        NOW,
    )
    assert [claim["id"] for claim in link["claims"]] == ["z", "a", "b"]
    assert link["given_back"] == [{"id": "x", "when": 1}, {"id": "y", "when": 2}]


def test_of_a_whole_record_nothing_secret_is_told() -> None:
    told = str(present(item(claims={"r-1": stored_claim()}), NOW))
    record = make_record(make_target())
    assert record.claim_token not in told
    assert record.fingerprint not in told
