"""How many claims a second guards make side by side, and how many viewers win a race for one link."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from benchmarks.bench import BOTO3, OURS, SEED, Bench, Worker

PARALLEL = (1, 8, 32)
CLAIMS = 320
"""In all, whatever the number of processes, in each of two rounds."""

RACES, RACERS = 40, 8


def claims_per_second(bench: Bench) -> dict[str, dict[int, float]]:
    """For each guard and number of processes, the better of two rounds. Rounds alternate between guards.

    A container serves one request at a time, so what runs side by side is processes. The one local database
    and this machine's cores are shared by all of them, as DynamoDB isn't.
    """
    best: dict[str, dict[int, float]] = {guard: dict.fromkeys(PARALLEL, 0.0) for guard in (OURS, BOTO3, SEED)}
    for parallel in PARALLEL:
        for _ in range(2):
            for guard in best:
                best[guard][parallel] = max(best[guard][parallel], _rate(bench, guard, parallel))
    return best


def _rate(bench: Bench, guard: str, parallel: int) -> float:
    batches = [bench.claims(CLAIMS // parallel) for _ in range(parallel)]
    warm_up = [bench.claims(1) for _ in range(parallel)]
    with ExitStack() as stack, ThreadPoolExecutor(parallel) as pool:
        workers = [stack.enter_context(bench.worker(guard)) for _ in range(parallel)]
        list(pool.map(Worker.run, workers, warm_up))
        began = time.perf_counter()
        admitted = sum(done["admitted"] for done in pool.map(Worker.run, workers, batches))
        seconds = time.perf_counter() - began
    assert admitted == CLAIMS // parallel * parallel
    return float(admitted / seconds)


def winners_in_races(bench: Bench, guard: str) -> tuple[int, int]:
    """Races for one link that more than one of eight processes won, and how many there were."""
    twice = 0
    with ExitStack() as stack, ThreadPoolExecutor(RACERS) as pool:
        workers = [stack.enter_context(bench.worker(guard)) for _ in range(RACERS)]
        list(pool.map(Worker.run, workers, [bench.claims(1) for _ in workers]))
        for _ in range(RACES):
            [event] = bench.claims(1)
            runners = list(pool.map(Worker.run, workers, [[_of_viewer(event, n)] for n in range(RACERS)]))
            won = sum(each["admitted"] for each in runners)
            assert won > 0
            twice += won > 1
    return twice, RACES


def _of_viewer(event: Any, number: int) -> Any:
    """The same link, asked for by another viewer: CloudFront gives each request an id of its own."""
    cloudfront = event["Records"][0]["cf"]
    config = cloudfront["config"] | {"requestId": f"{cloudfront['config']['requestId']}-{number}"}
    return {"Records": [{"cf": cloudfront | {"config": config}}]}
