"""Real clients that come back to a strict link for the rest: they fail loudly and keep what they have."""

import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.front import Front, tls_front
from tests.integration.conftest import Upload
from tests.web import Deployment, follow
from tests.window import Firefox, until

BODY = secrets.token_bytes(3_000_000)
CUT = 1_000_000
"""Bytes after which a connection is cut off."""

RESUMING = {
    "curl": ("curl", "--insecure", "-sS", "-C", "-", "-o", "file"),
    "curl -f": ("curl", "--insecure", "-sS", "-f", "-C", "-", "-o", "file"),
    "wget": ("wget", "-q", "--no-check-certificate", "--tries=2", "--waitretry=0", "-c", "-O", "file"),
    "axel": ("axel", "-q", "-k", "-n4", "-o", "file"),
}
ARIA2 = ("aria2c", "-q", "--check-certificate=false", "--max-tries=2", "--retry-wait=0", "-c", "-o", "file")
IN_PARTS = ("-x4", "-s4", "-k1M")

Client = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def front(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The local edge behind TLS that can be cut off."""
    if not deployment.is_local:
        pytest.skip("connections to CloudFront itself can't be cut off halfway by a test")
    with tls_front(deployment.outputs["DistributionUrl"], tmp_path_factory.mktemp("front")) as made:
        yield made


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """Runs a real download program in a folder of the test's own."""

    def run(*command: str) -> "subprocess.CompletedProcess[bytes]":
        if shutil.which(command[0]) is None:
            pytest.skip(f"no {command[0]} here: install Debian's package to try it")
        return subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)

    return run


@pytest.fixture
def link(deployment: Deployment, upload: Upload) -> str:
    return str(deployment.mint(upload(BODY))["url"])


@pytest.mark.parametrize(
    "command", [*RESUMING.values(), (*ARIA2, "--use-head=true")], ids=[*RESUMING, "aria2c --use-head"]
)
def test_a_partial_file_is_never_taken_for_the_whole_and_the_link_still_works(
    front: Front, client: Client, tmp_path: Path, link: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_bytes(BODY[:CUT])
    assert client(*command, front.url(link)).returncode != 0
    assert (tmp_path / "file").read_bytes() == BODY[:CUT]
    assert follow(link).body == BODY


@pytest.mark.parametrize("parts", [(), IN_PARTS], ids=["in one part", "in four parts"])
def test_aria2_asks_for_the_whole_before_it_goes_on_with_another_program_s_file_and_keeps_that(
    front: Front, client: Client, tmp_path: Path, link: str, parts: tuple[str, ...]
) -> None:
    """Its first request is the same as for a download from scratch: the link can't know, and is used."""
    (tmp_path / "file").write_bytes(BODY[:CUT])
    assert client(*ARIA2, *parts, front.url(link)).returncode != 0
    assert (tmp_path / "file").read_bytes() == BODY[:CUT]
    assert follow(link).reason == "403 used"


@pytest.mark.parametrize("command", [*RESUMING.values(), ARIA2], ids=[*RESUMING, "aria2c"])
def test_a_download_that_broke_off_is_never_taken_for_the_whole(
    front: Front, client: Client, tmp_path: Path, link: str, command: tuple[str, ...]
) -> None:
    front.cuts[:] = [CUT]
    url = front.url(link)
    results = [client(*command, url).returncode for _ in range(2)]
    front.cuts.clear()
    assert 0 not in results
    kept = (tmp_path / "file").read_bytes() if (tmp_path / "file").exists() else b""
    assert kept[: CUT // 2] == BODY[: min(len(kept), CUT // 2)]
    assert kept != BODY


@pytest.mark.parametrize("parts", [(), IN_PARTS], ids=["in one part", "in four parts"])
def test_aria2_downloads_a_strict_link_however_many_parts_it_would_like(
    front: Front, client: Client, tmp_path: Path, link: str, parts: tuple[str, ...]
) -> None:
    assert client(*ARIA2, *parts, front.url(link)).returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY


def test_axel_downloads_in_parts_a_resumable_link_that_is_bound_by_address(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    link = deployment.mint(upload(BODY), resume=300, resume_factor=3, resume_by="address")["url"]
    done = client("axel", "-q", "-k", "-n4", "-o", "file", front.url(link))
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "file").read_bytes() == BODY


def test_axel_which_keeps_no_cookie_leaves_a_resumable_link_alone(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    link = deployment.mint(upload(BODY), resume=300)["url"]
    assert client("axel", "-q", "-k", "-n4", "-o", "file", front.url(link)).returncode != 0
    assert follow(link).body == BODY


def test_firefox_tells_that_a_download_broke_off(front: Front, link: str, firefox: Firefox) -> None:
    front.cuts[:] = [CUT]
    url = front.url(link)
    firefox.open(url)
    assert until(lambda: "failed" in firefox.downloads(url))
    assert "whole" not in firefox.downloads(url)


def test_chromium_tells_that_a_download_broke_off(front: Front, link: str, visitor: BrowserContext) -> None:
    front.cuts[:] = [CUT]
    page = visitor.new_page()
    with page.expect_download() as download:
        page.evaluate("url => { location.href = url }", front.url(link))
    assert download.value.failure() is not None
