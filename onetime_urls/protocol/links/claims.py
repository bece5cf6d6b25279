"""Claims of a link: the conditional writes that decide who gets the object.

Each is a write to the link's record (`record`) with a condition that DynamoDB evaluates atomically (DynamoDB
Developer Guide, "Condition expressions"), and each is the guard's:

    claim      only if the link is whole, alive and not used up    once per redemption
    cancel     only if the item is this link                       when it can't tell whether its claim was
                                                                   stored
    follow     only under a claim's lease, in time, in budget      for each further range
    release    only if the claim is there, and not too often       when S3 failed to serve

A claim is an entry in the map `claims` under the id of the request that makes it. A claim that is
cancelled or released is given back: it leaves a tombstone in `given_back` under the same id. Both maps are
minted empty, so a write needs no default, and both refuse their id a second time: a claim that DynamoDB
receives late, or twice, changes nothing. When the condition of a claim fails, DynamoDB returns the item as
it stood (free of charge), and the rules say what happened.

A claim of a resumable link holds a lease: the hash of a secret that only its claimer was given, the
end of its window, and the bytes that are left to send. A follower takes its bytes from there in the
same write that admits it. Once a claim has followers it is never released.

Requests are dictionaries in the shape of DynamoDB's JSON API, because the guard posts them itself.
"""

from typing import NamedTuple

from onetime_urls.protocol.links.limits import MAX_FOLLOWERS, MAX_GIVEN_BACK, MAX_RELEASES
from onetime_urls.protocol.links.rules import CLAIM, FOLLOW, Item, Request


class StoredLease(NamedTuple):
    """What lets the claimer of a resumable link come back for more of it.

    Attributes:
        key: SHA-256 of the secret that the claimer shows, as hex. The secret is never stored.
        until: epoch seconds at which the window closes.
        left: bytes that may still be sent after this claim's own.
    """

    key: str
    until: int
    left: int


class Claim(NamedTuple):
    """One request's attempt to redeem a link.

    Attributes:
        id: CloudFront's `config.requestId`, the same for every retry and trigger of the request.
        when: epoch seconds.
        address: the viewer's IP address.
        agent: the viewer's User-Agent, cut to `limits.MAX_AGENT_BYTES`.
        edge: the region in which the function ran.
        lease: None on a link without resume.
    """

    id: str
    when: int
    address: str
    agent: str
    edge: str
    lease: StoredLease | None = None

    def entry(self) -> Item:
        """The value under the claim's id in the map `claims`."""
        entry: Item = {
            "when": {"N": str(self.when)},
            "address": {"S": self.address},
            "agent": {"S": self.agent},
            "edge": {"S": self.edge},
        }
        if self.lease is not None:
            entry["lease"] = {"S": self.lease.key}
            entry["until"] = {"N": str(self.lease.until)}
            entry["left"] = {"N": str(self.lease.left)}
        return entry


class Follower(NamedTuple):
    """A further request under a claim's lease.

    Attributes:
        claim_id: the claim that holds the lease.
        key: SHA-256 of the secret that the viewer showed, as hex.
        when: epoch seconds.
        size: bytes that it asks for.
    """

    claim_id: str
    key: str
    when: int
    size: int


