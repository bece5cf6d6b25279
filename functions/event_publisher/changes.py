"""Decides what happened to a link or a share, from its record before and after one write.

The stream hands over whole records, claim token and PIN hash included. What leaves this module is put
together from the attributes that are named here and no others, so that no secret can come along.

DynamoDB delivers each change at least once and in a record's own order (DynamoDB Developer Guide, "Change
data capture for DynamoDB Streams"), so an event's id is made of the change's: the same twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onetime_urls.protocol.contract.events import Event
from onetime_urls.protocol.contract.names import shown_link, shown_share

Item = Mapping[str, Any]

Happened = Iterator[tuple[Event, int, dict[str, Any]]]
"""What happened, when (0: the record doesn't say), and details."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, as an entry of the audit trail and of the bus.

    Attributes:
        id: the same each time that the change is delivered.
        event: what happened.
        when: epoch seconds at which it happened; the change's own time where the record doesn't say.
        details: what it happened to, and who did it. JSON's types only.
    """

    id: str
    event: Event
    when: int
    details: dict[str, Any]


def entries(change: Mapping[str, Any]) -> list[Entry]:
    """The events in one record of a table's stream (`DynamoDB` of a Lambda event, in DynamoDB's JSON)."""
    data = change["dynamodb"]
    old, new = data.get("OldImage", {}), data.get("NewImage", {})
    about: dict[str, Any] = {}
    happened: Happened = iter(())
    if new and "signature" in data["Keys"]:
        about, happened = _link(new), _link_changes(old, new)
    elif new.get("kind") == {"S": "share"}:
        about, happened = _share(new), _share_changes(old, new)
    at = int(data.get("ApproximateCreationDateTime", 0))
    return [
        Entry(f"{change['eventID']}-{number}", event, when or at, about | details)
        for number, (event, when, details) in enumerate(happened)
    ]


def _link(item: Item) -> dict[str, Any]:
    signature = item["signature"]["S"]
    return {
        "link": shown_link(signature),
        "id": signature,
        "key": item["object_key"]["S"],
        "expires_at": int(item["expires_at"]["N"]),
    }


def _share(item: Item) -> dict[str, Any]:
    """A share is named by the first characters of its id, because the whole id opens its page."""
    return {
        "share": shown_share(item["id"]["S"]),
        "key": item["object_key"]["S"],
        "expires_at": int(item["expires_at"]["N"]),
    }


def _link_changes(old: Item, new: Item) -> Happened:
    if not old:
        yield Event.LINK_MINTED, int(new["issued_at"]["N"]), {"max_claims": int(new["max_claims"]["N"])}
    before, after = _map(old, "claims"), _map(new, "claims")
    for claim, entry in after.items():
        known = before.get(claim, {})
        if not known:
            yield Event.LINK_CLAIMED, int(entry["when"]["N"]), _who(entry)
        elif "outcome" in entry and "outcome" not in known:
            yield Event(f"link {entry['outcome']['S']}"), 0, _who(entry)
        elif _number(entry, "followers") > _number(known, "followers"):
            yield Event.LINK_RESUMED, 0, _who(entry)
    for claim in _map(new, "given_back").keys() - _map(old, "given_back").keys():
        if claim in before:
            yield Event.LINK_GIVEN_BACK, int(new["given_back"]["M"][claim]["N"]), _who(before[claim])
    if "revoked_at" in new and "revoked_at" not in old:
        yield Event.LINK_REVOKED, int(new["revoked_at"]["N"]), {}


def _share_changes(old: Item, new: Item) -> Happened:
    if not old:
        yield Event.SHARE_MADE, int(new["created_at"]["N"]), {"max_downloads": int(new["max_downloads"]["N"])}
        return
    if _number(new, "downloads") > _number(old, "downloads"):
        yield Event.SHARE_USED, 0, {"downloads": _number(new, "downloads")}
    if _number(new, "locked_until") > _number(old, "locked_until"):
        yield Event.SHARE_LOCKED, 0, {"locked_until": _number(new, "locked_until")}
    if "revoked_at" in new and "revoked_at" not in old:
        yield Event.SHARE_REVOKED, int(new["revoked_at"]["N"]), {}


def _who(entry: Item) -> dict[str, Any]:
    return {name: entry[name]["S"] for name in ("address", "agent", "edge") if name in entry}


def _map(item: Item, name: str) -> dict[str, Any]:
    """A map of maps, without DynamoDB's type around each."""
    found = item.get(name, {"M": {}})["M"]
    return {key: value.get("M", value) for key, value in found.items()}


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {"N": "0"})["N"])
