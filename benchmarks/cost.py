"""What one guard costs: CPU to start and per claim, memory, calls, and the asset's size. Medians."""

import statistics
import time
from typing import Any

from benchmarks.bench import BOTO3, OURS, Bench
from benchmarks.counter import counting
from tests.links import make_target, viewer_event

READY_SAMPLES = 9
ROUNDS = 15
CLAIMS_PER_ROUND = 40
COUNTED = 20


def measure(bench: Bench) -> dict[str, dict[str, float]]:
    """Milliseconds and megabytes for both guards, batches alternating."""
    samples: dict[str, dict[str, list[float]]] = {
        module: {
            "ready CPU, ms": [],
            "warm claim CPU, ms": [],
            "warm claim wall, ms": [],
            "peak memory, MB": [],
        }
        for module in (OURS, BOTO3)
    }
    for _ in range(READY_SAMPLES):
        for module in (OURS, BOTO3):
            with bench.worker(module) as worker:
                samples[module]["ready CPU, ms"].append(worker.ready_cpu * 1000)
    with bench.worker(OURS) as ours, bench.worker(BOTO3) as theirs:
        workers = {OURS: ours, BOTO3: theirs}
        for module, worker in workers.items():
            warm_up = worker.run(bench.claims(5))
            assert warm_up["admitted"] == 5, f"{module} admitted {warm_up['admitted']} of 5"
        for _ in range(ROUNDS):
            for module, worker in workers.items():
                figures = worker.run(bench.claims(CLAIMS_PER_ROUND))
                assert figures["admitted"] == CLAIMS_PER_ROUND
                samples[module]["warm claim CPU, ms"].append(figures["cpu"] / CLAIMS_PER_ROUND * 1000)
                samples[module]["warm claim wall, ms"].append(figures["wall"] / CLAIMS_PER_ROUND * 1000)
                samples[module]["peak memory, MB"].append(figures["memory_kb"] / 1024)
    return {
        module: {name: statistics.median(values) for name, values in figures.items()}
        for module, figures in samples.items()
    }


def count_calls(bench: Bench) -> dict[str, float]:
    """AWS calls per claim, per malformed and per expired request, once the container knows its table."""
    with counting(bench.endpoint.partition("://")[2]) as proxy:
        endpoint = f"http://127.0.0.1:{proxy.server_port}"
        with bench.worker(OURS, endpoint) as worker:
            worker.run(bench.claims(1))
            counted = {}
            for name, events in {
                "claim": bench.claims(COUNTED),
                "malformed request": [viewer_event("/x", "X-Amz-Signature=junk")] * COUNTED,
                "expired request": [expired()] * COUNTED,
                "forged request": [forged()] * COUNTED,
            }.items():
                before = proxy.calls.total()
                worker.run(events)
                counted[name] = (proxy.calls.total() - before) / COUNTED
    return counted


def expired() -> Any:
    target = make_target(X_Amz_Date="20200101T000000Z")
    return viewer_event(target.uri, target.querystring)


def forged() -> Any:
    """A link that was made up, with a date of today."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    target = make_target(X_Amz_Date=stamp, x_link_nonce="0" * 64)
    return viewer_event(target.uri, target.querystring)
