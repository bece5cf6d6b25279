"""What the client makes of answers, addresses and files, with servers of the test's own."""

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from onetime_urls.client import (
    ApiError,
    Archived,
    Client,
    Error,
    Invalid,
    Link,
    NameTaken,
    NoDeployment,
    NotAllowed,
    NotAnId,
    NotFound,
    NotUploaded,
    Share,
    Unavailable,
    presigned,
)
from onetime_urls.client.addresses import read_address
from onetime_urls.client.file_names import fitted
from onetime_urls.client.uploads import PART
from tests.client.servers import Quiet, answering, serving
from tests.front import tls_front

LINK = {
    "url": "https://files.example.com/a.txt?X-Amz-Signature=" + "a" * 64,
    "id": "a" * 64,
    "key": "a.txt",
    "expires_at": 1_800_000_000,
    "expires_in": 900,
    "size": 3,
    "max_claims": 1,
    "resume": 0,
}
STATUS = {
    "id": "a" * 64,
    "key": "a.txt",
    "size": 3,
    "state": "used",
    "issued_at": 1_799_999_100,
    "expires_at": 1_800_000_000,
    "max_claims": 1,
    "claims": [
        {
            "id": "x==",
            "when": 1_799_999_200,
            "address": "192.0.2.1",
            "agent": "curl/8",
            "edge": "us-east-1",
            "outcome": "delivered",
        }
    ],
    "given_back": [],
    "something_new": {"of": "a later version"},
}
SHARE = {
    "id": "x" * 22,
    "url": "https://files.example.com/-/" + "x" * 22,
    "key": "a.txt",
    "filename": "a.txt",
    "size": 3,
    "state": "ready",
    "created_at": 1_799_999_100,
    "expires_at": 1_800_000_000,
    "max_downloads": 2,
    "downloads": 0,
    "pin": False,
}


def session() -> boto3.Session:
    return boto3.Session("AKIDEXAMPLE", "secret", region_name="eu-west-1")


def test_a_minted_link_is_typed_and_its_url_is_not_in_its_repr() -> None:
    with answering((200, LINK)) as (address, asked):
        link = Client(address, session=session()).mint(
            "a.txt", expires_in=timedelta(minutes=15), max_claims=1
        )
    assert (link.url, link.expires_at) == (LINK["url"], datetime.fromtimestamp(1_800_000_000, UTC))
    assert "X-Amz-Signature" not in repr(link)
    assert asked[0].path == "/get-url?expires_in=900&key=a.txt&max_claims=1"


def test_a_call_is_signed_for_the_region_and_one_with_a_token_is_not() -> None:
    with answering((200, LINK), (200, LINK)) as (address, asked):
        Client(address, session=session()).mint("a.txt")
        Client(address, token="abc.def").mint("a.txt")
    assert "/eu-west-1/execute-api/aws4_request" in asked[0].headers["authorization"]
    assert asked[1].headers["authorization"] == "Bearer abc.def"
    assert "x-amz-date" not in asked[1].headers


def test_a_status_is_of_a_link_or_of_a_share_and_what_is_new_in_it_does_no_harm() -> None:
    with answering((200, STATUS), (200, SHARE), (200, STATUS | {"state": "revoked"})) as (address, asked):
        client = Client(address, session=session())
        link, share = client.status("a" * 64), client.status("https://files.example.com/-/" + "x" * 22)
        revoked = client.revoke(str(LINK["url"]))
    assert isinstance(link, Link)
    assert [claim.outcome for claim in link.claims] == ["delivered"]
    assert isinstance(share, Share)
    assert "x" * 22 not in repr(share)
    assert revoked.state == "revoked"
    assert [(each.method, each.path) for each in asked] == [
        ("GET", f"/links/{'a' * 64}"),
        ("GET", f"/shares/{'x' * 22}"),
        ("DELETE", f"/links/{'a' * 64}"),
    ]


