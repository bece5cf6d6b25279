"""What may be read of a link's record afterwards, and how: everything but what makes the link work.

Whoever looks after links has no use for `claim_token` or `fingerprint`, so no read asks for them. The
stack lets the readers' roles ask for nothing beside `VISIBLE`, so that a mistake here is refused by
DynamoDB (DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control").

Links of one object are found through an index on the key and the time of minting, links of all objects
through one on the time alone. Both project keys only. A write that changes no projected attribute costs an
index nothing (same guide, "Using Global Secondary Indexes": write capacity), and no claim, return or
revocation changes one: the hot path stays one write.

The index of all links is in `SHARDS` parts, in which seconds take turns. One partition of an index takes
1,000 writes a second (same guide, "Best practices for designing and using partition keys"), and minting would
wait for it. Links of one second are in one part, so that each part's own order holds where times are equal.
"""

from collections.abc import Iterable, Sequence

from onetime_urls.protocol.links.record import SHARD, SHARDS, shard_of
from onetime_urls.protocol.links.rules import Item, Request

VISIBLE = (
    "signature",
    "object_key",
    "size",
    "issued_at",
    "expires_at",
    "max_claims",
    "claims",
    "given_back",
    "revoked_at",
    "share",
)
"""Attributes that a reader may ask for."""

BY_KEY = "by-key"
"""Name of the index: partition key `object_key`, sort key `issued_at`."""

BY_TIME = "by-time"
"""Name of the index of all links: partition key `SHARD`, sort key `issued_at`."""


def link_request(table: str, signature: str) -> Request:
    """`GetItem` for one link's visible attributes, as it is after every write so far."""
    names = {f"#{number}": name for number, name in enumerate(VISIBLE)}
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ProjectionExpression": ", ".join(names),
        "ExpressionAttributeNames": names,
        "ConsistentRead": True,
    }


def links_of_key_request(
    table: str,
    key: str,
    limit: int,
    after: tuple[int, str] | None = None,
    issued: tuple[int, int] | None = None,
) -> Request:
    """`Query` for the signatures of an object's links, newest first.

    Args:
        key: the object's key.
        limit: the most to answer with.
        after: `issued_at` and signature of the last link of the page before; None for the first page.
        issued: first and last second of minting that is asked for; None for all.
    """
    request: Request = {
        "TableName": table,
        "IndexName": BY_KEY,
        "KeyConditionExpression": "object_key = :key",
        "ExpressionAttributeValues": {":key": {"S": key}},
        "ProjectionExpression": "signature, object_key, issued_at",
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if issued is not None:
        request["KeyConditionExpression"] += " AND issued_at BETWEEN :first AND :last"
        request["ExpressionAttributeValues"] |= {
            ":first": {"N": str(issued[0])},
            ":last": {"N": str(issued[1])},
        }
    if after is not None:
        issued_at, signature = after
        request["ExclusiveStartKey"] = {
            "object_key": {"S": key},
            "issued_at": {"N": str(issued_at)},
            "signature": {"S": signature},
        }
    return request


def all_links_requests(table: str, limit: int, after: tuple[int, str] | None = None) -> list[Request]:
    """A `Query` for each part of the index of all links: their signatures, newest first.

    Args:
        limit: the most to answer with, each.
        after: `issued_at` and signature of the last link of the page before; None for the first page.
    """
    return [_of_shard(table, str(number), limit, after) for number in range(SHARDS)]


def newest(found: Iterable[Sequence[Item]], limit: int) -> list[Item]:
    """The newest of the entries that the parts of the index of all links gave, in order."""
    entries = [entry for part in found for entry in part]
    return sorted(entries, key=lambda entry: -int(entry["issued_at"]["N"]))[:limit]


def _of_shard(table: str, shard: str, limit: int, after: tuple[int, str] | None) -> Request:
    request: Request = {
        "TableName": table,
        "IndexName": BY_TIME,
        "KeyConditionExpression": "#shard = :shard",
        "ExpressionAttributeNames": {"#shard": SHARD},
        "ExpressionAttributeValues": {":shard": {"S": shard}},
        "ProjectionExpression": "signature, issued_at",
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if after is None:
        return request
    issued_at, signature = after
    if shard_of(issued_at) == shard:
        request["ExclusiveStartKey"] = {
            SHARD: {"S": shard},
            "issued_at": {"N": str(issued_at)},
            "signature": {"S": signature},
        }
    else:
        request["KeyConditionExpression"] += " AND issued_at < :before"
        request["ExpressionAttributeValues"][":before"] = {"N": str(issued_at)}
    return request
