"""Uploads to buckets that refuse, and uploads that end before their time."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from onetime_urls.client.uploads import PART
from tests.cli.conftest import Run
from tests.cli.program import SECONDS, Program
from tests.cli.test_deployments import planted
from tests.client.servers import Quiet, answering, serving

FINE = (404, {"error": "no_such_object", "message": "There is none."})
"""What the API says of a share's options before its file is there."""


@pytest.mark.parametrize("status", [403, 404])
def test_an_upload_that_the_bucket_refuses_is_one_sentence(onetime: Run, tmp_path: Path, status: int) -> None:
    (tmp_path / "a.txt").write_text("x")
    refusal = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    with answering(FINE, (status, refusal)) as (address, _):
        planted(tmp_path, ApiEndpoint=address, AwsEndpointUrl=address)
        done = onetime("share", "a.txt")
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert done.stderr.startswith("The upload failed: ")


def test_a_share_that_fails_after_its_upload_says_where_the_file_is(onetime: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with answering(FINE, (200, b""), (503, {"error": "unavailable", "message": "Later."})) as (
        address,
        asked,
    ):
        planted(tmp_path, ApiEndpoint=address, AwsEndpointUrl=address)
        done = onetime("share", "a.txt")
    key = json.loads(asked[2].body)["key"]
    assert (done.returncode, done.stderr) == (5, f"Later. The file is there already: its key is {key}.\n")


class Bucket(Quiet):
    """An API and a bucket that begin a multipart upload and never end a part."""

    protocol_version = "HTTP/1.1"
    stuck = threading.Event()
    over = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        shares = self.path == "/shares"
        body = (
            json.dumps(FINE[1]).encode()
            if shares
            else b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
        )
        self.send_response(404 if shares else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.rfile.read(2**16)
        self.stuck.set()
        self.over.wait(2 * SECONDS)
        self.close_connection = True


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_upload_that_is_ended_says_that_the_same_command_goes_on(
    program: Program, tmp_path: Path, environment: dict[str, str], number: int, status: int
) -> None:
    with (tmp_path / "big.bin").open("wb") as file:
        file.truncate(2 * PART)

    class Stuck(Bucket):
        stuck = threading.Event()
        over = threading.Event()

    with serving(Stuck) as address:
        planted(tmp_path, ApiEndpoint=address, AwsEndpointUrl=address)
        program.start(["share", "big.bin"], tmp_path, environment)
        assert Stuck.stuck.wait(30)
        os.kill(program.pid, number)
        try:
            ended = program.end()  # whoever waited for the bucket would be too late
        finally:
            Stuck.over.set()
    said = "Nothing was shared; the same command goes on with it.\n"
    assert (ended.returncode, ended.stderr.endswith(said)) == (status, True), ended.stderr
    [noted] = (tmp_path / "home").rglob("upload-*")
    assert noted.stat().st_mode & 0o077 == 0
