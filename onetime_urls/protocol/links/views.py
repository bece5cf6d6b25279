"""What may be read of a link's record afterwards, and how: everything but what makes the link work.

Whoever looks after links has no use for `claim_token` or `fingerprint`, so no read asks for them. The
stack lets the readers' roles ask for nothing beside `VISIBLE`, so that a mistake here is refused by
DynamoDB (DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control").

Links of one object are found through an index on the key and the time of minting. It projects keys only.
A write that changes no projected attribute costs an index nothing (same guide, "Using Global Secondary
Indexes": write capacity), and no claim, return or revocation changes one: the hot path stays one write.
"""

from typing import Any

Request = dict[str, Any]

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
)
"""Attributes that a reader may ask for."""

BY_KEY = "by-key"
"""Name of the index: partition key `object_key`, sort key `issued_at`."""


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
