"""What viewers see of a response, and what S3 says that MiniStack doesn't."""

from urllib.parse import quote, urlencode

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.edge import responses, s3
from local_cloud.edge.messages import Headers, Request, Response, first
from local_cloud.edge.model import PolicyHeader, ResponseHeadersPolicy
from tests.local_edge.build import BUCKET, PRESIGNED, field, origin, request

BARE = b"<Error><Code>SignatureDoesNotMatch</Code><Message>It doesn't.</Message></Error>"


def shown(headers: Headers, policy: ResponseHeadersPolicy | None = None) -> Headers:
    return responses.for_viewer(
        headers,
        policy or ResponseHeadersPolicy(),
        request(),
        via="1.1 abc.cloudfront.net (CloudFront)",
        request_id="id-1",
        x_cache="Miss",
        date="Fri, 15 Jan 2027 08:00:00 GMT",
    )


def test_cloudfronts_headers_are_on_every_response() -> None:
    headers = dict(shown(()))
    assert headers["x-cache"] == "Miss from cloudfront"
    assert headers["x-amz-cf-id"] == "id-1"
    assert headers["via"] == "1.1 abc.cloudfront.net (CloudFront)"
    assert headers["date"] == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_what_concerns_the_origins_connection_stays_behind() -> None:
    origins = (("Connection", "close"), ("Transfer-Encoding", "chunked"), ("Via", "1.0 x"), ("ETag", '"1"'))
    names = [name.lower() for name, _ in shown(origins)]
    assert sorted(names) == ["date", "etag", "via", "x-amz-cf-id", "x-amz-cf-pop", "x-cache"]


