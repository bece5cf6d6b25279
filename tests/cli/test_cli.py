"""The installed program against a local cloud, as a person at a terminal runs it."""

import http.server
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
import urllib3

from local_cloud.cloud import LocalCloud
from onetime_urls.cli.deployment import Deployment
from onetime_urls.cli.downloads import TRIES
from onetime_urls.cli.state import note
from onetime_urls.cli.uploads import PART, upload
from tests.web import Deployment as Here

PROGRAM = Path(sys.executable).parent / "onetime"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Quiet(http.server.BaseHTTPRequestHandler):
    """A server that leaves the test's output alone."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def run(local_cloud: LocalCloud, tmp_path: Path) -> Run:
    """Runs `onetime` in a folder where the local cloud's outputs are found, with a home of its own."""
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(local_cloud.outputs))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "TERM": "dumb"}

    def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
            **more,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_a_file_is_shared_fetched_once_and_then_used(run: Run, tmp_path: Path) -> None:
    content = secrets.token_bytes(100_000)
    (tmp_path / "über uns.bin").write_bytes(content)
    shared = run("share", "über uns.bin", "--note", "hello", "--json")
    assert shared.returncode == 0, shared.stderr
    made = json.loads(shared.stdout)
    assert made["url"].endswith(f"/-/{made['id']}")
    fetched = run("get", made["url"], "--output", "got.bin", "--json")
    assert fetched.returncode == 0, fetched.stderr
    told = json.loads(fetched.stdout)
    assert (told["size"], told["checked"]) == (len(content), True)
    assert (tmp_path / "got.bin").read_bytes() == content
    again = run("get", made["url"], "--output", "again.bin")
    assert (again.returncode, "used up" in again.stderr) == (4, True)
    assert not (tmp_path / "again.bin").exists()
    state = json.loads(run("status", made["id"], "--json").stdout)
    assert (state["state"], state["downloads"]) == ("used", 1)
    assert made["id"] in run("list").stdout


def test_a_pin_is_needed_and_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    url = run("share", "a.txt", "--pin", "2468", "--downloads", "2").stdout.strip()
    for given, said in (((), "needs a PIN"), (("--pin", "1111"), "PIN is wrong")):
        refused = run("get", url, *given, "--output", "b.txt")
        assert (refused.returncode, said in refused.stderr) == (4, True)
    right = run("get", url, "--pin", "2468", "--output", "b.txt")
    assert (right.returncode, (tmp_path / "b.txt").read_text()) == (0, "secret")


def test_a_share_that_the_api_refuses_is_not_uploaded_for_nothing(
    run: Run, tmp_path: Path, local_cloud: LocalCloud
) -> None:
    (tmp_path / "a.txt").write_text("x")
    here = Here.from_outputs(local_cloud.outputs)
    before = here.s3.list_objects_v2(Bucket=here.bucket, Prefix="uploads/")["KeyCount"]
    refused = run("share", "a.txt", "--expires", "90d")
    assert (refused.returncode, "expires_in" in refused.stderr) == (4, True)
    assert here.s3.list_objects_v2(Bucket=here.bucket, Prefix="uploads/")["KeyCount"] == before


def test_a_share_and_a_link_are_named_by_their_whole_url_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    assert json.loads(run("status", made["url"], "--json").stdout)["id"] == made["id"]
    link = json.loads(run("link", made["key"], "--json").stdout)
    assert json.loads(run("revoke", link["url"], "--json").stdout)["state"] == "revoked"


def test_where_nothing_can_be_saved_nothing_is_used_up(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    refused = run("get", made["url"], "--output", "a.txt/b.txt")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 0


def test_a_link_is_made_revoked_and_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    key = json.loads(run("share", "a.txt", "--json").stdout)["key"]
    made = json.loads(run("link", key, "--expires", "10m", "--max-claims", "2", "--json").stdout)
    assert (made["max_claims"], made["expires_in"]) == (2, 600)
    assert run("get", made["url"], "--output", "once.txt").returncode == 0
    assert run("revoke", made["id"]).returncode == 0
    refused = run("get", made["url"], "--output", "twice.txt")
    assert (refused.returncode, "withdrawn" in refused.stderr) == (4, True)
    assert made["id"] in run("list", "--key", key).stdout


def test_a_file_that_is_there_is_not_replaced_unless_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("new")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "b.txt").write_text("old")
    kept = run("get", url, "--output", "b.txt")
    assert (kept.returncode, (tmp_path / "b.txt").read_text()) == (1, "old")
    assert run("get", url, "--output", "b.txt", "--force").returncode == 0
    assert (tmp_path / "b.txt").read_text() == "new"


