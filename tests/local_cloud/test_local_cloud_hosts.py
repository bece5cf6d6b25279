"""Which requests the front of the AWS APIs lets in, by the Host that they name and their path."""

import pytest

from local_cloud.ministack import browser_shield
from local_cloud.ministack.browser_shield import Asked

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


HOST = (b"host", b"127.0.0.1:4566")
GOES_THERE = [(b"sec-fetch-mode", b"navigate"), (b"sec-fetch-dest", b"document")]
CROSS_SITE = (b"sec-fetch-site", b"cross-site")
SAME_ORIGIN = (b"sec-fetch-site", b"same-origin")
CONSOLES = (b"origin", CONSOLE.encode())
OTHERS = (b"origin", b"http://127.0.0.4:8081")
PUT_PART = b"uploadId=1&partNumber=1&X-Amz-Algorithm=a&X-Amz-Signature=b"
DISCOVERY = "/us-east-1_abc/.well-known/openid-configuration"
KEYS = "/us-east-1_abc/.well-known/jwks.json"


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/logout"])
def test_a_browser_may_go_to_the_sign_in_pages_but_put_none_into_a_frame(path: str) -> None:
    assert may_enter(path, [HOST, CROSS_SITE, *GOES_THERE])
    framed = [(b"sec-fetch-mode", b"navigate"), (b"sec-fetch-dest", b"iframe")]
    fetched = [(b"sec-fetch-mode", b"cors"), (b"sec-fetch-dest", b"empty")]
    assert not may_enter(path, [HOST, CROSS_SITE, *framed])
    assert not may_enter(path, [HOST, CROSS_SITE, *fetched])
    assert not may_enter(path, [HOST, CONSOLES, CROSS_SITE, *fetched])
    assert not may_enter(path, [HOST, CROSS_SITE, *GOES_THERE], "POST")


def test_the_sign_in_page_alone_sends_what_was_typed_into_it() -> None:
    own = (b"origin", b"http://127.0.0.1:4566")
    assert may_enter("/login", [HOST, own, SAME_ORIGIN, *GOES_THERE], "POST")
    for other in (CONSOLES, OTHERS, (b"origin", b"null"), (b"origin", b"http://127.0.0.1:4567")):
        assert not may_enter("/login", [HOST, other, CROSS_SITE, *GOES_THERE], "POST")
        assert not may_enter("/login", [HOST, other, SAME_ORIGIN, *GOES_THERE], "POST")
    assert not may_enter("/login", [HOST, own, SAME_ORIGIN], "POST")
    assert not may_enter("/login", [HOST, own, own, SAME_ORIGIN, *GOES_THERE], "POST")


@pytest.mark.parametrize(("method", "path"), [("GET", DISCOVERY), ("GET", KEYS), ("POST", "/oauth2/token")])
def test_the_console_alone_asks_the_issuer_by_script(method: str, path: str) -> None:
    assert may_enter(path, [HOST, CONSOLES, CROSS_SITE], method)
    for other in (OTHERS, (b"origin", b"null"), (b"origin", CONSOLE.encode() + b".evil.example")):
        assert not may_enter(path, [HOST, other, CROSS_SITE], method)
    assert not may_enter(path, [HOST, CROSS_SITE], method)
    assert not may_enter(path, [HOST, CONSOLES, OTHERS, CROSS_SITE], method)
    assert not may_enter(path, [HOST, CONSOLES, CROSS_SITE], "DELETE")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/oauth2/userInfo",
        "/oauth2/authorize/",
        "/saml2/idpresponse",
        "/_ministack/reset",
        "/_ministack/config",
        "/2015-03-31/functions/guard/invocations",
        f"{DISCOVERY}/",
        f"/x{DISCOVERY}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_the_console_gets_at_nothing_else_of_the_aws_apis(method: str, path: str) -> None:
    asked = [HOST, CONSOLES, CROSS_SITE, *GOES_THERE, (b"access-control-request-method", b"PUT")]
    assert not may_enter(path, asked, method)


def test_the_console_sends_files_to_a_bucket_that_lets_it_and_to_no_other() -> None:
    page = [HOST, CONSOLES, CROSS_SITE]
    preflight = [*page, (b"access-control-request-method", b"PUT")]
    assert may_enter(f"/{BUCKET}/uploads/a b/ü", page, "PUT", PUT_PART)
    assert may_enter(f"/{BUCKET}", page, "POST")
    assert may_enter(f"/{BUCKET}/key", preflight, "OPTIONS", PUT_PART)
    for method in ("GET", "HEAD", "DELETE", "PATCH", "OPTIONS"):
        assert not may_enter(f"/{BUCKET}/key", page, method, PUT_PART)
    assert not may_enter("/other-bucket/key", page, "PUT", PUT_PART)
    assert not may_enter(f"/{BUCKET}/key", [HOST, OTHERS, CROSS_SITE], "PUT", PUT_PART)
    assert not may_enter(f"/{BUCKET}/key", [HOST, CROSS_SITE], "PUT", PUT_PART)


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([(b"authorization", b"AWS4-HMAC-SHA256 Credential=test/1/r/iam/aws4_request")], PUT_PART),
        ([(b"x-amz-target", b"AWSCognitoIdentityProviderService.AdminCreateUser")], PUT_PART),
        ([], b"Action=CreateUser"),
        ([], b"policy"),
        ([], b"AWSAccessKeyId=test"),
    ],
)
def test_an_upload_that_would_be_another_service_s_request_is_kept_out(
    headers: list[tuple[bytes, bytes]], query: bytes
) -> None:
    assert not may_enter(f"/{BUCKET}/key", [HOST, CONSOLES, CROSS_SITE, *headers], "POST", query)


def test_without_a_console_nothing_of_that_is_let_in() -> None:
    nobody = [HOST, (b"origin", b""), CROSS_SITE, *GOES_THERE]
    for method, path in (("GET", "/oauth2/authorize"), ("GET", DISCOVERY), ("PUT", f"/{BUCKET}/key")):
        assert not may_enter(path, nobody, method, console="")


def test_a_rebound_name_doesnt_become_the_sign_in_page() -> None:
    rebound = [(b"host", b"evil.example:4566"), SAME_ORIGIN, *GOES_THERE]
    assert not may_enter("/oauth2/authorize", rebound)
    assert not may_enter("/login", [*rebound, (b"origin", b"http://evil.example:4566")], "POST")
