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
from tests.soak.schedule import Broken, run
from tests.soak.siege import besiege
from tests.soak.world import besieged_on, world_on

SCHEDULES, ATTACKS, FUZZ_RUNS = 1_000, 10_000, 200_000


def main(seed: str) -> int:
    """Run it all and end in a verdict; 1 if a promise was broken."""
    print(f"Starting a local cloud. Seed {seed}.", flush=True)
    found: list[BaseException] = []
    try:
        _run(seed)
    except* Broken as broken:
        found.extend(broken.exceptions)
    if found:
        print(f"\nBROKEN: {found[0]}\n`python -m tests.soak {seed}` repeats it.")
        return 1
    print("\nHELD: no link was used twice, none was lost, and nothing that wasn't the link got a byte.")
    return 0


def _run(seed: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCloud(
            Path(folder) / ".local",
            context={"throttle_rate": "10000", "throttle_burst": "5000"},
        ) as cloud,
    ):
        world = world_on(cloud.outputs)
        if re.fullmatch(r".+-\d+", seed):
            _timed(f"schedule {seed}", run(world, seed))
            return
        _timed(f"{SCHEDULES} schedules of faults", run_schedules(world, seed=seed, number=SCHEDULES))
        _timed(f"{ATTACKS} hostile requests", besiege(besieged_on(cloud.outputs), seed=seed, number=ATTACKS))
    _fuzz()


def _fuzz() -> None:
    """Let the fuzzer search. What it prints is about itself, and shown only where it found something."""
    print(f"{FUZZ_RUNS} runs of the fuzzer", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.soak.fuzz", str(FUZZ_RUNS)]
    fuzzed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    print(f"  {'seconds':44}{time.monotonic() - began:8.0f}")
    if fuzzed.returncode:
        raise Broken(f"the fuzzer found a target that is read wrongly\n{fuzzed.stderr[-4000:]}")


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
