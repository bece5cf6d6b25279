"""Which events one change of a record is, and what is never in them."""

import json
from typing import Any

import pytest

from event_publisher.changes import entries
from onetime_urls.protocol.links.claims import Claim, StoredLease
from tests.links import NOW, TOKEN, make_record, make_target

TARGET = make_target()
MINTED = make_record(TARGET, max_claims=2).item()
LEASE = StoredLease("hash of a lease", NOW + 300, 1000)
CLAIM = Claim("r-1", NOW + 5, "203.0.113.7", "curl/8.5.0", "eu-west-1", LEASE).entry()
CLAIMED = MINTED | {"claims": {"M": {"r-1": {"M": CLAIM}}}}
RETURNED = MINTED | {"given_back": {"M": {"r-1": {"N": str(NOW + 9)}}}}
SHARE = {
    "id": {"S": "AbCdEfGhIjKlMnOpQrStUv"},
    "kind": {"S": "share"},
    "object_key": {"S": "reports/q1.pdf"},
    "pin_hash": {"B": "a hash of the PIN"},
    "created_at": {"N": str(NOW)},
    "expires_at": {"N": str(NOW + 900)},
    "max_downloads": {"N": "3"},
    "downloads": {"N": "0"},
    "locked_until": {"N": "0"},
}

USED_SHARE = SHARE | {"downloads": {"N": "1"}}


def change(old: Any, new: Any) -> dict[str, Any]:
    """A record of a table's stream, as Lambda gets it."""
    image = new or old
    key = "signature" if "signature" in image else "id"
    data = {"Keys": {key: image[key]}, "SequenceNumber": "1", "ApproximateCreationDateTime": NOW + 1.5}
    data |= {name: value for name, value in (("OldImage", old), ("NewImage", new)) if value}
    return {"eventID": "e-1", "eventName": "MODIFY", "dynamodb": data}


def followed(**changed: Any) -> Any:
    return MINTED | {"claims": {"M": {"r-1": {"M": CLAIM | changed}}}}


@pytest.mark.parametrize(
    ("old", "new", "event", "when"),
    [
        (None, MINTED, "link minted", NOW),
        (MINTED, CLAIMED, "link claimed", NOW + 5),
        (CLAIMED, followed(followers={"N": "1"}), "link resumed", NOW + 1),
        (CLAIMED, followed(outcome={"S": "delivered"}), "link delivered", NOW + 1),
        (CLAIMED, RETURNED, "link given back", NOW + 9),
        (MINTED, MINTED | {"revoked_at": {"N": str(NOW + 7)}}, "link revoked", NOW + 7),
        (None, SHARE, "share made", NOW),
        (SHARE, USED_SHARE, "share used", NOW + 1),
        (SHARE, SHARE | {"locked_until": {"N": str(NOW + 60)}}, "share locked", NOW + 1),
        (SHARE, SHARE | {"revoked_at": {"N": str(NOW + 7)}}, "share revoked", NOW + 7),
    ],
)
def test_each_change_says_what_happened_and_when(old: Any, new: Any, event: str, when: int) -> None:
    [entry] = entries(change(old, new))
    assert (entry.id, entry.event, entry.when) == ("e-1-0", event, when)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MINTED, MINTED),
        (MINTED, None),
        (MINTED, RETURNED),
        (RETURNED, RETURNED),
        (CLAIMED, CLAIMED),
        (SHARE, None),
        (SHARE, SHARE | {"pin_tries": {"N": "1"}}),
        (None, {"id": {"S": "a ticket"}, "url": {"S": "a link"}}),
    ],
    ids=["nothing", "TTL", "barred claim", "barred", "claimed", "share's TTL", "wrong PIN", "ticket"],
)
def test_what_is_no_news_is_no_event(old: Any, new: Any) -> None:
    assert entries(change(old, new)) == []


def test_a_claims_event_says_who_made_it_and_which_link_it_was() -> None:
    [entry] = entries(change(MINTED, CLAIMED))
    assert entry.details == {
        "link": TARGET.signature[:12],
        "id": TARGET.signature,
        "key": TARGET.key,
        "expires_at": NOW + 900,
        "address": "203.0.113.7",
        "agent": "curl/8.5.0",
        "edge": "eu-west-1",
    }


def test_no_secret_of_a_record_is_in_an_event() -> None:
    found = [
        entry
        for old, new in (
            (None, CLAIMED),
            (CLAIMED, RETURNED),
            (None, SHARE),
            (SHARE, SHARE | {"downloads": {"N": "1"}}),
        )
        for entry in entries(change(old, new))
    ]
    assert len(found) == 5
    text = json.dumps([entry.details for entry in found])
    for secret in (TOKEN, TARGET.fingerprint, "hash of a lease", "hash of the PIN", "AbCdEfGhIjKlMnOpQrStUv"):
        assert secret not in text
