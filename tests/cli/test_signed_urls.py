"""`onetime files` and `onetime url`, with an API of the test's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.client.servers import answering

FILES = {"files": [{"file": "shared/ü.txt", "size": 1234, "modified": 1_800_000_000}]}
URL: dict[str, Any] = {
    "url": "https://d1.example.com/shared/a?Expires=1&Signature=x",
    "expires_at": 1_800_000_000,
}


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    (tmp_path / ".local").mkdir()
    return tmp_path / ".local" / "outputs.json"


def here(outputs: Path, address: str) -> None:
    outputs.write_text(
        json.dumps(
            {
                "ApiEndpoint": address,
                "AwsEndpointUrl": address,
                "AccessKeyId": "AKIDEXAMPLE",
                "SecretAccessKey": "secret",
                "Region": "us-east-1",
            }
        )
    )


def test_files_are_listed_page_by_page(onetime: Run, outputs: Path) -> None:
    with answering((200, {**FILES, "next": "abc"}), (200, FILES)) as (address, asked):
        here(outputs, address)
        done = onetime("files", "shared/")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[0] == "CHANGED           SIZE    FILE"
        assert [line.endswith("1.2 kB  shared/ü.txt") for line in done.stdout.splitlines()[1:]] == [True] * 2
    assert [each.path for each in asked] == ["/files?prefix=shared%2F", "/files?next=abc&prefix=shared%2F"]


def test_files_as_json_are_what_the_api_said(onetime: Run, outputs: Path) -> None:
    with answering((200, FILES)) as (address, _):
        here(outputs, address)
        assert json.loads(onetime("files", "--json").stdout) == FILES["files"]


def test_no_files_are_a_sentence(onetime: Run, outputs: Path) -> None:
    with answering((200, {"files": []})) as (address, _):
        here(outputs, address)
        done = onetime("files")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "There are no files here that you may read.\n"


def test_a_url_goes_to_standard_output_alone(onetime: Run, outputs: Path) -> None:
    with answering((200, URL)) as (address, asked):
        here(outputs, address)
        done = onetime("url", "shared/a b", "--expires", "2h", "--download")
    assert done.stdout == URL["url"] + "\n"
    assert done.stderr.startswith("shared/a b: any number of times, until ")
    assert done.stderr.endswith(". It can't be taken back.\n")
    assert asked[0].path == "/url?disposition=attachment&expires_in=7200&file=shared%2Fa%20b"


def test_a_url_as_json_is_what_the_api_said(onetime: Run, outputs: Path) -> None:
    with answering((200, URL)) as (address, _):
        here(outputs, address)
        assert json.loads(onetime("url", "a", "--json").stdout) == URL


@pytest.mark.parametrize(
    ("status", "answer", "exit_", "said"),
    [
        (
            403,
            {"error": "forbidden", "message": "You may not read it."},
            4,
            "You may not read it.",
        ),
        (404, {"error": "no_such_file", "message": "There is no such file."}, 4, "There is no such file."),
        (404, {"message": "Not Found"}, 4, "Not Found"),
        (
            400,
            {"error": "invalid_expires_in", "message": "expires_in must be a whole number from 1 to 604800."},
            4,
            "--expires must be from 1 second to 7 days on this deployment.",
        ),
        (
            503,
            {"error": "unavailable", "message": "The key is disabled."},
            5,
            "The key is disabled.",
        ),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status(
    onetime: Run, outputs: Path, status: int, answer: dict[str, str], exit_: int, said: str
) -> None:
    with answering((status, answer)) as (address, _):
        here(outputs, address)
        done = onetime("url", "a")
    assert (done.returncode, done.stdout, done.stderr) == (exit_, "", f"{said}\n")
