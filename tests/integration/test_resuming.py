"""A download that broke off is resumed by whoever claimed the link: with real clients, over https."""

import io
import secrets
import shutil
import subprocess
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.front import Front, tls_front
from tests.integration.conftest import Upload
from tests.web import Deployment, follow

BODY = secrets.token_bytes(6_000_000)
CUT = 2_000_000
"""Bytes after which a connection is cut off."""

Client = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def front(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The local edge behind TLS that can be cut off. CloudFront's own can't be, so AWS is left out."""
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


def broken_off(front: Front, link: str) -> str:
    """The link through the front, which cuts the first connection off."""
    front.cuts, front.requests[:] = [CUT], []
    return front.url(link)


def ranges(front: Front) -> list[str]:
    """The Range headers that clients sent."""
    lines = [line for head in front.requests for line in head.splitlines()]
    return [line.partition(": ")[2] for line in lines if line.lower().startswith("range:")]


def test_curl_resumes_with_its_cookie_jar(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    url = broken_off(front, deployment.mint(upload(BODY), resume=300)["url"])
    download = ("curl", "--insecure", "-sS", "-b", "jar", "-c", "jar", "-C", "-", "-o", "file", url)
    assert client(*download).returncode == 18  # "partial file"
    assert 0 < (tmp_path / "file").stat().st_size < len(BODY)
    assert client(*download).returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY
    assert len(ranges(front)) == 1


def test_curl_without_its_cookie_is_refused_however_it_asks(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    url = broken_off(front, deployment.mint(upload(BODY), resume=300)["url"])
    client("curl", "--insecure", "-sS", "-o", "file", url)
    again = client("curl", "--insecure", "-sS", "-f", "-C", "-", "-o", "file", url)
    assert again.returncode == 22  # "the requested url was not found or returned another error"
    assert (tmp_path / "file").stat().st_size < len(BODY)


def test_wget_resumes_without_a_cookie_a_link_that_is_bound_by_address(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    link = deployment.mint(upload(BODY), resume=300, resume_by="address")["url"]
    url = broken_off(front, link)
    download = ("wget", "-q", "--no-check-certificate", "--tries=1", "-c", "-O", "file", url)
    assert client(*download).returncode != 0
    assert client(*download).returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY
    stranger = follow(link, user_agent="another program", range="bytes=0-0")
    assert stranger.reason == "403 used"


def test_wget_tries_again_by_itself_with_the_cookie_that_it_was_given(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path
) -> None:
    url = broken_off(front, deployment.mint(upload(BODY), resume=300)["url"])
    download = ("wget", "-q", "--no-check-certificate", "--tries=3", "--waitretry=0", "-O", "file", url)
    assert client(*download).returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY
    assert len(ranges(front)) == 1


@pytest.mark.parametrize("resume_by", ["cookie", "address"])
def test_aria2_fetches_in_parallel_ranges(
    deployment: Deployment, upload: Upload, front: Front, client: Client, tmp_path: Path, resume_by: str
) -> None:
    url = front.url(deployment.mint(upload(BODY), resume=300, resume_by=resume_by)["url"])
    with front.holding(until=3):
        done = client("aria2c", "-q", "--check-certificate=false", "-x4", "-s4", "-k1M", "-o", "file", url)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "file").read_bytes() == BODY
    assert len(ranges(front)) >= 2


def test_a_browser_resumes_a_download_that_broke_off(
    deployment: Deployment, upload: Upload, front: Front, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    url = broken_off(front, deployment.mint(upload(BODY), resume=300)["url"])
    with page.expect_download() as download:
        page.evaluate("url => { location.href = url }", url)
    assert download.value.failure() is None
    assert download.value.path().read_bytes() == BODY
    assert len(ranges(front)) == 1


def test_a_video_element_seeks(
    deployment: Deployment, upload: Upload, front: Front, visitor: BrowserContext
) -> None:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(44_100)
        recording.writeframes(bytes(2 * 44_100 * 180))
    key = upload(sound.getvalue(), "film.wav")
    link = deployment.mint(key, resume=300, resume_factor=3, disposition="inline")["url"]
    front.requests.clear()
    page = visitor.new_page()
    page.route("**/player", lambda route: route.fulfill(body="<video muted>", content_type="text/html"))
    page.goto(f"https://localhost:{front.port}/player")
    at = page.evaluate(
        """async (url) => {
            const video = document.querySelector("video");
            const until = (event) => new Promise((resolve, reject) => {
                video.addEventListener(event, resolve, { once: true });
                video.addEventListener("error", () => reject(video.error.message), { once: true });
            });
            const ready = until("loadedmetadata");
            video.src = url;
            await ready;
            const sought = until("seeked");
            video.currentTime = 170;
            await sought;
            return video.currentTime;
        }""",
        front.url(link),
    )
    assert at == 170
    first, *others = ranges(front)
    starts = [int(str(each).removeprefix("bytes=").partition("-")[0]) for each in others]
    assert first == "bytes=0-"
    assert any(start > 44_100 * 2 * 100 for start in starts)


def test_the_budget_ends_what_a_lease_can_fetch(deployment: Deployment, upload: Upload) -> None:
    link = deployment.mint(upload(b"x" * 1000), resume=300, resume_factor=1)["url"]
    first = follow(link, range="bytes=0-599")
    assert (first.status, first.headers["content-range"]) == (206, "bytes 0-599/1000")
    cookie = first.headers["set-cookie"].partition(";")[0]
    assert follow(link, range="bytes=600-", cookie=cookie).status == 206
    assert follow(link, range="bytes=999-", cookie=cookie).reason == "403 resume"
    assert follow(link, range="bytes=0-", cookie=cookie).reason == "403 resume"


def test_the_lease_is_marked_for_https_and_for_no_script(deployment: Deployment, upload: Upload) -> None:
    answer = follow(deployment.mint(upload(), resume=60)["url"])
    attributes = answer.headers["set-cookie"].split("; ")
    assert {"Secure", "HttpOnly", "Max-Age=60"} <= set(attributes)
    assert "set-cookie" not in follow(deployment.mint(upload())["url"]).headers


def test_a_link_for_three_downloads_gives_three(deployment: Deployment, upload: Upload) -> None:
    link = deployment.mint(upload(), max_claims=3)["url"]
    assert [follow(link).reason for _ in range(5)] == ["200"] * 3 + ["403 used"] * 2


def test_a_link_that_is_pinned_to_another_network_is_refused_and_kept(
    deployment: Deployment, upload: Upload
) -> None:
    link = deployment.mint(upload(), cidr="192.0.2.0/24")["url"]
    assert follow(link).reason == "403 network"
    assert follow(link, x_forwarded_for="192.0.2.1").reason == "403 network"
