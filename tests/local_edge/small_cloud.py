"""A MiniStack with a bucket, one function and small distributions, and edges in front of it.

Distributions are deployed by CloudFormation, as a project's are. Edges run as their own processes with
an IAM user who has exactly the rights that the edge's documentation asks for.
"""

import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_cloud import environment
from local_cloud.children import Child, listen
from local_cloud.folder import InstanceFolder
from tests.local_edge import orders
from tests.web import Answer, send, split_url

BUCKET = "edge-test-assets"
DOMAIN = f"{BUCKET}.s3.us-east-1.amazonaws.com"
TOKEN = "the-token"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_ANY = {"Version": "2012-10-17", "Statement": []}


class Edge:
    """A running edge."""

    def __init__(self, child: Child, port: int) -> None:
        self.child, self.url = child, f"http://127.0.0.1:{port}"
        self.port = port

    def get(self, target: str, *, method: str = "GET", **headers: str) -> Answer:
        return send(self.url, target, method=method, **headers)

    def log(self) -> list[str]:
        return self.child.log.read_text().splitlines()


class SmallCloud:
    """One MiniStack; `folder` is deleted with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = InstanceFolder(folder)
        self._folder.acquire()
        self._logs = folder / "work" / "logs"
        with listen(0) as listener:
            port = int(listener.getsockname()[1])
            self.endpoint = f"http://127.0.0.1:{port}"
            self._ministack = Child(
                "MiniStack",
                ["-m", "local_cloud.ministack_server", str(listener.fileno()), str(folder)],
                environment=environment.ministack(self._folder.work, port),
                log=self._logs / "ministack.log",
                descriptors=(listener.fileno(), self._folder.descriptor),
            )
        self.s3 = self._root("s3")
        self.lambdas = self._root("lambda")
        self.cloudfront = self._root("cloudfront")
        self.s3.create_bucket(Bucket=BUCKET)
        self._presigner = self._presigning_client()
        self.function = self._function("orders", timeout=5)
        self.hasty_function = self._function("hasty", timeout=1)

    def end(self) -> None:
        self._ministack.end(10)
        self._folder.release()

    def _root(self, service: str) -> Any:
        # The listener is there from the start, so the first call waits until MiniStack serves.
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=60),
        )
