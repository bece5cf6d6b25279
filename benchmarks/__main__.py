"""Runs the edge guard beside the boto3 guard on one local cloud and prints what each costs.

Both guards run as they would in Lambda, one process each, against the deployed table and parameter;
batches alternate, so that whatever else the machine does meets both. The edge guard is the asset
that is deployed, with its TLS context. Figures are medians; only their ratios mean anything on
another machine. The last line is one JSON object for programs.
"""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from benchmarks.counter import counting
from link_protocol.record import put_request
from local_cloud.cloud import LocalCloud
from stack.assets import write_guard
from tests.links import NONCE_KEY, make_record, make_target, viewer_event

READY_SAMPLES = 9
ROUNDS = 15
CLAIMS_PER_ROUND = 40
COUNTED = 20
OURS, THEIRS = "edge_guard.handler", "benchmarks.boto3_guard"
MUST_REACH = {
    "ready_cpu_ratio": 0.25,
    "warm_cpu_ratio": 0.25,
    "memory_ratio": 0.5,
    "zip_bytes": 32 * 1024,
    "calls_per_claim": 1,
    "calls_per_junk": 0,
}


class Bench:
    """One local cloud with its table, the guards' environment, and links to claim."""

    def __init__(self, cloud: LocalCloud, asset: Path) -> None:
        outputs = cloud.outputs
        self.endpoint, self.table, self.asset = outputs["AwsEndpointUrl"], outputs["LinksTableName"], asset
        session = boto3.Session("test", "test", region_name="us-east-1")
        self.dynamodb = session.client("dynamodb", endpoint_url=self.endpoint)
        self.parameter = f"/onetime-urls-bench/{secrets.token_hex(4)}"
        arn = self.dynamodb.describe_table(TableName=self.table)["Table"]["TableArn"]
        ssm = session.client("ssm", endpoint_url=self.endpoint)
        value = json.dumps({"table": arn, "nonce_key": NONCE_KEY.decode()})
        ssm.put_parameter(Name=self.parameter, Value=value, Type="String")

    def environment(self, endpoint: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.asset),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "BENCH_PARAMETER": self.parameter,
        }

    def claims(self, number: int) -> list[Any]:
        """Events that each redeem a link of their own."""
        now, events = int(time.time()), []
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        for _ in range(number):
            target = make_target(X_Amz_Signature=secrets.token_hex(32), X_Amz_Date=stamp)
            record = make_record(target, issued_at=now, expires_at=now + 900, ttl=now + 900)
            self.dynamodb.put_item(**put_request(self.table, record))
            events.append(viewer_event(target.uri, target.querystring, request_id=secrets.token_hex(16)))
        return events

    @contextmanager
    def worker(self, module: str, endpoint: str | None = None) -> Iterator["Worker"]:
        command = [sys.executable, "-m", "benchmarks.worker", module]
        with subprocess.Popen(
            command,
            env=self.environment(endpoint or self.endpoint),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            yield Worker(process)


class Worker:
    """A guard's process; see `benchmarks.worker`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ready_cpu: float = self._read()["ready_cpu"]

    def run(self, events: list[Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(events) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def measure(bench: Bench) -> dict[str, dict[str, float]]:
    """Milliseconds and megabytes for both guards, batches alternating."""
    samples: dict[str, dict[str, list[float]]] = {
        module: {
            "ready CPU, ms": [],
            "warm claim CPU, ms": [],
            "warm claim wall, ms": [],
            "peak memory, MB": [],
        }
        for module in (OURS, THEIRS)
    }
    for _ in range(READY_SAMPLES):
        for module in (OURS, THEIRS):
            with bench.worker(module) as worker:
                samples[module]["ready CPU, ms"].append(worker.ready_cpu * 1000)
    with bench.worker(OURS) as ours, bench.worker(THEIRS) as theirs:
        workers = {OURS: ours, THEIRS: theirs}
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
            }.items():
                before = proxy.calls.total()
                worker.run(events)
                counted[name] = (proxy.calls.total() - before) / COUNTED
    return counted


def expired() -> Any:
    target = make_target(X_Amz_Date="20200101T000000Z")
    return viewer_event(target.uri, target.querystring)


def zip_size(asset: Path, folder: Path) -> int:
    packed = folder / "guard.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(asset.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(asset))
    return packed.stat().st_size


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Starting a local cloud ...", flush=True)
        with LocalCloud(local_dir=folder / ".local", issuer_auth="none") as cloud:
            asset = folder / "guard"
            bench = Bench(cloud, asset)
            write_guard(asset, parameter_name=bench.parameter, parameter_region="us-east-1")
            print(
                f"Measuring: {READY_SAMPLES} starts, {ROUNDS} x {CLAIMS_PER_ROUND} claims each ...\n",
                flush=True,
            )
            figures, calls = measure(bench), count_calls(bench)
        size = zip_size(asset, folder)
    ours, theirs = figures[OURS], figures[THEIRS]
    ratios = {name: ours[name] / theirs[name] for name in ours}
    print(f"{'':24}{'edge guard':>12}{'boto3 guard':>13}{'ratio':>8}")
    for name in ours:
        print(f"{name:24}{ours[name]:12.2f}{theirs[name]:13.2f}{ratios[name]:8.2f}")
    for name, number in calls.items():
        print(f"{'calls per ' + name:28}{number:8.2f}")
    print(f"{'asset, zipped, bytes':28}{size:8d}\n")
    result = {
        "ready_cpu_ratio": round(ratios["ready CPU, ms"], 3),
        "warm_cpu_ratio": round(ratios["warm claim CPU, ms"], 3),
        "warm_wall_ratio": round(ratios["warm claim wall, ms"], 3),
        "memory_ratio": round(ratios["peak memory, MB"], 3),
        "zip_bytes": size,
        "calls_per_claim": calls["claim"],
        "calls_per_junk": max(calls["malformed request"], calls["expired request"]),
    }
    missed = [name for name, limit in MUST_REACH.items() if result[name] > limit]
    if missed:
        print(f"Not reached: {', '.join(f'{name} {result[name]} > {MUST_REACH[name]}' for name in missed)}")
    print(json.dumps(result))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
