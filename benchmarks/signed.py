"""What signed URLs and cookies cost: signing and listing by the file signer's own code, and a thousand reads
of a cached file by each door, with the runs of functions that these take.

S3, KMS, the edge and all functions are the local cloud's. Calls are counted in the client that makes them,
runs by the line with which Lambda begins each in its log. CPU is this process's, in which S3 and KMS
have no part.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3

from benchmarks import many_files
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.listing import MAX_LIMIT, Page
from file_signer.callers import Caller
from file_signer.files import Files
from file_signer.parameters import Wanted
from file_signer.settings import Settings
from file_signer.signed_files import SignedFiles
from file_signer.signing import Signer
from local_cloud import environment
from local_cloud.children import Child, listen
from local_cloud.cloud import LocalCloud
from local_cloud.folder import InstanceFolder
from onetime_urls.protocol.contract.environment import Variable
from tests.integration.test_signed_urls import cookies_of, read
from tests.people import visits
from tests.web import Answer, Deployment, follow, send

URLS, USERS = 100, 200
READS, LINKS = 1000, 100
"""A one-time link can be read once and takes a hundred times as long: there are fewer of them."""

ALGORITHMS = {"RSA_2048": "RSASSA_PKCS1_V1_5_SHA_256", "ECC_NIST_P256": "ECDSA_SHA_256"}
BODY = bytes(20_000)


@dataclass(frozen=True)
class Signing:
    """What one kind of key costs.

    Attributes:
        milliseconds: of CPU for a URL.
        signed: calls of KMS for a URL.
        listed: calls of S3 for a URL.
        sessions: calls of KMS for as many users' sessions as `USERS`, of a prefix that they share.
        canned: characters of a URL.
        custom: characters of a session's cookies for one prefix.
    """

    milliseconds: float
    signed: float
    listed: float
    sessions: int
    canned: int
    custom: int


@dataclass(frozen=True)
class Listing:
    """What it takes to list all files under a rule.

    Attributes:
        files: how many were found.
        calls: of S3.
        page: milliseconds for one, the median.
        cpu: milliseconds of it in the file signer.
        seconds: in all.
    """

    files: int
    calls: int
    page: float
    cpu: float
    seconds: float


@dataclass(frozen=True)
class Reads:
    """Reads of one file by one door.

    Attributes:
        reads: how many.
        milliseconds: for one.
        runs: of functions, in all, with what it took to be let in.
    """

    reads: int
    milliseconds: float
    runs: int


def measure_signing(cloud: LocalCloud) -> dict[str, Signing]:
    """By kind of key. The deployed file signer's settings hold, but for the key."""
    root = boto3.Session("test", "test", region_name=cloud.outputs["Region"])
    endpoint = cloud.outputs["AwsEndpointUrl"]
    kms = root.client("kms", endpoint_url=endpoint)
    files = {}
    for spec, algorithm in ALGORITHMS.items():
        key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        files[spec] = replace(_deployed(root, endpoint), signing_key=key, algorithm=algorithm)
    return {spec: _signing(root, endpoint, settings) for spec, settings in files.items()}


def _deployed(root: boto3.Session, endpoint: str) -> Settings:
    functions = root.client("lambda", endpoint_url=endpoint)
    pages = functions.get_paginator("list_functions").paginate()
    [variables] = (
        each["Environment"]["Variables"]
        for page in pages
        for each in page["Functions"]
        if each["Handler"].startswith("file_signer.")
    )
    return Settings.from_environment({**variables, Variable.AWS_REGION: str(root.region_name)})


def _signing(root: boto3.Session, endpoint: str, settings: Settings) -> Signing:
    calls = Counter[str]()
    signer = _file_signer(root, endpoint, settings, calls)
    signer.files.s3.put_object(Bucket=settings.bucket, Key=f"{settings.prefix}shared/bench.jpg", Body=BODY)
    caller = Caller("bench", ("shared/",))
    wanted = Wanted(file="shared/bench.jpg", expires_in=3600, disposition=None)
    url = signer.url(caller, wanted, _plenty)["url"]
    calls.clear()
    began = time.process_time()
    for _ in range(URLS):
        signer.url(caller, wanted, _plenty)
    taken = (time.process_time() - began) * 1000 / URLS
    signed, listed = calls["Sign"] / URLS, calls["ListObjectsV2"] / URLS
    calls.clear()
    sessions = [signer.session(Caller(f"user-{n}", ("shared/",)), _plenty) for n in range(USERS)]
    cookies = sessions[0][1]["shared/"]
    custom = len("; ".join(f"{name}={value}" for name, value in cookies.items()))
    return Signing(taken, signed, listed, calls["Sign"], len(url), custom)


