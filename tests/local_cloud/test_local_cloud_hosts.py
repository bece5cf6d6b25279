"""Which requests the front of the AWS APIs lets in, by the Host that they name and their path."""

import pytest

from local_cloud import browser_shield
from local_cloud.browser_shield import Asked

API = "/_aws/execute-api/ab12/get-url"
CONSOLE = "http://127.0.0.4:8080"
BUCKET = "assets"


def may_enter(
    path: str,
    headers: list[tuple[bytes, bytes]],
    method: str = "GET",
    query: bytes = b"",
    console: str = CONSOLE,
) -> bool:
    """Where the console's pages may upload to one bucket."""

    def takes_uploads(bucket: str, origin: str, used: str) -> bool:
        return (bucket, origin) == (BUCKET, CONSOLE) and used in {"PUT", "POST"}

    return browser_shield.may_enter(Asked.of(method, path, query, headers), console, takes_uploads)


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "127.0.0.2", "localhost:1", "LOCALHOST", "[::1]:65535"])
@pytest.mark.parametrize("path", ["/", API, "/_ministack/health"])
def test_loopback_may_ask_for_anything_whatever_its_port(host: str, path: str) -> None:
    assert may_enter(path, [(b"Host", host.encode())])


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("bucket.with.dots.s3.eu-west-1.amazonaws.com", "/key"),
        ("bucket.s3.amazonaws.com", "/key"),
        ("s3.us-east-1.amazonaws.com", "/bucket/key"),
        ("ab12.execute-api.us-east-1.amazonaws.com", API),
    ],
)
def test_what_the_edge_sends_to_an_origin_may_come_in(host: str, path: str) -> None:
    assert may_enter(path, [(b"host", host.encode())])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4566",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "127.0.0.1:4566@evil.example",
        "127.0.0.1:evil",
        "127.0.0.1\n",
        "user@127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0:4566",
        "[::ffff:127.0.0.1]",
        "localhost.",
        "",
        "ab12.execute-api.us-east-1.amazonaws.com",
        "iam.amazonaws.com",
        "bucket.s3.us-east-1.amazonaws.com.evil.example",
        "bucket.s3.us-east-1.amazonaws.com:4566",
        "evil.example.s3.evil.example",
    ],
)
def test_every_other_name_is_kept_out_of_the_aws_apis(host: str) -> None:
    assert not may_enter("/", [(b"host", host.encode())])


@pytest.mark.parametrize("host", ["evil.example", "", "bucket.s3.us-east-1.amazonaws.com"])
def test_every_other_name_is_kept_out_of_the_http_api(host: str) -> None:
    assert not may_enter(API, [(b"host", host.encode())])


def test_a_request_with_no_host_or_two_is_kept_out() -> None:
    assert not may_enter("/", [])
    assert not may_enter("/", [(b"host", b"127.0.0.1"), (b"Host", b"evil.example")])


@pytest.mark.parametrize("sign", [b"Origin", b"sec-fetch-site"])
def test_what_a_page_sends_goes_no_further_than_the_http_api(sign: bytes) -> None:
    headers = [(b"host", b"localhost"), (sign, b"cross-site")]
    assert may_enter(API, headers)
    for path in ("/", "/_aws/execute-api/", "/_aws/execute-api/ab12"):
        assert not may_enter(path, headers)
