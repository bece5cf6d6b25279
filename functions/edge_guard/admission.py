"""Decides in which order a request tries the two ways in: as a follower of a claim, or as a new claim.

    a lease was shown       follow it; only if that lease is over or gone, and claims are left, claim
    bound by address        claim; if the link is used up, follow the claim of the same address and agent
    otherwise               claim

So a link without resume, and the first use of any link, costs one write.
"""

from typing import NamedTuple

from edge_guard.claim import ClaimProtocol, Refusal
from edge_guard.resume import LeaseToken
from edge_guard.viewer_request import LinkRequest
from onetime_urls.protocol.links.claims import Claim, Follower, holder, used_up
from onetime_urls.protocol.links.reasons import EXPIRED, LEASE_OVER, USED
from onetime_urls.protocol.links.rules import Item


class Admission(NamedTuple):
    """A request that may go on to S3.

    Attributes:
        item: the link's record after the write.
        how: "claimed" or "followed".
        lease: what to hand out to the claimer, if anything.
    """

    item: Item
    how: str
    lease: LeaseToken | None = None


def admit(
    protocol: ClaimProtocol, wanted: LinkRequest, claim: Claim, lease: LeaseToken | None
) -> Admission | Refusal:
    """Admit a request, or say why not.

    Args:
        claim: the claim that the request would make.
        lease: what it would be given for it.
    """
    if wanted.lease is not None:
        followed = _follow(protocol, wanted, claim, wanted.lease.claim_id, wanted.lease.key)
        if isinstance(followed, Admission) or not _may_claim_instead(followed):
            return followed
    claimed = protocol.redeem(wanted.target.signature, wanted.target.fingerprint, claim)
    if not isinstance(claimed, Refusal):
        return Admission(claimed, "claimed", lease)
    held_by = _holder_by_address(wanted, claim, claimed)
    return claimed if held_by is None else _follow(protocol, wanted, claim, *held_by)


def _holder_by_address(wanted: LinkRequest, claim: Claim, refused: Refusal) -> tuple[str, str] | None:
    """The claim that a viewer may follow by address although the link can't be claimed any more, and the key
    of its lease. Followers may come as long as their window lasts, also after the link's last second."""
    if (
        refused.reason not in (USED, EXPIRED)
        or refused.item is None
        or not wanted.bound_by_address
        or claim.lease is None
    ):
        return None
    held_by = holder(refused.item, claim.lease.key)
    return None if held_by is None else (held_by, claim.lease.key)


def _follow(
    protocol: ClaimProtocol, wanted: LinkRequest, claim: Claim, claim_id: str, key: str
) -> Admission | Refusal:
    follower = Follower(claim_id, key, claim.when, wanted.size)
    followed = protocol.follow(wanted.target.signature, wanted.target.fingerprint, follower)
    return followed if isinstance(followed, Refusal) else Admission(followed, "followed")


def _may_claim_instead(refused: Refusal) -> bool:
    """Whether a lease that is over or gone leaves a claim to be made."""
    return refused.reason in (USED, LEASE_OVER) and refused.item is not None and not used_up(refused.item)
