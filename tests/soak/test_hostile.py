"""A short run of the hostile requests of `make soak`."""

import asyncio
import subprocess
import sys

import pytest

from tests.shared_cloud import Running
from tests.soak.hostile import KINDS
from tests.soak.runs import show
from tests.soak.siege import besiege
from tests.soak.world import besieged_on


def test_no_hostile_request_gets_a_byte_burns_a_link_or_makes_a_record(local_cloud: Running) -> None:
    totals = asyncio.run(besiege(besieged_on(local_cloud.outputs), seed="short", number=300))
    show(totals)
    assert totals["attacks"] == 300
    assert {name.partition(": ")[0] for name in totals if ": " in name} == KINDS.keys()
    assert totals["links served to a re-spelling"] > 0
    assert totals["links that still worked"] > 0


def test_a_coverage_guided_search_finds_no_target_that_is_read_wrongly() -> None:
    pytest.importorskip("atheris", reason="Atheris, the fuzzer, has no build for this platform")
    command = [sys.executable, "-m", "tests.soak.fuzz", "10000"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 0, found.stderr[-2000:]
