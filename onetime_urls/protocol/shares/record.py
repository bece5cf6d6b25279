"""The record of one share, and what it says about the share at a moment.

A share is one DynamoDB item keyed on its id. Its downloads are counted in it, and each leaves a line of
history. The item never holds what opens anything: the PIN is a memory-hard hash, and a one-time link is
named by its signature, which can't be turned back into the link.

Beside it lie its tickets (see `ticket`), items of the same table without the attributes `kind`
and `object_key`, so that the indexes over these and `created` list shares alone, in the order of their
creation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from onetime_urls.protocol.shares.limits import ID_LENGTH
from onetime_urls.protocol.shares.pin import PinHash, Tries

Item = dict[str, Any]
Request = dict[str, Any]

KIND = "share"
"""Partition key of the index that lists shares. One partition takes 1,000 writes a second (DynamoDB
Developer Guide, "Best practices for designing partition keys"), and only a new share writes there."""

INDEX = "by-creation"
BY_KEY = "by-key"
"""Name of the index that lists the shares of one object: partition key `object_key`, in the same order."""

_LISTED = (
    "id",
    "object_key",
    "filename",
    "size",
    "etag",
    "version_id",
    "note",
    "created_at",
    "expires_at",
    "max_downloads",
    "downloads",
    "pin_salt",
    "pin_hash",
    "pin_tries",
    "pin_locks",
    "locked_until",
    "revoked_at",
    "ttl",
)

_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}", re.ASCII)


class State(StrEnum):
    """What can be done with a share now."""

    READY = "ready"
    LOCKED = "locked"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


def is_id(text: str) -> bool:
    """Whether `text` has the shape of a share's id, or of a ticket."""
    return _ID.fullmatch(text) is not None


def creation_order(created_at: int, share_id: str) -> str:
    """The index's sort key: seconds with leading zeros, made unique by the id."""
    return f"{created_at:012d}#{share_id}"