def test_what_comes_under_a_name_that_is_taken_is_saved_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("new")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "a.txt").write_text("old")
    saved = run("get", url)
    assert (saved.returncode, "a (1).txt" in saved.stdout) == (0, True)
    assert [(tmp_path / name).read_text() for name in ("a.txt", "a (1).txt")] == ["old", "new"]


def test_a_share_whose_answer_was_lost_is_asked_again_and_counts_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    with losing(made["url"], first=1) as url:
        assert run("get", url, "--output", "b.txt").returncode == 0
    told = json.loads(run("status", made["id"], "--json").stdout)
    assert (told["downloads"], len(told["history"])) == (1, 1)


def test_a_download_that_one_run_lost_is_had_by_the_next(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    with losing(made["url"], first=TRIES) as url:
        assert run("get", url, "--output", "b.txt").returncode == 5
        assert run("get", url, "--output", "b.txt").returncode == 0
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 1
    assert list((tmp_path / "home").rglob("ticket-*")) == []


@contextmanager
def losing(page: str, *, first: int) -> Iterator[str]:
    """The address of a share's page whose first answers don't arrive."""
    left = [first]

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            answer = urllib3.request("POST", page, body=body, headers=headers, redirect=False)
            left[0] -= 1
            if left[0] < 0:
                self.send_response(answer.status)
                self.send_header("Location", answer.headers["location"])
                self.end_headers()

    with serving(Handler) as address:
        yield f"{address}{urlsplit(page).path}"


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_interrupted_upload_goes_on_where_it_ended(
    local_cloud: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    deployment = Interrupted(local_cloud.outputs)
    file = tmp_path / "big.bin"
    file.write_bytes(secrets.token_bytes(3 * PART + 5))
    with pytest.raises(KeyboardInterrupt):
        upload(deployment, file, lambda _: None)
    assert len(list((tmp_path / "state").rglob("upload-*"))) == 1
    there: list[int] = []
    done = upload(deployment, file, there.append)
    assert (there[0] > 0, sum(there)) == (True, file.stat().st_size)
    head = Here.from_outputs(local_cloud.outputs).s3.list_objects_v2(
        Bucket=deployment.bucket, Prefix=done.key
    )
    assert head["Contents"][0]["Size"] == file.stat().st_size
    assert list((tmp_path / "state").rglob("upload-*")) == []


class Interrupted(Deployment):
    """The local cloud's deployment, whose third part meets Ctrl-C the first time."""

    def __init__(self, outputs: dict[str, str]) -> None:
        here = Here.from_outputs(outputs)
        super().__init__(
            outputs["ApiEndpoint"], here.bucket, here.region, here.session, outputs["AwsEndpointUrl"]
        )

    def s3(self) -> Any:
        client = super().s3()
        send = client.upload_part

        def upload_part(**arguments: Any) -> Any:
            if arguments["PartNumber"] == 3 and not seen:
                seen.append(3)
                raise KeyboardInterrupt
            return send(**arguments)

        client.upload_part = upload_part
        return client


seen: list[int] = []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("status", "nonsense"), 4, "64 hex digits"),
        (("revoke", "https://files.example.com/report.pdf?x=1"), 4, "64 hex digits"),
        (("status", "0" * 64), 4, "no link with this id"),
        (("status", "-" + "a" * 21), 4, "no such share"),
        (("revoke", "--" + "a" * 20), 4, "no such share"),
        (("link", "no/such/object"), 4, "no object"),
        (("share", "missing.txt"), 2, "missing.txt"),
        (("get", "http://files.example.com/x"), 4, "https://"),
        (("get", "ftp://127.0.0.1/x"), 4, "https://"),
        (("get", "https://["), 4, "no link"),
        (("status", "https://["), 4, "no link"),
        (("get", "http://127.0.0.1:9/x"), 5, "reached"),
        (("--stack", "NoSuchStack", "--region", "us-east-1", "list"), 3, "NoSuchStack"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_status(
    run: Run, arguments: tuple[str, ...], status: int, said: str
) -> None:
    done = run(*arguments)
    assert done.returncode == status, done.stderr
    assert said.lower() in done.stderr.lower()
    assert done.stdout == ""


@pytest.fixture
def liar() -> Iterator[str]:
    """A server whose file isn't what its checksum says."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "3")
            self.send_header("x-amz-meta-sha256", "0" * 64)
            self.end_headers()
            self.wfile.write(b"bad")

    with serving(Handler) as address:
        yield f"{address}/x"


def test_what_broke_off_without_a_length_is_not_taken_for_the_whole(run: Run, tmp_path: Path) -> None:
    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n")
            self.close_connection = True

    with serving(Handler) as address:
        done = run("get", f"{address}/x", "--output", "x.bin")
    assert (done.returncode, "broke off" in done.stderr) == (5, True)
    assert not (tmp_path / "x.bin").exists()


@pytest.mark.parametrize("status", [302, 403, 429])
def test_an_answer_that_is_not_the_pages_own_costs_no_ticket(
    run: Run, tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / ".local" / "state"))
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)

    class Gateway(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            urllib3.request("POST", made["url"], body=body, headers=headers, redirect=False)
            self.send_response(status)
            self.end_headers()

    path = urlsplit(made["url"]).path
    with serving(Gateway) as address:
        assert run("get", f"{address}{path}", "--output", "b.txt").returncode == 4
    [ticket] = (tmp_path / "home").rglob("ticket-*")
    ticket.rename(ticket.with_name(note("ticket", made["url"]).name))
    assert run("get", made["url"], "--output", "b.txt").returncode == 0
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 1


def test_a_download_that_breaks_off_goes_on_after_answers_that_are_none(run: Run, tmp_path: Path) -> None:
    class Patchy(Quiet):
        protocol_version = "HTTP/1.1"
        asked: ClassVar[list[str]] = []

        def do_GET(self) -> None:
            self.asked.append(self.headers.get("range", ""))
            self.close_connection = True
            if len(self.asked) == 2:
                return
            self.send_response({1: 200, 3: 503}.get(len(self.asked), 206))
            self.send_header("Content-Length", "10" if len(self.asked) == 1 else "5")
            self.send_header("Set-Cookie", "onetime-lease=x; Path=/")
            self.send_header("Content-Range", "bytes 5-9/10")
            self.end_headers()
            self.wfile.write(b"01234" if len(self.asked) == 1 else b"56789")

    with serving(Patchy) as address:
        assert run("get", f"{address}/x", "--output", "x.bin").returncode == 0
    assert (tmp_path / "x.bin").read_bytes() == b"0123456789"
    assert Patchy.asked == ["", *["bytes=5-"] * 3]


def test_where_a_folder_has_the_name_the_file_is_saved_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.txt").mkdir()
    saved = run("get", url, "--force")
    assert (saved.returncode, (tmp_path / "a (1).txt").read_text()) == (0, "x")


@pytest.mark.parametrize(("wrong", "said"), [("whole", "206"), ("elsewhere", "206")])
def test_a_part_is_not_taken_for_what_was_asked_for(run: Run, tmp_path: Path, wrong: str, said: str) -> None:
    class Liar(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            first = "range" not in self.headers
            self.send_response(206 if wrong == "whole" or not first else 200)
            self.send_header("Content-Length", "10" if first else "5")
            self.send_header("Set-Cookie", "onetime-lease=x; Path=/")
            self.send_header("Content-Range", "bytes 0-4/10")
            self.end_headers()
            self.wfile.write(b"01234")
            self.close_connection = True

    with serving(Liar) as address:
        done = run("get", f"{address}/x", "--output", "x.bin")
    assert (done.returncode, said in done.stderr) == (4, True)
    assert not (tmp_path / "x.bin").exists()


def test_a_damaged_file_is_not_left_behind(run: Run, tmp_path: Path, liar: str) -> None:
    before = set(tmp_path.iterdir())
    done = run("get", liar, "--output", "x.bin")
    assert (done.returncode, "damaged" in done.stderr) == (6, True)
    assert set(tmp_path.iterdir()) - before <= {tmp_path / "home"}
