"""What a share's page and its button cost a visitor, and how fast `onetime share` uploads."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local_cloud.cloud import LocalCloud
from tests.web import Answer, Deployment, follow, send, split_url

VISITS = 40
FILE_BYTES = 200_000_000
UPLOADS = 3
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Visits:
    """Median milliseconds on the local cloud.

    Attributes:
        bare: the page's function, through the edge, for what can't be a share: no call to AWS.
        page: a share's page.
        redeem: the page's button, up to the 303.
    """

    bare: float
    page: float
    redeem: float


def measure_visits(cloud: LocalCloud) -> Visits:
    """Alternate between the three and take the median of each."""
    deployment = Deployment.from_outputs(cloud.outputs)
    deployment.s3.put_object(Bucket=deployment.bucket, Key="bench.bin", Body=bytes(1000))
    pages = [deployment.share("bench.bin", max_downloads=2)["url"] for _ in range(VISITS)]
    assert _press(pages[0]).status == 303  # the containers are warm after it
    taken: dict[str, list[float]] = {"bare": [], "page": [], "redeem": []}
    for url in pages:
        taken["bare"].append(_seconds(partial(follow, url[:-1]), 404))
        taken["page"].append(_seconds(partial(follow, url), 200))
        taken["redeem"].append(_seconds(partial(_press, url), 303))
    return Visits(**{name: statistics.median(values) * 1000 for name, values in taken.items()})


def _press(url: str) -> Answer:
    return send(*split_url(url), method="POST", body="", content_type=FORM)


def _seconds(ask: Callable[[], Answer], expected: int) -> float:
    began = time.perf_counter()
    assert ask().status == expected
    return time.perf_counter() - began


def measure_uploads(cloud: LocalCloud, folder: Path) -> tuple[float, float | None]:
    """Seconds that `onetime share` and `aws s3 cp` take for the same file, the best of some runs each;
    None for the latter where there is no AWS CLI."""
    (folder / ".local").mkdir(exist_ok=True)
    (folder / ".local" / "outputs.json").write_text(json.dumps(cloud.outputs))
    file = folder / "upload.bin"
    file.write_bytes(os.urandom(1_000_000) * (FILE_BYTES // 1_000_000))
    aws = shutil.which("aws")
    keys = {
        "AWS_ACCESS_KEY_ID": cloud.outputs["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": cloud.outputs["SecretAccessKey"],
        "AWS_DEFAULT_REGION": cloud.outputs["Region"],
        "AWS_ENDPOINT_URL": cloud.outputs["AwsEndpointUrl"],
    }
    ours, theirs = [], []
    for _ in range(UPLOADS):
        share = [str(Path(sys.executable).parent / "onetime"), "share", file.name, "--json"]
        ours.append(_run(share, folder, {}))
        if aws:
            target = f"s3://{cloud.outputs['AssetsBucketName']}/bench/upload.bin"
            theirs.append(_run([aws, "s3", "cp", "--quiet", file.name, target], folder, keys))
    return min(ours), min(theirs, default=None)


def _run(command: list[str], folder: Path, more: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env={**os.environ, **more}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
