"""Decides what a visitor who asks for the file is given, and writes it down in one transaction.

A page hands its visitor a ticket: 128 random bits, in a cookie and in the form. Nothing is stored of it
until the form is sent, and then only its hash, as an item of its own beside the share. It makes asking
idempotent:

    ticket not seen before         count a download, store a link for it          `first`
    its link is alive, unclaimed   hand out the same link                         `again`
    its link died unclaimed        revoke it and store another, count nothing     `replace`
    its link was claimed           the ticket is spent: another download needs another ticket

A ticket's item keeps the link's URL, because a URL can't be made again from the record. It is worth nothing
at the distribution once the link is claimed or a minute old, and nothing at S3 without the claim token, which
only the link's record holds.

Each write carries the conditions that make it right whatever else happens at the same time. Who loses
a race reads again and decides again.
"""

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from onetime_urls.protocol.links.record import LinkRecord, put_request
from onetime_urls.protocol.links.rules import Item, Request
from onetime_urls.protocol.shares.limits import MAX_REPLACEMENTS, SPARE_SECONDS
from onetime_urls.protocol.shares.record import Download, Share, State, key_of

LINK_ATTRIBUTES = ("signature", "claims", "revoked_at")
"""All that the page looks at in a link's record, or changes there. The claim token isn't among them, and
the stack lets the page's role name no others."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the two tables that a transaction writes to."""

    shares: str
    links: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that has been used.

    Attributes:
        name: the item's key, see `ticket_name`.
        link: signature of its latest one-time link.
        url: that link, whole. Secret while the link lives.
        expires_at: when that link ends, epoch seconds.
        replaced: how many links it had before.
    """

    name: str
    link: str
    url: str = field(repr=False)
    expires_at: int
    replaced: int = 0

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """The ticket in a stored item."""
        return cls(
            item["id"]["S"],
            item["link"]["S"],
            item["url"]["S"],
            int(item["expires_at"]["N"]),
            int(item["replaced"]["N"]),
        )


class Step(Enum):
    """What is done for a visitor who asks for the file."""

    FIRST = "first"
    AGAIN = "again"
    REPLACE = "replace"
    SPENT = "spent"
    REFUSED = "refused"


def ticket_name(share_id: str, ticket: str) -> str:
    """The key of a ticket's item: no share's id has a `#` in it."""
    return f"{share_id}#{hashlib.sha256(ticket.encode('ascii')).hexdigest()}"


def next_step(share: Share, ticket: Ticket | None, link: Item | None, now: int) -> Step:
    """What to do, read from the items as they stand.

    Args:
        ticket: what is stored under the visitor's ticket, None if nothing is.
        link: the record of that ticket's link: at least `claims`, and `revoked_at` if it has one.
    """
    state = share.state(now)
    if state in (State.REVOKED, State.EXPIRED):
        return Step.REFUSED
    if ticket is None:
        return Step.FIRST if state is State.READY else Step.REFUSED
    if link is None or link["claims"]["M"]:  # a record that is gone tells nothing: deny on doubt
        return Step.SPENT
    if "revoked_at" not in link and ticket.expires_at - now >= SPARE_SECONDS:
        return Step.AGAIN
    return Step.REPLACE if ticket.replaced < MAX_REPLACEMENTS else Step.SPENT


def first(
    tables: Tables, share: Share, download: Download, record: LinkRecord, ticket: Ticket | None
) -> list[Request]:
    """The transaction that counts a download and stores its link, and its ticket if there is one."""
    counted = _handed_out(tables, share.id, download)
    counted["ConditionExpression"] += " AND downloads < max_downloads"
    counted["UpdateExpression"] += ", downloads = downloads + :one"
    counted["ExpressionAttributeValues"][":one"] = {"N": "1"}
    items = [{"Update": counted}, {"Put": put_request(tables.links, record)}]
    if ticket is not None:
        items.append(
            {
                "Put": {
                    "TableName": tables.shares,
                    "Item": _ticket_item(ticket, share.ttl),
                    "ConditionExpression": "attribute_not_exists(id)",
                }
            }
        )
    return items


def replace(
    tables: Tables, share: Share, download: Download, record: LinkRecord, ticket: Ticket, old: Ticket
) -> list[Request]:
    """The transaction that puts `record` in the place of `old`'s link, if that has no claim."""
    return [
        {"Update": _handed_out(tables, share.id, download)},
        {"Update": _revoke_unclaimed(tables.links, old.link, download.when)},
        {"Put": put_request(tables.links, record)},
        {
            "Put": {
                "TableName": tables.shares,
                "Item": _ticket_item(ticket, share.ttl),
                "ConditionExpression": "link = :old",
                "ExpressionAttributeValues": {":old": {"S": old.link}},
            }
        },
    ]


def link_request(links_table: str, signature: str) -> Request:
    """`GetItem` for a link's claims, and whether it was revoked, after every write so far."""
    return {
        "TableName": links_table,
        "Key": {"signature": {"S": signature}},
        "ProjectionExpression": ", ".join(LINK_ATTRIBUTES),
        "ConsistentRead": True,
    }


def _revoke_unclaimed(links_table: str, signature: str, now: int) -> Request:
    """The update that revokes a link which nobody has claimed; its condition fails for any other."""
    return {
        "TableName": links_table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": "attribute_exists(signature) AND size(claims) = :none",
        "UpdateExpression": "SET revoked_at = if_not_exists(revoked_at, :now)",
        "ExpressionAttributeValues": {":none": {"N": "0"}, ":now": {"N": str(now)}},
    }


def _handed_out(tables: Tables, share_id: str, download: Download) -> dict[str, Any]:
    return {
        "TableName": tables.shares,
        "Key": key_of(share_id),
        "ConditionExpression": "expires_at > :now AND attribute_not_exists(revoked_at)",
        "UpdateExpression": "SET history = list_append(history, :line)",
        "ExpressionAttributeValues": {
            ":now": {"N": str(download.when)},
            ":line": {"L": [download.value()]},
        },
    }


def _ticket_item(ticket: Ticket, ttl: int) -> Item:
    return {
        "id": {"S": ticket.name},
        "link": {"S": ticket.link},
        "url": {"S": ticket.url},
        "expires_at": {"N": str(ticket.expires_at)},
        "replaced": {"N": str(ticket.replaced)},
        "ttl": {"N": str(ttl)},
    }