def test_a_list_asks_for_its_pages_as_they_are_needed() -> None:
    pages = [(200, {"shares": [SHARE], "next": "c1"}), (200, {"shares": [SHARE]}), (200, {"links": [STATUS]})]
    with answering(*pages) as (address, asked):
        client = Client(address, session=session())
        listed = client.list_shares()
        assert next(listed).downloads == 0
        assert len(asked) == 1
        assert len(list(listed)) == 1
        assert [link.state for link in client.list_links("a b")] == ["used"]
    assert [each.path for each in asked] == ["/shares", "/shares?next=c1", "/links?key=a%20b"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (409, Archived),
        (413, Invalid),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_a_refusal_is_an_exception_with_the_api_s_code_and_sentence(
    status: int, kind: type[ApiError]
) -> None:
    answer = {"error": "some_code", "message": "What is wrong."}
    with answering((status, answer)) as (address, _), pytest.raises(kind) as refused:
        Client(address, session=session()).mint("a.txt")
    assert (refused.value.code, refused.value.status, str(refused.value)) == (
        "some_code",
        status,
        "What is wrong.",
    )
    assert isinstance(refused.value, Error)


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>"),
        (200, []),
        (200, {"url": 1}),
        (200, LINK | {"expires_at": 10**30}),
        (200, LINK | {"size": None}),
        (200, LINK | {"size": 10**400}),
        (200, LINK | {"size": -1}),
        (200, LINK | {"id": 1}),
        (200, LINK | {"key": None}),
        (200, b"[" * 100_000),
        (302, LINK),
    ],
)
def test_an_answer_that_is_none_is_an_exception_of_the_tree(answer: tuple[int, Any]) -> None:
    with answering(answer) as (address, asked), pytest.raises(Unavailable):
        Client(address, session=session()).mint("a.txt")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda client: client.status("a" * 64), STATUS | {"state": ["used"]}),
        (lambda client: list(client.list_files()), {"files": [{"file": 7, "size": 1, "modified": 0}]}),
        (lambda client: client.sign_url("a.txt"), {"url": None, "expires_at": 0}),
    ],
)
def test_what_should_be_text_and_is_not_is_an_exception_of_the_tree(
    ask: Callable[[Client], object], answer: Any
) -> None:
    with answering((200, answer)) as (address, _), pytest.raises(Unavailable):
        ask(Client(address, session=session()))


def test_an_api_that_is_not_there_is_an_exception_of_the_tree() -> None:
    with pytest.raises(Unavailable) as refused:
        Client("http://127.0.0.1:9", session=session()).mint("a.txt")
    assert (refused.value.status, refused.value.code) == (0, "")


def test_an_api_that_is_not_trusted_is_asked_for_nothing(tmp_path: Path) -> None:
    with tls_front("http://127.0.0.1:9", tmp_path) as front:
        client = Client(front.url("http://127.0.0.1:9/"), session=session())
        with pytest.raises(Unavailable, match=r"^The API isn't trusted: self-signed certificate\.$"):
            client.mint("a.txt")
    assert front.requests == []


@pytest.mark.parametrize(
    "endpoint", ["http://api.example.com", "ftp://127.0.0.1", "api.example.com", "http://a\\@127.0.0.1", ""]
)
def test_no_call_goes_out_in_the_clear_to_another_machine(endpoint: str) -> None:
    with pytest.raises(NoDeployment):
        Client(endpoint, token="abc.def")
    with pytest.raises(NoDeployment):
        Client("https://api.example.com", region="eu-west-1", aws_endpoint=endpoint)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.2:80\\@127.0.0.1/x",
        "http://192.0.2.2:80%5C@127.0.0.1/x",
        "http://127.0.0.1@192.0.2.2/x",
        "HTTP://192.0.2.2/x",
        "http://127.0.0.1.example.com/x",
        "https://a b/x",
        "https://x/\x1b[31m",
        "//192.0.2.2/x",
        "https://",
        "https://[",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_can_be_read_two_ways_or_in_the_clear_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        read_address(url)


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y", "HTTPS://A.example/x", "http://[::1]:80/", "http://localhost:1"]
)
def test_https_and_this_machine_are_spoken_to(url: str) -> None:
    assert read_address(url).host


def test_a_url_of_another_deployment_is_no_id() -> None:
    client = Client("http://127.0.0.1:9", session=session(), link_base_url="https://files.example.com")
    for url in (
        "https://elsewhere.example/-/" + "x" * 22,
        "http://127.0.0.1/-/" + "x" * 22,
        "https://files.example.com:8443/-/" + "x" * 22,
    ):
        with pytest.raises(NotAnId):
            client.status(url)
    with pytest.raises(Unavailable):  # it is ours, but nobody is there to ask
        client.status("https://files.example.com/-/" + "x" * 22)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    return tmp_path / "outputs.json"


