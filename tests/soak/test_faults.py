"""A short run of what `make soak` does at length."""

import asyncio
from collections import Counter

from tests.shared_cloud import Running
from tests.soak.faults import STORE_FAULTS
from tests.soak.runs import run_schedules, show
from tests.soak.world import world_on


def test_whatever_fails_no_link_is_used_twice_and_none_is_lost(
    local_cloud: Running,
) -> None:
    totals: Counter[str] = asyncio.run(run_schedules(world_on(local_cloud.outputs), seed="brief", number=40))
    show(totals)
    assert totals["schedules"] == 40
    assert min(totals[name] for name in ("delivered whole", "given back", "followed", "outcome unknown")) > 0
    assert min(totals[f"fault, store: {fault.value}"] for fault in STORE_FAULTS) > 0
