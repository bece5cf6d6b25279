"""The events that functions get, and the rules that their results are held to."""

import base64
import copy
from typing import Any

import pytest

from local_cloud.edge import events, results
from local_cloud.edge.messages import Request, Response
from local_cloud.edge.model import OriginRequestPolicy
from tests.local_edge.build import BUCKET, PRESIGNED, behaviour, distribution, origin, request

VIEWER = request(
    "/a%20b%2f.txt",
    PRESIGNED,
    headers=(
        ("Host", "d123.cloudfront.net"),
        ("Accept-Language", "en"),
        ("accept-language", "de"),
        ("Connection", "keep-alive"),
        ("X-Amz-Cf-Id", "forged"),
        ("X-Real-IP", "192.0.2.1"),
        ("X-Name", "caf\xe9"),
    ),
)
ORIGINS = Response(403, (("Content-Type", "application/xml"), ("x-amzn-RequestId", "1")), None)


def viewer_event() -> dict[str, Any]:
    event: dict[str, Any] = events.viewer_request(distribution(), "id-1", VIEWER)["Records"][0]["cf"]
    return event


def returned(**changed: Any) -> Any:
    """What a viewer-request function returns that changes these parts of its request."""
    return copy.deepcopy(viewer_event()["request"]) | changed


def with_header(name: str, *values: str, key: str | None = None) -> Any:
    headers = viewer_event()["request"]["headers"]
    return returned(headers={**headers, name: [{"key": key or name, "value": value} for value in values]})


def carried_on(result: Any) -> Request:
    following = results.of_viewer_request(result, VIEWER)
    assert isinstance(following, Request)
    return following


def generated(**parts: Any) -> Response:
    answer = results.of_viewer_request({"status": "200", **parts}, VIEWER)
    assert isinstance(answer, Response)
    return answer


def refusal(result: Any) -> str:
    with pytest.raises(results.Invalid) as caught:
        results.of_viewer_request(result, VIEWER)
    return str(caught.value)


def test_a_viewer_request_event_has_the_documented_shape() -> None:
    assert viewer_event() == {
        "config": {
            "distributionDomainName": "d123.cloudfront.net",
            "distributionId": "E123",
            "eventType": "viewer-request",
            "requestId": "id-1",
        },
        "request": {
            "clientIp": "203.0.113.7",
            "headers": {
                "host": [{"key": "Host", "value": "d123.cloudfront.net"}],
                "accept-language": [
                    {"key": "Accept-Language", "value": "en"},
                    {"key": "accept-language", "value": "de"},
                ],
                "x-name": [{"key": "X-Name", "value": "caf\xe9"}],
            },
            "method": "GET",
            "querystring": PRESIGNED,
            "uri": "/a%20b%2f.txt",
        },
    }


def test_an_origin_response_event_has_the_origin_and_the_response_without_its_body() -> None:
    served = behaviour(origin=origin(custom_headers=(("X-Own", "1"),), path="/sub"))
    event = events.origin_response(distribution(), served, "id-1", VIEWER, ORIGINS)["Records"][0]["cf"]
    assert event["config"]["eventType"] == "origin-response"
    assert event["config"]["requestId"] == "id-1"
    assert event["request"]["querystring"] == PRESIGNED
    assert event["request"]["origin"] == {
        "s3": {
            "authMethod": "none",
            "customHeaders": {"x-own": [{"key": "X-Own", "value": "1"}]},
            "domainName": BUCKET,
            "path": "/sub",
            "region": "",
        }
    }
    assert event["response"] == {
        "status": "403",
        "statusDescription": "Forbidden",
        "headers": {"content-type": [{"key": "Content-Type", "value": "application/xml"}]},
    }


def test_an_origin_facing_function_sees_the_query_only_if_all_of_it_is_forwarded() -> None:
    served = behaviour(origin_request=OriginRequestPolicy())
    event = events.origin_response(distribution(), served, "id-1", VIEWER, ORIGINS)["Records"][0]["cf"]
    assert event["request"]["querystring"] == ""


def test_an_unchanged_request_goes_on_without_what_functions_do_not_see() -> None:
    following = carried_on(returned())
    assert following.target == VIEWER.target
    assert set(following.headers) == {*VIEWER.headers[:3], ("X-Name", "caf\xe9")}


def test_a_function_may_change_the_path_the_query_and_headers() -> None:
    changed = with_header("x-claim-token", "t", key="X-Claim-Token") | {"uri": "/b", "querystring": "x=%20"}
    del changed["headers"]["accept-language"], changed["headers"]["x-name"]
    following = carried_on(changed)
    assert following.target == "/b?x=%20"
    assert following.headers == (("Host", "d123.cloudfront.net"), ("X-Claim-Token", "t"))


