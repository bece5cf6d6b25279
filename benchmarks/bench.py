"""What all measurements share: a local cloud's table, links to claim in it, and guards in processes."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from local_cloud.cloud import LocalCloud
from onetime_urls.protocol.links.record import put_request
from tests.links import NONCE_KEY, make_record, make_target, viewer_event

OURS, BOTO3, SEED = "edge_guard.handler", "benchmarks.boto3_guard", "benchmarks.seed_guard"


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
    def worker(
        self, module: str, endpoint: str | None = None, *, through: tuple[str, ...] = ()
    ) -> Iterator["Worker"]:
        """A guard's process. `through` is a command that runs it."""
        command = [*through, sys.executable, "-m", "benchmarks.worker", module]
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
