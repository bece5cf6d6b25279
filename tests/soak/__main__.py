"""`make soak`: 1,000 schedules of faults, 10,000 hostile requests and the fuzzer, bounded in count and time.

`python -m tests.soak SEED` repeats a run; `python -m tests.soak SEED-N` repeats schedule N of it alone.
"""

import asyncio
import contextlib
import io
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from local_cloud.cloud import LocalCloud
from tests.soak.runs import run_schedules, show
from tests.soak.schedule import run
from tests.soak.siege import besiege
from tests.soak.world import besieged_on, world_on

SCHEDULES, ATTACKS, FUZZ_RUNS = 1_000, 10_000, 200_000


def main(seed: str) -> int:
    print(f"Starting a local cloud. Seed {seed}.", flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCloud(
            Path(folder) / ".local",
            context={"throttle_rate": "10000", "throttle_burst": "5000"},
        ) as cloud,
    ):
        world = world_on(cloud)
        if re.fullmatch(r".+-\d+", seed):
            _timed(f"schedule {seed}", run(world, seed))
            return 0
        _timed(f"{SCHEDULES} schedules of faults", run_schedules(world, seed=seed, number=SCHEDULES))
        _timed(f"{ATTACKS} hostile requests", besiege(besieged_on(cloud), seed=seed, number=ATTACKS))
    print(f"{FUZZ_RUNS} runs of the fuzzer", flush=True)
    began = time.monotonic()
    fuzzed = subprocess.run(
        [sys.executable, "-m", "tests.soak.fuzz", str(FUZZ_RUNS)], check=False, timeout=1200
    )
    print(f"  {'seconds':44}{time.monotonic() - began:8.0f}")
    return fuzzed.returncode


def _timed(title: str, work: Coroutine[Any, Any, Counter[str]]) -> None:
    """Run it, with the guards' own log lines kept out of sight, and print what came of it."""
    print(title, flush=True)
    began = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()):
        totals = asyncio.run(work)
    show(totals)
    print(f"  {'seconds':44}{time.monotonic() - began:8.0f}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else secrets.token_hex(4)))