@pytest.mark.parametrize("result", [None, [], "request", 7])
def test_a_result_that_is_no_object_is_refused(result: Any) -> None:
    assert "neither a request nor a response" in refusal(result)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"uri": "a.txt"}, "uri"),
        ({"uri": ""}, "uri"),
        ({"uri": None}, "uri"),
        ({"uri": "/a b"}, "uri"),
        ({"uri": "/a?b"}, "uri"),
        ({"uri": "/a\r\nHost: x"}, "uri"),
        ({"uri": "/\xe9"}, "uri"),
        ({"querystring": "a=b c"}, "querystring"),
        ({"querystring": "a#b"}, "querystring"),
        ({"querystring": {"a": "b"}}, "querystring"),
        ({"uri": "/" + "a" * 8100, "querystring": "b" * 90}, "8192"),
        ({"method": "POST"}, "read-only"),
        ({"clientIp": "192.0.2.1"}, "read-only"),
        ({"headers": []}, "headers"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(changed: Any, named: str) -> None:
    assert named in refusal(returned(**changed))


def test_a_path_and_a_query_may_be_just_under_8192_characters() -> None:
    assert len(carried_on(returned(uri="/" + "a" * 8_100, querystring="b" * 89)).target) == 8_191


@pytest.mark.parametrize(
    "name",
    ["connection", "expect", "upgrade", "x-cache", "x-edge-anything", "x-amz-cf-id", "x-forwarded-proto"],
)
def test_disallowed_headers_are_refused(name: str) -> None:
    assert refusal(with_header(name, "v")) == f"header {name} is disallowed"
    with pytest.raises(results.Invalid):
        generated(headers={name: [{"key": name, "value": "v"}]})


@pytest.mark.parametrize("name", ["host", "via", "content-length", "transfer-encoding"])
def test_read_only_headers_can_not_be_changed_or_added(name: str) -> None:
    assert refusal(with_header(name, "changed")) == f"header {name} is read-only"


def test_a_read_only_header_can_not_be_dropped() -> None:
    headers = {name: value for name, value in returned()["headers"].items() if name == "accept-language"}
    assert refusal(returned(headers=headers)) == "header host is read-only"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Upper": [{"key": "X-Upper", "value": "v"}]},
        {"x bad": [{"key": "x bad", "value": "v"}]},
        {"x-a": {"key": "x-a", "value": "v"}},
        {"x-a": ["v"]},
        {"x-a": [{"key": "x-b", "value": "v"}]},
        {"x-a": [{"key": "x-a", "value": 1}]},
        {"x-a": [{"key": "x-a", "value": "v\r\nx-b: w"}]},
        {"x-a": [{"key": "x-a", "value": "\u2713"}]},
        {"x-a": [{"key": "x-a"}]},
    ],
)
def test_headers_of_another_shape_are_refused(headers: Any) -> None:
    assert "header" in refusal({"status": "200", "headers": headers})


def test_a_generated_response_is_taken_with_its_headers_and_body() -> None:
    answer = generated(body="caf\xe9", headers={"x-a": [{"value": "1"}, {"key": "X-A", "value": "2"}]})
    assert answer == Response(200, (("x-a", "1"), ("X-A", "2")), "caf\xe9".encode())
    assert generated(body=base64.b64encode(b"\0\1").decode(), bodyEncoding="base64").body == b"\0\1"


@pytest.mark.parametrize("status", [200, "199", "600", "20", "2000", "", None, "OK"])
def test_a_status_that_is_no_string_from_200_to_599_is_refused(status: Any) -> None:
    assert "status" in refusal({"status": status})


@pytest.mark.parametrize(
    "parts",
    [
        {"body": {"a": 1}},
        {"body": "x", "bodyEncoding": "gzip"},
        {"body": "not base64!", "bodyEncoding": "base64"},
        {"status": "204", "body": "x"},
        {"statusDescription": 1},
        {"body": "x" * 40_961},
        {"body": "\xe9" * 20_481},
        {"body": "x" * 40_000, "headers": {"x-a": [{"value": "y" * 1_000}]}},
        {"headers": {"content-length": [{"value": "0"}]}},
    ],
)
def test_a_generated_response_that_breaks_a_rule_is_refused(parts: Any) -> None:
    assert refusal({"status": "200", **parts})


def test_a_generated_response_may_be_40_kb() -> None:
    assert len(generated(body="x" * 40_960).body or b"") == 40_960


def test_an_origin_response_keeps_the_origins_body_unless_one_is_given() -> None:
    kept = {"status": "403", "headers": {}}
    assert results.of_origin_response(kept, ORIGINS).body is None
    assert results.of_origin_response(kept | {"body": ""}, ORIGINS).body == b""
    assert results.of_origin_response(kept | {"status": "404", "body": "gone"}, ORIGINS) == Response(
        404, (), b"gone"
    )


@pytest.mark.parametrize(
    "result",
    [
        None,
        {"status": 403, "headers": {}},
        {"headers": {}},
        {"status": "403", "headers": {"via": [{"value": "1.1 x"}]}},
        {"status": "403", "headers": {"transfer-encoding": [{"value": "chunked"}]}},
        {"status": "403", "headers": {"x-cache": [{"value": "Hit"}]}},
        {"status": "403", "headers": {}, "body": "x" * 1_048_577},
    ],
)
def test_an_origin_response_that_breaks_a_rule_is_refused(result: Any) -> None:
    with pytest.raises(results.Invalid):
        results.of_origin_response(result, ORIGINS)


def test_refusals_name_no_value() -> None:
    assert "secret" not in refusal(with_header("x-cache", "secret"))
    assert "secret" not in refusal(returned(querystring="secret with spaces"))
    assert "secret" not in refusal(with_header("x-a", "secret\n"))
