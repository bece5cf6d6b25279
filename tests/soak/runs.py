"""Runs many schedules at a time, within a bound, and prints what came of them."""

import asyncio
import time
from collections import Counter

from tests.soak.schedule import World, run

AT_ONCE = 12
"""Schedules that run side by side: most of their time is spent waiting for calls that don't answer."""


async def run_schedules(world: World, *, seed: str, number: int, seconds: float = 1200) -> Counter[str]:
    """Run `number` schedules, or as many as begin within `seconds`, and add up what happened.

    Raises:
        Broken: a promise was broken in one of them.
    """
    totals: Counter[str] = Counter()
    end, waiting = time.monotonic() + seconds, iter(range(number))

    async def work() -> None:
        for n in waiting:
            if time.monotonic() > end:
                return
            totals.update(await run(world, f"{seed}-{n}"))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return totals


def show(totals: Counter[str]) -> None:
    """Print totals, one a line."""
    for name in sorted(totals):
        print(f"  {name:44}{totals[name]:8d}")