def measure_listing(folder: Path) -> Listing:
    """On a MiniStack of its own, which has that many objects."""
    calls = Counter[str]()
    with _many_files(folder) as endpoint:
        root = boto3.Session("test", "test", region_name="us-east-1")
        s3 = _counted(root.client("s3", endpoint_url=endpoint, config=CLIENT_CONFIG), calls)
        files = Files(s3, many_files.BUCKET, many_files.PREFIX)
        after: str | None = ""
        found, walls, cpus = 0, list[float](), list[float]()
        while after is not None:
            wall, cpu = time.perf_counter(), time.process_time()
            page, after = files.page(Page(prefix="", limit=MAX_LIMIT, after=after), ("shared/",), _plenty)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
            found += len(page)
    median = statistics.median
    return Listing(found, calls.total(), 1000 * median(walls), 1000 * median(cpus), sum(walls))


def measure_reads(cloud: LocalCloud) -> dict[str, Reads]:
    """By door."""
    deployment = Deployment.from_outputs(cloud.outputs)
    outputs = cloud.outputs
    path, key = "/shared/bench.jpg", f"{outputs['PrivatePrefix']}shared/bench.jpg"
    deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=BODY, ContentType="image/jpeg")
    with visits(deployment) as people:
        found = {}
        ran = _runs(cloud)
        cookies = cookies_of(deployment, people.member.id_token)["/shared/"]
        found["signed cookies"] = _reads(
            cloud, ran, READS, lambda: read(outputs["SignedDistributionUrl"], path, cookies)
        )
        ran = _runs(cloud)
        found["token with each request"] = _reads(
            cloud, ran, READS, lambda: people.get(path, people.member.id_token)
        )
        ran = _runs(cloud)
        links = iter([deployment.mint(key)["url"] for _ in range(LINKS)])
        found["one-time link"] = _reads(cloud, ran, LINKS, lambda: follow(next(links)))
    return found


def _reads(cloud: LocalCloud, ran: int, number: int, ask: Callable[[], Answer]) -> Reads:
    """
    Args:
        ran: how many functions had run before anything of it.
    """
    began = time.perf_counter()
    for _ in range(number):
        assert ask().status == 200
    return Reads(number, 1000 * (time.perf_counter() - began) / number, _runs(cloud) - ran)


def _runs(cloud: LocalCloud) -> int:
    """How many functions have run so far."""
    root = boto3.Session("test", "test", region_name=cloud.outputs["Region"])
    logs = root.client("logs", endpoint_url=cloud.outputs["AwsEndpointUrl"])
    groups = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
    read_pages = logs.get_paginator("filter_log_events").paginate
    return sum(
        len(page["events"])
        for group in groups
        for page in read_pages(logGroupName=group, filterPattern='"START RequestId"')
    )


def _file_signer(root: boto3.Session, endpoint: str, settings: Settings, calls: Counter[str]) -> SignedFiles:
    s3, kms = (
        _counted(root.client(name, endpoint_url=endpoint, config=CLIENT_CONFIG), calls)
        for name in ("s3", "kms")
    )
    return SignedFiles(
        settings=settings,
        files=Files(s3, settings.bucket, settings.prefix),
        signer=Signer(kms, settings.signing_key, settings.algorithm, settings.key_pair_id),
        now=time.time,
    )


def _counted(client: Any, calls: Counter[str]) -> Any:
    """`client`, whose calls are counted by their names."""
    client.meta.events.register("before-call", lambda model, **_: calls.update([model.name]))
    return client


@contextmanager
def _many_files(folder: Path) -> Iterator[str]:
    """The address of a MiniStack that has them."""
    held = InstanceFolder(folder / "many-files")
    held.acquire()
    with listen(0) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        server = Child(
            "MiniStack",
            ["-m", "benchmarks.many_files", str(descriptor), str(held.path)],
            environment=environment.ministack(held.work, port) | {"AUTH": "false"},  # it fills itself
            log=held.work / "logs" / "ministack.log",
            descriptors=(descriptor, held.descriptor),
        )
    try:
        endpoint = f"http://127.0.0.1:{port}"
        assert send(endpoint, "/_ministack/health").status == 200  # answered once it has them all
        yield endpoint
    finally:
        server.end(5)
        held.release()


def _plenty() -> float:
    return 60.0
