"""Runs many schedules at a time, within a bound, and prints what came of them."""

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.soak.schedule import MOST_VIEWERS, World, run

AT_ONCE = 8
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

    # A guard that waits for its store holds a thread, and its invocation's time runs from when it is asked.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MOST_VIEWERS * AT_ONCE))
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return totals


def show(totals: Counter[str]) -> None:
    """Print totals, one a line."""
    for name in sorted(totals):
        print(f"  {name:44}{totals[name]:8d}")