def test_outputs_are_those_of_a_local_cloud_or_of_cdk_deploy(outputs: Path) -> None:
    flat = {"ApiEndpoint": "http://127.0.0.1:9", "AssetsBucketName": "b", "Region": "eu-west-1"}
    local = flat | {"AwsEndpointUrl": "http://127.0.0.1:9", "AccessKeyId": "x", "SecretAccessKey": "y"}
    outputs.write_text(json.dumps(local))
    assert (Client.from_outputs(outputs).bucket, Client.from_outputs(outputs).region) == ("b", "eu-west-1")
    outputs.write_text(json.dumps({"Mine": flat}))
    assert Client.from_outputs(outputs).bucket == "b"
    outputs.write_text(json.dumps({"Mine": flat, "Other": flat | {"AssetsBucketName": "c"}}))
    assert Client.from_outputs(str(outputs), stack="Other").bucket == "c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "7",
        "[" * 100_000,
        '{"A": {}, "B": {}}',
        '{"ApiEndpoint": 7}',
        '{"AwsEndpointUrl": "http://127.0.0.1", "ApiEndpoint": "http://127.0.0.1"}',
        '{"AwsEndpointUrl": "http://192.0.2.2", "ApiEndpoint": "http://127.0.0.1", '
        '"AccessKeyId": "x", "SecretAccessKey": "y", "Region": "eu-west-1"}',
        '{"AwsEndpointUrl": "http://127.0.0.1", "ApiEndpoint": "http://127.0.0.1", '
        '"AccessKeyId": "x", "SecretAccessKey": "y", "Region": "eu-west-1", '
        '"AssetsBucketName": "arn:aws:s3::000000000000:accesspoint:a.mrap"}',
    ],
)
def test_a_file_without_such_outputs_is_no_deployment(outputs: Path, text: str) -> None:
    outputs.write_text(text)
    with pytest.raises(NoDeployment):
        Client.from_outputs(outputs)


def test_with_a_token_and_no_aws_credentials_a_file_goes_to_the_addresses_that_the_api_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    (tmp_path / "a.txt").write_text("hello")
    with answering((503, b""), (200, b"")) as (bucket, put):
        begun = {
            "key": "uploads/x/a.txt",
            "upload_id": "u1",
            "part_size": 5,
            "parts": [{"number": 1, "url": f"{bucket}/part"}],
        }
        with answering((201, begun), (200, {"key": "uploads/x/a.txt"})) as (api, asked):
            told: list[tuple[int, int]] = []
            done = Client(api, token="abc.def", bucket="b").upload(
                tmp_path / "a.txt", progress=lambda there, size: told.append((there, size))
            )
    assert (done.key, [each.body for each in put]) == ("uploads/x/a.txt", [b"hello"] * 2)
    assert json.loads(asked[0].body)["size"] == 5
    assert json.loads(asked[1].body) == {
        "key": "uploads/x/a.txt",
        "upload_id": "u1",
        "parts": [{"number": 1, "etag": '"tag"'}],
    }
    assert told == [(0, 5), (5, 5), (0, 5), (5, 5)]


def begun_at(bucket: str) -> dict[str, Any]:
    """What the API answers with for a file of five bytes in a folder."""
    parts = [{"number": 1, "url": f"{bucket}/part"}]
    return {"key": "private/a.txt", "upload_id": "u2", "part_size": 5, "parts": parts}


