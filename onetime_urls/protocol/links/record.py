"""The record of one link: what is stored of it at mint, and what is noted in it apart from claims.

A link is one DynamoDB item keyed on its signature. Its life is a few writes, each with a condition
that DynamoDB evaluates atomically (DynamoDB Developer Guide, "Condition expressions"). Those of the guard,
which decide who gets the object, are in `claims`. The others are here:

    put        only if there is no such item                       the issuer, once per mint
    revoke     only if there is such an item                       the link admin, when the sender asks
    outcome    only if the claim is there, and open                the reconciler, from CloudFront's log

Requests and items are dictionaries in the shape of DynamoDB's JSON API, which is also what boto3's
low-level client takes.
"""

from dataclasses import dataclass, field

from onetime_urls.protocol.links.rules import Item, Request

SHARD = "shard"
"""Attribute that says which part of the index of all links one is in (`views`)."""

SHARDS = 4
"""As many as let in what a table on demand takes from the start, 4,000 writes a second (DynamoDB Developer
Guide, "DynamoDB throughput capacity")."""


def shard_of(issued_at: int) -> str:
    """The part for a link that is minted at this second."""
    return str(issued_at % SHARDS)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What is stored at mint.

    Attributes:
        signature: 64 lower-case hex digits of `X-Amz-Signature`, the partition key.
        fingerprint: SHA-256 of the canonical target, as hex.
        claim_token: value of the signed header `x-claim-token`. Secret: the URL is worthless at S3
            without it, so it is in no URL, log, answer or error.
        object_key, etag, size, version_id: the object as it was promised; `version_id` is None on a
            bucket without versioning. `size` in bytes.
        issued_at, expires_at: epoch seconds. `expires_at` is the promise.
        max_claims: admissions allowed, 1 unless asked otherwise.
        ttl: epoch seconds after which DynamoDB may delete the item, days late.
        share: what the share is called that handed the link out; None for a link that was asked for.
    """

    signature: str
    fingerprint: str
    claim_token: str = field(repr=False)
    object_key: str
    etag: str
    size: int
    issued_at: int
    expires_at: int
    ttl: int
    max_claims: int = 1
    version_id: str | None = None
    share: str | None = None

    def item(self) -> Item:
        """The item to store: no claim yet, nothing given back. What a share handed out is told by the share:
        only other links are in the index of all."""
        item: Item = {
            "signature": {"S": self.signature},
            "fingerprint": {"S": self.fingerprint},
            "claim_token": {"S": self.claim_token},
            "object_key": {"S": self.object_key},
            "etag": {"S": self.etag},
            "size": {"N": str(self.size)},
            "issued_at": {"N": str(self.issued_at)},
            "expires_at": {"N": str(self.expires_at)},
            "ttl": {"N": str(self.ttl)},
            "max_claims": {"N": str(self.max_claims)},
            "claims": {"M": {}},
            "given_back": {"M": {}},
        }
        if self.version_id is not None:
            item["version_id"] = {"S": self.version_id}
        if self.share is None:
            item[SHARD] = {"S": shard_of(self.issued_at)}
        else:
            item["share"] = {"S": self.share}
        return item


def put_request(table: str, record: LinkRecord) -> Request:
    """`PutItem` for a new link. A signature is stored once: a second put fails its condition and
    returns the stored item, so that the retry of a lost reply can recognise its own record."""
    return {
        "TableName": table,
        "Item": record.item(),
        "ConditionExpression": "attribute_not_exists(signature)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def revoke_request(table: str, signature: str, now: int) -> Request:
    """`UpdateItem` that stops a link for good. The second time changes nothing: the first time stays.

    It answers with nothing of the item: its sender may not touch or see anything else.
    """
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": "attribute_exists(signature)",
        "UpdateExpression": "SET revoked_at = if_not_exists(revoked_at, :now)",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
        "ReturnValues": "NONE",
    }


def outcome_request(table: str, signature: str, claim_id: str, outcome: str) -> Request:
    """`UpdateItem` that notes what became of a claim, once: a claim given back or noted stays as it is.

    Args:
        outcome: "delivered" or "failed".
    """
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": "attribute_exists(claims.#id) AND attribute_not_exists(claims.#id.outcome)",
        "UpdateExpression": "SET claims.#id.outcome = :outcome",
        "ExpressionAttributeNames": {"#id": claim_id},
        "ExpressionAttributeValues": {":outcome": {"S": outcome}},
        "ReturnValues": "NONE",
    }