@dataclass(frozen=True, slots=True)
class Download:
    """One line of a share's history.

    Attributes:
        when: epoch seconds.
        address: the visitor's IP address.
        agent: the visitor's User-Agent, cut to `onetime_urls.protocol.links.limits.MAX_AGENT_BYTES`.
        link: signature of the one-time link that was handed out, 64 hex digits.
        replaces: signature of the unclaimed link that this one took the place of; None for a link that
            a download was counted for.
    """

    when: int
    address: str
    agent: str
    link: str
    replaces: str | None = None

    def value(self) -> Item:
        """The line as DynamoDB stores it."""
        line = {
            "when": {"N": str(self.when)},
            "address": {"S": self.address},
            "agent": {"S": self.agent},
            "link": {"S": self.link},
        }
        if self.replaces is not None:
            line["replaces"] = {"S": self.replaces}
        return {"M": line}

    @classmethod
    def from_value(cls, value: Item) -> Self:
        """The line in a stored value."""
        line = value["M"]
        return cls(
            when=int(line["when"]["N"]),
            address=line["address"]["S"],
            agent=line["agent"]["S"],
            link=line["link"]["S"],
            replaces=line["replaces"]["S"] if "replaces" in line else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One share as it is stored.

    Attributes:
        id: 22 url-safe characters. Whoever knows it can visit the page, and so it isn't in `repr`.
        object_key, etag, size, version_id: the object as it was promised; `version_id` is None on a
            bucket without versioning. `size` in bytes.
        filename: the name that is shown and saved under.
        note: the sender's words to the recipient.
        created_at, expires_at: epoch seconds.
        max_downloads, downloads: promised and counted.
        pin: None for a share without one.
        tries: what wrong PINs have come to.
        history: the links that were handed out, oldest first.
        revoked_at: epoch seconds, None while it stands.
        links_revoked: how many of the history's newest lines have had their links revoked. After `revoked_at`
            no line is added, so that the rest can be done from there.
        ttl: epoch seconds after which DynamoDB may delete the item, days late.
    """

    id: str = field(repr=False)
    object_key: str
    filename: str
    size: int
    etag: str
    created_at: int
    expires_at: int
    max_downloads: int
    ttl: int
    version_id: str | None = None
    note: str | None = None
    pin: PinHash | None = field(default=None, repr=False)
    downloads: int = 0
    tries: Tries = field(default_factory=Tries)
    history: tuple[Download, ...] = ()
    revoked_at: int | None = None
    links_revoked: int = 0

    @property
    def left(self) -> int:
        """Downloads that are still to be had."""
        return max(0, self.max_downloads - self.downloads)

    def state(self, now: int) -> State:
        """What can be done with the share at `now`, the most final reason first."""
        if self.revoked_at is not None:
            return State.REVOKED
        if self.expires_at <= now:
            return State.EXPIRED
        if self.left == 0:
            return State.USED
        return State.LOCKED if self.tries.locked_until > now else State.READY

    def item(self) -> Item:
        """The item to store for a new share."""
        item: Item = {
            "id": {"S": self.id},
            "kind": {"S": KIND},
            "created": {"S": creation_order(self.created_at, self.id)},
            "object_key": {"S": self.object_key},
            "filename": {"S": self.filename},
            "size": {"N": str(self.size)},
            "etag": {"S": self.etag},
            "created_at": {"N": str(self.created_at)},
            "expires_at": {"N": str(self.expires_at)},
            "max_downloads": {"N": str(self.max_downloads)},
            "downloads": {"N": "0"},
            "pin_tries": {"N": "0"},
            "pin_locks": {"N": "0"},
            "locked_until": {"N": "0"},
            "history": {"L": []},
            "ttl": {"N": str(self.ttl)},
        }
        if self.version_id is not None:
            item["version_id"] = {"S": self.version_id}
        if self.note is not None:
            item["note"] = {"S": self.note}
        if self.pin is not None:
            item["pin_salt"] = {"B": self.pin.salt}
            item["pin_hash"] = {"B": self.pin.digest}
        return item

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """The share in a stored item. Where the history wasn't read, it is empty."""
        return cls(
            id=item["id"]["S"],
            object_key=item["object_key"]["S"],
            filename=item["filename"]["S"],
            size=int(item["size"]["N"]),
            etag=item["etag"]["S"],
            version_id=item["version_id"]["S"] if "version_id" in item else None,
            note=item["note"]["S"] if "note" in item else None,
            created_at=int(item["created_at"]["N"]),
            expires_at=int(item["expires_at"]["N"]),
            max_downloads=int(item["max_downloads"]["N"]),
            downloads=int(item["downloads"]["N"]),
            pin=PinHash(item["pin_salt"]["B"], item["pin_hash"]["B"]) if "pin_hash" in item else None,
            tries=Tries(
                int(item["pin_tries"]["N"]), int(item["pin_locks"]["N"]), int(item["locked_until"]["N"])
            ),
            history=tuple(Download.from_value(line) for line in item.get("history", {"L": []})["L"]),
            revoked_at=int(item["revoked_at"]["N"]) if "revoked_at" in item else None,
            links_revoked=int(item.get("links_revoked", {"N": "0"})["N"]),
            ttl=int(item["ttl"]["N"]),
        )


def key_of(name: str) -> Item:
    """The primary key of a share or a ticket."""
    return {"id": {"S": name}}


def get_request(table: str, name: str) -> Request:
    """`GetItem` for a share, or for a ticket by its name, as it is after every write so far."""
    return {"TableName": table, "Key": key_of(name), "ConsistentRead": True}


def batch_request(table: str, share_ids: Iterable[str]) -> Request:
    """`BatchGetItem` for shares without their histories: with them, a page could pass the 16 MB that one
    answer holds (DynamoDB API Reference, `BatchGetItem`)."""
    names = {f"#{number}": name for number, name in enumerate(_LISTED)}
    read = {
        "Keys": [key_of(each) for each in share_ids],
        "ConsistentRead": True,
        "ProjectionExpression": ", ".join(names),
        "ExpressionAttributeNames": names,
    }
    return {"RequestItems": {table: read}}


def put_request(table: str, share: Share) -> Request:
    """`PutItem` for a new share. An id is stored once; the refusal returns the stored item, so that the
    retry of a lost reply can recognise its own."""
    return {
        "TableName": table,
        "Item": share.item(),
        "ConditionExpression": "attribute_not_exists(id)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def revoke_request(table: str, share_id: str, now: int) -> Request:
    """`UpdateItem` that revokes a share, for good; the first moment is kept."""
    return {
        "TableName": table,
        "Key": key_of(share_id),
        "ConditionExpression": "attribute_exists(kind)",
        "UpdateExpression": "SET revoked_at = if_not_exists(revoked_at, :now)",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
        "ReturnValues": "ALL_NEW",
    }


def links_revoked_request(table: str, share_id: str, number: int) -> Request:
    """`UpdateItem` that notes how many of a revoked share's newest links are revoked: never fewer."""
    return {
        "TableName": table,
        "Key": key_of(share_id),
        "ConditionExpression": "attribute_exists(revoked_at)"
        " AND (attribute_not_exists(links_revoked) OR links_revoked < :number)",
        "UpdateExpression": "SET links_revoked = :number",
        "ExpressionAttributeValues": {":number": {"N": str(number)}},
    }
