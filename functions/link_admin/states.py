"""Says what a link's record means, in words that promise no more than is known.

A record shows that a claim was admitted. Whether its bytes arrived isn't in it, unless CloudFront's log
has told so since (`outcome`): until then the answer is that nobody knows.
"""

from typing import Any

from onetime_urls.protocol.links.claims import used_up
from onetime_urls.protocol.links.limits import MAX_GIVEN_BACK
from onetime_urls.protocol.links.rules import Item

UNKNOWN_OUTCOME = "claimed, outcome unknown"


def state(item: Item, now: int) -> str:
    """One of "revoked", "used", "expired", "exhausted" and "ready", the first that is true in this order.

    A link that was used up and has expired since is "used": that it was fetched is what its sender wants
    to know. One that is exhausted admits no claim either: too many were given back.

    Args:
        item: the visible attributes of a record (`onetime_urls.protocol.links.views.VISIBLE`).
        now: epoch seconds.
    """
    if "revoked_at" in item:
        return "revoked"
    if used_up(item):
        return "used"
    if int(item["expires_at"]["N"]) <= now:
        return "expired"
    return "exhausted" if len(item["given_back"]["M"]) >= MAX_GIVEN_BACK else "ready"


def present(item: Item, now: int) -> dict[str, Any]:
    """A link as callers see it, claims and returns oldest first. Times are epoch seconds.

    Args:
        item, now: as for `state`.
    """
    link: dict[str, Any] = {
        "id": item["signature"]["S"],
        "key": item["object_key"]["S"],
        "size": int(item["size"]["N"]),
        "state": state(item, now),
        "issued_at": int(item["issued_at"]["N"]),
        "expires_at": int(item["expires_at"]["N"]),
        "max_claims": int(item["max_claims"]["N"]),
    }
    if "revoked_at" in item:
        link["revoked_at"] = int(item["revoked_at"]["N"])
    if "share" in item:
        link["share"] = item["share"]["S"]
    claims = [_claim(claim_id, stored["M"]) for claim_id, stored in item["claims"]["M"].items()]
    returns = [{"id": claim_id, "when": int(when["N"])} for claim_id, when in item["given_back"]["M"].items()]
    link["claims"] = sorted(claims, key=_age)
    link["given_back"] = sorted(returns, key=_age)
    return link


def _claim(claim_id: str, stored: Item) -> dict[str, Any]:
    claim: dict[str, Any] = {
        "id": claim_id,
        "when": int(stored["when"]["N"]),
        "address": stored["address"]["S"],
        "agent": stored["agent"]["S"],
        "edge": stored["edge"]["S"],
        "outcome": stored["outcome"]["S"] if "outcome" in stored else UNKNOWN_OUTCOME,
    }
    if "followers" in stored:
        claim["followers"] = int(stored["followers"]["N"])
    return claim


def _age(entry: dict[str, Any]) -> tuple[int, str]:
    return entry["when"], entry["id"]