def test_a_part_that_is_refused_ends_the_upload_while_another_waits_to_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presigned, "PAUSES", [20])
    (tmp_path / "a.txt").write_text("helloworld")
    asked: list[str] = []
    turned_away = threading.Event()

    class Bucket(Quiet):
        def do_PUT(self) -> None:
            asked.append(self.path)
            self.rfile.read(5)
            if self.path == "/2":
                turned_away.wait(30)
            self.send_response(503 if self.path == "/1" else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()
            turned_away.set()

    with serving(Bucket) as bucket:
        parts = [{"number": number, "url": f"{bucket}/{number}"} for number in (1, 2)]
        begun = {"key": "private/a.txt", "upload_id": "u2", "part_size": 5, "parts": parts}
        with answering((201, begun)) as (api, _), pytest.raises(NotUploaded, match="403"):
            Client(api, session=session()).upload(tmp_path / "a.txt", folder="private/")
    assert sorted(asked) == ["/1", "/2"]


def refusal(code: str) -> dict[str, str]:
    return {"error": code, "message": "No."}


def test_an_upload_that_s3_has_forgotten_meanwhile_begins_anew(tmp_path: Path) -> None:
    file, checkpoint = tmp_path / "a.txt", tmp_path / "checkpoint"
    file.write_text("hello")
    with answering((403, b""), (200, b"")) as (bucket, _):
        answers = [
            (201, begun_at(bucket)),
            (404, refusal("no_such_upload")),
            (201, begun_at(bucket)),
            (200, {"key": "private/a.txt"}),
        ]
        with answering(*answers) as (api, asked):
            client = Client(api, session=session(), bucket="b")
            with pytest.raises(NotUploaded) as failed:
                client.upload(file, folder="private/", checkpoint=checkpoint)
            assert failed.value.resumable
            assert checkpoint.exists()
            assert client.upload(file, folder="private/", checkpoint=checkpoint).key == "private/a.txt"
    assert [each.path for each in asked] == ["/uploads", "/uploads/resume", "/uploads", "/uploads/complete"]
    assert json.loads(asked[1].body) == {"key": "private/a.txt", "upload_id": "u2", "size": 5, "parts": 1}
    assert not checkpoint.exists()


def test_a_name_that_was_taken_while_a_file_was_sent_is_told_and_its_parts_are_given_up(
    tmp_path: Path,
) -> None:
    file, checkpoint = tmp_path / "a.txt", tmp_path / "checkpoint"
    file.write_text("hello")
    with answering((200, b"")) as (bucket, _):
        answers = [(201, begun_at(bucket)), (409, refusal("name_taken")), (200, {"key": "private/a.txt"})]
        with answering(*answers) as (api, asked):
            client = Client(api, session=session(), bucket="b")
            with pytest.raises(NameTaken):
                client.upload(file, folder="private/", checkpoint=checkpoint)
    assert [each.path for each in asked] == ["/uploads", "/uploads/complete", "/uploads/abort"]
    assert not checkpoint.exists()


def test_a_note_about_another_file_or_folder_is_not_gone_on_with(tmp_path: Path) -> None:
    file, checkpoint = tmp_path / "a.txt", tmp_path / "checkpoint"
    file.write_text("hello")
    with (
        answering((403, b""), (403, b""), (403, b"")) as (bucket, _),
        answering(*[(201, begun_at(bucket))] * 3) as (api, asked),
    ):
        client = Client(api, session=session(), bucket="b")
        for folder in ("private/", "private/2/", "private/2/"):
            with pytest.raises(NotUploaded):
                client.upload(file, folder=folder, checkpoint=checkpoint)
            if folder != "private/":
                checkpoint.write_text("{}")
    assert [each.path for each in asked] == ["/uploads"] * 3


def test_an_upload_that_the_bucket_refuses_is_an_exception_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with answering((403, b""), (403, b"")) as (address, _):
        client = Client(address, session=session(), bucket="b", aws_endpoint=address)
        with pytest.raises(NotUploaded, match="The upload failed"):
            client.upload(tmp_path / "a.txt")


@pytest.mark.parametrize(("status", "size"), [(307, 1), (307, PART + 1), (200, PART + 1)])
def test_a_bucket_that_answers_as_s3_never_does_is_an_exception_of_the_tree(
    tmp_path: Path, status: int, size: int
) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(size))

    class Odd(Quiet):
        def do_PUT(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", "/")
            self.end_headers()

        def do_POST(self) -> None:
            self.do_PUT()

        def do_HEAD(self) -> None:
            self.do_PUT()

    with serving(Odd) as address:
        client = Client(address, session=session(), bucket="b", aws_endpoint=address)
        with pytest.raises(NotUploaded, match="The upload failed"):
            client.upload(tmp_path / "a.txt")


def test_what_is_no_file_is_not_uploaded_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    client = Client("http://127.0.0.1:9", session=session(), bucket="b")
    for name in ("pipe", ".", "missing"):
        with pytest.raises(NotUploaded):
            client.upload(tmp_path / name)
    with pytest.raises(NotUploaded):
        client.upload("/dev/zero")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", "a.pdf"),
        ("x" * 250 + ".pdf", "x" * 250 + ".pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("ü" * 200 + ".tar.gz", "ü" * 126 + ".gz"),
        ("." + "x" * 300, "." + "x" * 254),
        ("x." + "y" * 300, "x." + "y" * 253),
    ],
)
def test_a_name_that_is_too_long_is_cut_before_its_extension(name: str, expected: str) -> None:
    assert fitted(name) == expected
    assert len(fitted(name).encode()) <= 255


def test_one_client_serves_several_threads() -> None:
    with answering(*[(200, LINK)] * 8) as (address, asked):
        client = Client(address, session=session())
        threads = [threading.Thread(target=client.mint, args=("a.txt",)) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert len(asked) == 8


def test_uploads_of_several_threads_share_a_client_of_s3_because_boto3s_sessions_are_not_theirs(
    tmp_path: Path,
) -> None:
    made: list[str] = []

    class Counting(boto3.Session):
        def client(self, *arguments: Any, **more: Any) -> Any:
            made.append(arguments[0])
            return super().client(*arguments, **more)

    (tmp_path / "a.txt").write_text("x")
    with answering(*[(200, b"")] * 4) as (address, asked):
        client = Client(
            address,
            session=Counting("AKIDEXAMPLE", "secret", region_name="eu-west-1"),
            bucket="b",
            aws_endpoint=address,
        )
        with ThreadPoolExecutor(4) as pool:
            keys = {each.key for each in pool.map(client.upload, [tmp_path / "a.txt"] * 4)}
    assert (len(keys), len(asked), made) == (4, 4, ["s3"])
