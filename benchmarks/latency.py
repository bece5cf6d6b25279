"""What a one-time link adds to a plain presigned download, as a viewer of the local edge feels it."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from local_cloud.cloud import LocalCloud
from tests.web import Deployment, follow, send, split_url

DOWNLOADS = 60


@dataclass(frozen=True)
class Latency:
    """Median milliseconds of a small download.

    Attributes:
        link: a one-time link at the local edge, both functions included.
        presigned: a plain presigned URL of the same object at MiniStack's S3.
    """

    link: float
    presigned: float

    @property
    def added(self) -> float:
        """What the edge, its two invocations and the claim add."""
        return self.link - self.presigned


def measure_latency(cloud: LocalCloud) -> Latency:
    """Alternate between the two and take the median of each.

    Most of what is added is MiniStack's Lambda, which starts a request for each of the two triggers; the
    guard's own share is `warm claim wall`.
    """
    deployment = Deployment.from_outputs(cloud.outputs)
    deployment.s3.put_object(Bucket=deployment.bucket, Key="bench.bin", Body=bytes(1000))
    session: Any = boto3.Session("test", "test", region_name=deployment.region)
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    s3 = session.client("s3", endpoint_url=cloud.outputs["AwsEndpointUrl"], config=config)
    plain = s3.generate_presigned_url("get_object", Params={"Bucket": deployment.bucket, "Key": "bench.bin"})
    base, target = split_url(plain)
    links = [deployment.mint("bench.bin")["url"] for _ in range(DOWNLOADS)]
    link, presigned = [], []
    for url in links:
        began = time.perf_counter()
        assert follow(url).status == 200
        link.append(time.perf_counter() - began)
        began = time.perf_counter()
        assert send(base, target).status == 200
        presigned.append(time.perf_counter() - began)
    return Latency(statistics.median(link) * 1000, statistics.median(presigned) * 1000)