def test_the_origins_date_is_kept() -> None:
    assert (
        first(shown((("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),)), "date") == "Thu, 01 Jan 2026 00:00:00 GMT"
    )


def test_a_response_headers_policy_removes_overrides_and_adds() -> None:
    policy = ResponseHeadersPolicy(
        remove=frozenset({"x-out"}),
        add=(PolicyHeader("cache-control", "no-store", True), PolicyHeader("x-soft", "policy", False)),
    )
    headers = shown((("X-Out", "1"), ("Cache-Control", "max-age=9"), ("X-Soft", "origin")), policy)
    assert first(headers, "x-out") is None
    assert [value for name, value in headers if name.lower() == "cache-control"] == ["no-store"]
    assert first(headers, "x-soft") == "origin"
    assert first(shown((), policy), "x-soft") == "policy"


def test_an_error_page_says_nothing_of_the_inside() -> None:
    page = responses.error_page(502, "No valid response.", "id-1")
    assert page.body is not None
    assert first(page.headers, "content-length") == str(len(page.body))
    assert b"502 Bad Gateway" in page.body


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_no_length(status: int) -> None:
    assert responses.whole(status, (("Content-Length", "9"),), b"").headers == ()


@pytest.mark.parametrize("identity", ["always", "no-override", "origin-access-identity"])
def test_a_signing_origin_and_a_presigned_query_are_two_mechanisms(identity: str) -> None:
    signing = origin(identity=identity)
    assert s3.two_mechanisms(signing, request(querystring=PRESIGNED))
    assert s3.two_mechanisms(signing, request(querystring="AWSAccessKeyId=A&Expires=1&Signature=s"))
    assert s3.two_mechanisms(signing, request(querystring="X-Amz-%53ignature=0"))
    assert not s3.two_mechanisms(signing, request(querystring="X-Amz-Date=1"))


@pytest.mark.parametrize("identity", ["none", "never"])
def test_an_origin_that_does_not_sign_takes_a_presigned_query(identity: str) -> None:
    assert not s3.two_mechanisms(origin(identity=identity), request(querystring=PRESIGNED))


def test_an_authorization_header_and_a_presigned_query_are_two_mechanisms() -> None:
    forwarded = request(querystring=PRESIGNED, headers=(("Authorization", "x"),))
    assert s3.two_mechanisms(origin(), forwarded)


def test_the_refusal_of_two_mechanisms_is_s3s() -> None:
    refusal = s3.only_one_mechanism("id-1")
    assert refusal.status == 400
    assert field(refusal.body, "Code") == "InvalidArgument"
    assert field(refusal.body, "Message").startswith("Only one auth mechanism allowed;")


def test_ministacks_own_request_id_is_dropped_and_s3s_server_header_added() -> None:
    ministacks = (("x-amzn-requestid", "1"), ("x-amz-request-id", "2"))
    sent = s3.as_s3_sends(200, ministacks, request())
    assert sent == (("x-amz-request-id", "2"), ("Server", "AmazonS3"))


def test_headers_that_a_signed_query_chooses_are_on_the_object_but_not_on_an_error() -> None:
    asked = request(
        querystring="versionId=1&response-content-disposition=attachment%3B%20filename%3D%22a%2Bb%22"
    )
    ministacks = (("content-disposition", "inline"), ("Server", "x"))
    expected = (("Server", "x"), ("Content-Disposition", 'attachment; filename="a+b"'))
    assert s3.as_s3_sends(200, ministacks, asked) == expected
    assert s3.as_s3_sends(403, ministacks, asked) == ministacks


def told(asked: Request) -> bytes:
    answer = s3.talkative(Response(403, (("x-amz-request-id", "r-1"),), None), BARE, asked)
    assert answer is not None
    assert answer.body is not None
    assert first(answer.headers, "content-length") == str(len(answer.body))
    return answer.body


def test_a_wrong_signature_is_answered_with_the_values_of_signed_headers() -> None:
    document = told(
        request(querystring=PRESIGNED, headers=(("Host", BUCKET), ("X-Claim-Token", " the  token ")))
    )
    canonical = field(document, "CanonicalRequest")
    assert canonical.splitlines()[3:5] == [f"host:{BUCKET}", "x-claim-token:the token"]
    assert field(document, "CanonicalRequestBytes") == canonical.encode().hex(" ")
    assert field(document, "StringToSign").startswith("AWS4-HMAC-SHA256\n20260101T000000Z\n20260101/")
    assert field(document, "AWSAccessKeyId") == "AKID"
    assert field(document, "SignatureProvided") == "0" * 64
    assert field(document, "Message") == "It doesn't."
    assert field(document, "RequestId") == "r-1"


def test_other_refusals_are_left_alone() -> None:
    answer = s3.talkative(Response(403, (), None), b"<Error><Code>AccessDenied</Code></Error>", request())
    assert answer is None


def test_only_a_403_to_a_presigned_query_has_to_be_read() -> None:
    assert s3.may_be_talkative(403, request(querystring=PRESIGNED))
    assert not s3.may_be_talkative(404, request(querystring=PRESIGNED))
    assert not s3.may_be_talkative(403, request())


def test_markup_in_a_header_stays_text() -> None:
    document = told(request(querystring=PRESIGNED, headers=(("x-claim-token", "</CanonicalRequest><b>&"),)))
    assert "x-claim-token:</CanonicalRequest><b>&" in field(document, "CanonicalRequest")


class Recorder(S3SigV4QueryAuth):
    """botocore's presigner, keeping the canonical request that it signs."""

    recorded = ""

    def canonical_request(self, request: AWSRequest) -> str:
        self.recorded = super().canonical_request(request)
        return self.recorded


printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF), max_size=8)


@given(key=printable, parameters=st.dictionaries(printable.map("x-{}".format), printable, max_size=3))
def test_the_canonical_request_is_the_one_that_botocore_signs(key: str, parameters: dict[str, str]) -> None:
    signer = Recorder(Credentials("AKID", "secret"), "s3", "us-east-1", 900)
    url = f"https://{BUCKET}/{quote(key, safe='/-_.~')}?{urlencode(parameters, quote_via=quote)}"
    signed = AWSRequest("GET", url, {"x-claim-token": "t"})
    signer.add_auth(signed)
    path, _, query = str(signed.url).removeprefix(f"https://{BUCKET}").partition("?")
    ours = s3.canonical_request(request(path, query, headers=(("Host", BUCKET), ("X-Claim-Token", "t"))))
    assert ours == signer.recorded
