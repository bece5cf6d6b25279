"""What the console's custom resource puts into its bucket, and takes out again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from console_publisher import handler as publisher
from onetime_urls.assets.console import Published
from onetime_urls.assets.sources import find_sources
from tests.client.servers import answering

BUCKET = "console-files"
FILES = {"app/main.js": b"export {};", "style/console.css": b"main {}", "vendor/htm.LICENSE": b"Apache"}
DOCUMENTS = {"index.html": "<!doctype html>", "config.json": '{"api": "https://a"}', "favicon.svg": "<svg/>"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The bucket, and a function that carries `FILES`."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(publisher, "FILES", tmp_path)
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket=BUCKET)
        yield made


def told(kind: str, version: str = "1", before: str | None = None, bucket: str = BUCKET) -> dict[str, Any]:
    """What CloudFormation gets to read."""
    properties: dict[str, Any] = {"Bucket": bucket, "Version": version, "Documents": DOCUMENTS}
    event: dict[str, Any] = {
        "RequestType": kind,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Files",
        "ResourceProperties": properties,
    }
    if before:
        event["OldResourceProperties"] = {**properties, "Version": before}
    with answering((200, b"")) as (address, asked):
        publisher.handler({**event, "ResponseURL": address}, None)
    [request] = asked
    read: dict[str, Any] = json.loads(request.body)
    assert read["PhysicalResourceId"] == bucket
    return read


def keys(s3: Any) -> set[str]:
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_files_of_a_version_may_be_kept_for_a_year_and_what_names_it_is_asked_for_each_time(s3: Any) -> None:
    assert told("Create")["Status"] == "SUCCESS"
    assert keys(s3) == {*(f"assets/1/{name}" for name in FILES), *DOCUMENTS}
    for key in keys(s3):
        found = s3.get_object(Bucket=BUCKET, Key=key)
        expected = "no-cache" if key in DOCUMENTS else "public, max-age=31536000, immutable"
        assert found["CacheControl"] == expected
    page = s3.get_object(Bucket=BUCKET, Key="index.html")
    assert page["Body"].read() == b"<!doctype html>"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("config.json", "application/json"),
        ("favicon.svg", "image/svg+xml"),
        ("assets/1/app/main.js", "text/javascript; charset=utf-8"),
        ("assets/1/style/console.css", "text/css; charset=utf-8"),
        ("assets/1/vendor/htm.LICENSE", "text/plain; charset=utf-8"),
    ],
)
def test_each_file_says_what_it_is(s3: Any, key: str, kind: str) -> None:
    told("Create")
    assert s3.head_object(Bucket=BUCKET, Key=key)["ContentType"] == kind


def test_every_file_of_the_console_has_a_type_of_its_own() -> None:
    console = Published.of(find_sources().console, {"design.css": b"", "logo.png": b""})
    plain = {name for name in console.files if publisher.content_type(name).startswith("text/plain")}
    assert {Path(name).suffix for name in plain} == {".LICENSE"}
    assert publisher.content_type("logo.png") == "image/png"


def test_a_page_that_is_open_finds_its_own_version_until_the_one_after_the_next(s3: Any) -> None:
    told("Create", "1")
    told("Update", "2", before="1")
    assert "assets/1/app/main.js" in keys(s3)
    told("Update", "3", before="2")
    assert {key.split("/")[1] for key in keys(s3) if key.startswith("assets/")} == {"2", "3"}


def test_an_update_of_the_configuration_alone_leaves_the_files(s3: Any) -> None:
    told("Create", "1")
    told("Update", "1", before="1")
    assert keys(s3) == {*(f"assets/1/{name}" for name in FILES), *DOCUMENTS}


def test_an_update_of_the_configuration_alone_takes_nothing_from_pages_of_the_version_before(s3: Any) -> None:
    told("Create", "1")
    told("Update", "2", before="1")
    told("Update", "2", before="2")
    assert "assets/1/app/main.js" in keys(s3)


def test_going_back_to_the_version_before_publishes_it_again(s3: Any) -> None:
    told("Create", "1")
    told("Update", "2", before="1")
    told("Update", "1", before="2")
    assert {"assets/1/app/main.js", "assets/2/app/main.js"} <= keys(s3)


def test_deleting_empties_the_bucket_so_that_it_can_go_too(s3: Any) -> None:
    told("Create")
    assert told("Delete")["Status"] == "SUCCESS"
    assert keys(s3) == set()
    assert told("Delete")["Status"] == "SUCCESS"


def test_a_bucket_that_is_gone_already_is_no_reason_not_to_be_deleted(s3: Any) -> None:
    assert told("Delete", bucket="gone-already")["Status"] == "SUCCESS"


def test_a_bucket_that_cannot_be_filled_fails_the_deployment_with_a_reason(s3: Any) -> None:
    answer = told("Create", bucket="not-there")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("the console can't be put into not-there: ")


def test_whatever_goes_wrong_is_answered_because_the_deployment_waits_for_it(
    s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unforeseen(*_: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(publisher, "publish", unforeseen)
    answer = told("Create")
    assert answer["Status"] == "FAILED"
    assert "no room" in answer["Reason"]
