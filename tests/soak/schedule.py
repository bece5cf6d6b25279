"""One link's life under a seeded schedule of faults, and what must hold after it.

a link serves no more claims than it was minted for
whoever got bytes of the object has the claim, or a lease under a claim that is there
whoever was told that nothing was used up has no claim, unless the store was down throughout
every claim was delivered, or somebody was told otherwise: its outcome is unknown
what isn't claimed can still be claimed, and then no more
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from local_cloud.edge.messages import Headers
from local_cloud.edge.model import Distribution
from tests.soak.edge import Edge, Visit
from tests.soak.faults import Fault, Plan, draw_plan

GAVE_UP = 3
"""Faults at the store after which a claim in doubt may stay: the write, its retry and the tombstone."""

MOST_VIEWERS = 3
"""Of one link at a time."""


class Broken(AssertionError):
    """A promise was broken; the message says which and how to run the schedule again."""


@dataclass(frozen=True)
class World:
    """What schedules share.

    Attributes:
        distribution: as it was deployed.
        upstream: address of the local AWS.
        parameter: name of the SSM parameter that the guard reads.
        mint: makes a link with such parameters, and returns the API's answer.
        item: reads a link's record by its id.
        body: the object.
    """

    distribution: Distribution
    upstream: tuple[str, int]
    parameter: str
    mint: Callable[..., dict[str, Any]]
    item: Callable[[str], dict[str, Any]]
    body: bytes


async def run(world: World, seed: str) -> Counter[str]:
    """Run the schedule that `seed` draws and tell what happened.

    Raises:
        Broken: a promise was broken.
    """
    random = Random(seed)
    terms = _terms(random)
    link = await asyncio.to_thread(world.mint, **terms)
    target = "/" + link["url"].split("/", 3)[3]
    edge = Edge(world.distribution, world.upstream, world.parameter)
    async with edge.serving():
        visits: list[Visit] = []
        for group in range(random.randint(2, 4)):
            viewers = [
                _viewer(world, edge, target, f"viewer {group}.{n}", terms, Random(f"{seed}/{group}/{n}"))
                for n in range(random.choice((1, 1, 1, 2, MOST_VIEWERS)))
            ]
            for seen in await asyncio.gather(*viewers):
                visits += seen
        faults = await edge.settle()
        try:
            totals = _examine(world, terms, await asyncio.to_thread(world.item, link["id"]), visits)
            totals["redeemed afterwards"] = await _redeem_rest(world, edge, target, terms, link["id"])
        except AssertionError as broken:
            raise Broken(f"schedule {seed} ({terms}): {broken}") from None
    return totals + Counter({f"fault, {name}": n for name, n in faults.items() if "none" not in name})


def _terms(random: Random) -> dict[str, Any]:
    kind = random.choice(("strict", "strict", "cookie", "address"))
    if kind == "strict":
        return {"max_claims": random.randint(1, 3)}
    resume = {"resume": 300, "resume_factor": random.randint(1, 3), "resume_by": kind}
    return resume | {"max_claims": 1 if kind == "address" else random.randint(1, 2)}


async def _viewer(
    world: World, edge: Edge, target: str, agent: str, terms: dict[str, Any], random: Random
) -> list[Visit]:
    """Somebody who asks, and who comes back for the rest, or for some part, if the link allows it."""
    visits: list[Visit] = []
    lease, got = "", 0
    for _ in range(4 if "resume" in terms else 1):
        begin = got if got < len(world.body) else random.randrange(len(world.body))
        headers: Headers = (("User-Agent", agent),)
        if lease:
            headers += (("Cookie", lease),)
        if begin:
            headers += (("Range", f"bytes={begin}-"),)
        visit = await edge.visit(target, draw_plan(random), headers)
        assert visit.body == world.body[begin : begin + len(visit.body)], "the bytes aren't the object's"
        visits.append(visit)
        lease = visit.lease = visit.lease or lease
        got = max(got, begin + len(visit.body))
        if not visit.body:
            break
    return visits


def _examine(world: World, terms: dict[str, Any], item: dict[str, Any], visits: list[Visit]) -> Counter[str]:
    """Hold the record against what viewers saw."""
    claims, given_back = item["claims"]["M"], item["given_back"]["M"]
    assert len(claims) <= terms["max_claims"], f"{len(claims)} claims"
    assert not claims.keys() & given_back.keys(), "a claim came back from its tombstone"
    totals: Counter[str] = Counter({"schedules": 1, "visits": len(visits), "given back": len(given_back)})
    served: Counter[str] = Counter()
    for visit in visits:
        assert not visit.claim_token_seen, "the claim token reached a viewer"
        claimed = visit.request_id in claims
        if visit.body:
            claim = visit.request_id if claimed else _claim_of(visit, claims)
            served[claim] += len(visit.body)
            totals["admitted" if claimed else "followed"] += 1
            totals["delivered whole"] += claimed and len(visit.body) == len(world.body)
        elif claimed:
            promised = visit.reason in ("unavailable", "used", "storage") and visit.status != 502
            faults = visit.plan.met_at_store
            # A refused claim that is carried out twice may find the link free by then (decision 0002).
            excused = len(faults) >= GAVE_UP or (visit.reason == "used" and Fault.DOUBLED in faults)
            assert not promised or excused, f"told {visit.reason}, and yet it is claimed"
            totals["outcome unknown"] += 1
        else:
            totals[f"refused, {visit.reason or visit.status}"] += 1
    for claim, sent in served.items():
        assert sent <= len(world.body) * terms.get("resume_factor", 1), f"{sent} bytes under one claim"
        assert claim in claims
    return totals


def _claim_of(follower: Visit, claims: dict[str, Any]) -> str:
    """The claim under which a viewer without one of its own got bytes."""
    shown = follower.lease.rpartition(".")[2]
    if shown in claims:
        return shown
    followed = [claim for claim, entry in claims.items() if "followers" in entry["M"]]
    assert len(followed) == 1, "bytes without a claim"
    return followed[0]


async def _redeem_rest(world: World, edge: Edge, target: str, terms: dict[str, Any], link: str) -> int:
    """Claim what is left, without faults; after that the link is used."""
    item = await asyncio.to_thread(world.item, link)
    left = int(terms["max_claims"]) - len(item["claims"]["M"])
    for n in range(left):
        visit = await _insist(edge, target, f"late {n}")
        assert visit.body == world.body, f"an unclaimed link answered {visit.status} {visit.reason}"
    last = await _insist(edge, target, "too late")
    assert (last.status, last.reason) == (403, "used"), f"a used link answered {last.status} {last.reason}"
    return left


async def _insist(edge: Edge, target: str, agent: str) -> Visit:
    """Ask without faults; the store may still be slow beside other schedules, and then ask again."""
    for _ in range(3):
        visit = await edge.visit(target, Plan(), (("User-Agent", agent),))
        if visit.status != 503:
            break
    return visit