def claim_request(table: str, signature: str, fingerprint: str, claim: Claim) -> Request:
    """`UpdateItem` that admits `claim` if the link is whole, alive and not used up.

    The answer carries the item after the write, the refusal carries it as it stood.
    """
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": CLAIM.condition,
        "UpdateExpression": "SET #claims.#id = :claim",
        "ExpressionAttributeNames": CLAIM.names(claim.id),
        "ExpressionAttributeValues": {
            ":fingerprint": {"S": fingerprint},
            ":now": {"N": str(claim.when)},
            ":tombstones": {"N": str(MAX_GIVEN_BACK)},
            ":claim": {"M": claim.entry()},
        },
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def follow_request(table: str, signature: str, fingerprint: str, follower: Follower) -> Request:
    """`UpdateItem` that admits `follower` and takes its bytes from its claim's budget.

    Sent twice it takes them twice: a budget may come out smaller than it was, never larger.
    """
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": FOLLOW.condition,
        "UpdateExpression": "SET #claims.#id.#left = #claims.#id.#left - :bytes,"
        " #claims.#id.#followers = if_not_exists(#claims.#id.#followers, :none) + :one",
        "ExpressionAttributeNames": FOLLOW.names(follower.claim_id),
        "ExpressionAttributeValues": {
            ":fingerprint": {"S": fingerprint},
            ":lease": {"S": follower.key},
            ":now": {"N": str(follower.when)},
            ":bytes": {"N": str(follower.size)},
            ":followers": {"N": str(MAX_FOLLOWERS)},
            ":none": {"N": "0"},
            ":one": {"N": "1"},
        },
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def cancel_request(table: str, signature: str, fingerprint: str, claim_id: str, now: int) -> Request:
    """`UpdateItem` that removes a claim of this request, if it was stored, and bars it for good.

    Whichever of claim and tombstone DynamoDB receives first, the link ends up unclaimed. It fails, and
    that is as good, where there is nothing to remove and no room for a tombstone: no claim is admitted there
    any more. And a claim that has followers stays (whoever is bound by address may have followed while the
    claim's own request still waited for its reply): bytes went out under it.
    """
    request = _give_back_request(table, signature, fingerprint, claim_id, now)
    request["ConditionExpression"] += " AND (attribute_exists(#claims.#id) OR size(#given_back) < :most)"
    request["ExpressionAttributeValues"][":most"] = {"N": str(MAX_GIVEN_BACK)}
    return request


def release_request(table: str, signature: str, fingerprint: str, claim_id: str, now: int) -> Request:
    """`UpdateItem` that releases a claim which S3 failed to serve, at most `MAX_RELEASES` times a link.

    Sent twice, the second one fails its condition and shows the tombstone.
    """
    request = _give_back_request(table, signature, fingerprint, claim_id, now)
    request["ConditionExpression"] += (
        " AND attribute_exists(#claims.#id) AND (attribute_not_exists(#releases) OR #releases < :most)"
    )
    request["UpdateExpression"] += " ADD #releases :one"
    request["ExpressionAttributeNames"]["#releases"] = "releases"
    request["ExpressionAttributeValues"] |= {":most": {"N": str(MAX_RELEASES)}, ":one": {"N": "1"}}
    request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return request


def _give_back_request(table: str, signature: str, fingerprint: str, claim_id: str, now: int) -> Request:
    """What cancelling and releasing have in common: the claim goes, its tombstone stays."""
    return {
        "TableName": table,
        "Key": {"signature": {"S": signature}},
        "ConditionExpression": "#fingerprint = :fingerprint AND attribute_not_exists(#claims.#id.#followers)",
        "UpdateExpression": "SET #given_back.#id = :now REMOVE #claims.#id",
        "ExpressionAttributeNames": {
            "#claims": "claims",
            "#fingerprint": "fingerprint",
            "#followers": "followers",
            "#given_back": "given_back",
            "#id": claim_id,
        },
        "ExpressionAttributeValues": {":fingerprint": {"S": fingerprint}, ":now": {"N": str(now)}},
        "ReturnValues": "NONE",
    }


def used_up(item: Item) -> bool:
    """Whether the link has as many claims as it may have."""
    return len(item["claims"]["M"]) >= int(item["max_claims"]["N"])


def holder(item: Item, key: str) -> str | None:
    """The id of the claim whose lease has this key, if there is one."""
    for claim_id, entry in item["claims"]["M"].items():
        if entry["M"].get("lease") == {"S": key}:
            return str(claim_id)
    return None


def is_released(item: Item | None, claim_id: str) -> bool:
    """Whether the item, as it stood when a release's condition failed, shows that it had been done."""
    return item is not None and claim_id in item["given_back"]["M"]
