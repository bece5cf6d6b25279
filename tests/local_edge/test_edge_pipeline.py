"""A request's way through the edge: functions, cache, origin, and every way to fail."""

from typing import Any

import pytest

from local_cloud.edge.functions import ExecutionError, LimitExceeded
from local_cloud.edge.http_client import TooSlow, Unreachable
from local_cloud.edge.model import (
    OriginRequestPolicy,
    PolicyHeader,
    ResponseHeadersPolicy,
    Selection,
)
from tests.local_edge.build import (
    ALL,
    BUCKET,
    PRESIGNED,
    cache_policy,
    field,
    origin,
)
from tests.local_edge.inprocess import Function, MadeUpOrigin, edge, failing, passing

OPTIMIZED = cache_policy(min_ttl=1, default_ttl=86_400, max_ttl=31_536_000)
BARE = b"<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message></Error>"


def refusing_origin() -> MadeUpOrigin:
    return MadeUpOrigin(403, (("Content-Type", "application/xml"), ("Content-Length", "71")), (BARE,))


def test_an_object_comes_through_with_cloudfronts_headers() -> None:
    served = edge(viewer_request=passing, origin_response=passing)
    answer = served.get("/a%20b%2F//c?x=%41&y")
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers["x-cache"] == "Miss from cloudfront"
    assert answer.headers["server"] == "AmazonS3"
    sent = served.origin.seen[0]
    assert sent.target == "/a%20b%2F//c?x=%41&y"
    assert dict(sent.headers)["Host"] == BUCKET
    assert dict(sent.headers)["X-Amz-Cf-Id"] == answer.headers["x-amz-cf-id"]


def test_one_request_has_one_id_in_all_its_triggers() -> None:
    served = edge(viewer_request=passing, origin_response=passing)
    first = served.get("/a").headers["x-amz-cf-id"]
    second = served.get("/a").headers["x-amz-cf-id"]
    assert [each["config"]["requestId"] for each in served.events] == [first, first, second, second]
    assert first != second


def test_a_header_that_the_function_sets_reaches_the_origin_only_if_the_policy_lists_it() -> None:
    def claim(event: dict[str, Any]) -> Any:
        event["request"]["headers"]["x-claim-token"] = [{"key": "x-claim-token", "value": "t"}]
        return event["request"]

    listed, unlisted = (
        edge(viewer_request=claim),
        edge(viewer_request=claim, origin_request=OriginRequestPolicy()),
    )
    listed.get("/a")
    unlisted.get("/a")
    assert dict(listed.origin.seen[0].headers)["x-claim-token"] == "t"
    assert "x-claim-token" not in dict(unlisted.origin.seen[0].headers)


def test_a_generated_response_goes_to_the_viewer_and_nothing_to_the_origin() -> None:
    policy = ResponseHeadersPolicy(add=(PolicyHeader("cache-control", "no-store", True),))
    answering = {"status": "403", "headers": {"set-cookie": [{"value": "a=1"}]}, "body": "used"}
    served = edge(viewer_request=lambda _: answering, response_headers=policy)
    answer = served.get("/a")
    assert (answer.status, answer.body) == (403, b"used")
    assert answer.headers["x-cache"] == "LambdaGeneratedResponse from cloudfront"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["set-cookie"] == "a=1"
    assert served.origin.seen == []


@pytest.mark.parametrize(
    ("function", "status", "x_cache"),
    [
        (lambda _: None, 502, "LambdaValidationError"),
        (lambda _: {"status": 200}, 502, "LambdaValidationError"),
        (failing(ExecutionError("the function failed")), 503, "LambdaExecutionError"),
        (failing(LimitExceeded("throttled")), 503, "LambdaLimitExceeded"),
    ],
)
def test_a_function_that_fails_is_answered_as_cloudfront_does(
    function: Function, status: int, x_cache: str
) -> None:
    before = edge(viewer_request=function)
    after = edge(origin_response=function)
    for served in (before, after):
        answer = served.get("/a")
        assert (answer.status, answer.headers["x-cache"]) == (status, f"{x_cache} from cloudfront")
    assert before.origin.seen == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_a_method_that_the_behaviour_does_not_allow_is_cloudfronts_403(method: str) -> None:
    served = edge(viewer_request=passing)
    answer = served.get("/a", method=method)
    assert (answer.status, answer.headers["x-cache"]) == (403, "Error from cloudfront")
    assert served.events == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_body_on_a_get_is_refused(method: str) -> None:
    assert edge().get("/a", method=method, body=b"x").status == 403


def test_a_body_goes_to_the_origin_where_the_method_is_allowed() -> None:
    served = edge(allowed_methods=frozenset({"GET", "HEAD", "PUT"}))
    assert served.get("/a", method="PUT", body=b"content").status == 200
    assert served.origin.seen[0].body == b"content"
    assert dict(served.origin.seen[0].headers)["Content-Length"] == "7"


def test_a_head_request_has_headers_only() -> None:
    answer = edge(origin_response=passing).get("/a", method="HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "5", b"")


def test_the_origins_timeouts_and_path_are_the_distributions() -> None:
    served = edge(origin=origin(path="/sub", connection_attempts=2, connection_timeout=4, response_timeout=9))
    served.get("/a")
    sent = served.origin.seen[0]
    assert sent.target == "/sub/a"
    assert (sent.limits.attempts, sent.limits.connect, sent.limits.read) == (2, 4, 9)


def test_origin_response_may_replace_an_errors_body() -> None:
    def replace(event: dict[str, Any]) -> Any:
        return event["response"] | {"status": "410", "body": "gone"}

    answer = edge(serving=refusing_origin(), origin_response=replace).get(f"/a?{PRESIGNED}")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (410, b"gone", "4")


@pytest.mark.parametrize(("failure", "status"), [(Unreachable("refused"), 502), (TooSlow("slow"), 504)])
def test_an_origin_that_gives_no_answer_runs_no_origin_response(failure: Exception, status: int) -> None:
    served = edge(serving=MadeUpOrigin(failure=failure), origin_response=passing)
    assert served.get("/a").status == status
    assert served.events == []


def test_a_body_that_breaks_off_is_broken_off_to_the_viewer_too() -> None:
    served = edge(serving=MadeUpOrigin(broken=Unreachable("closed within the body")))
    assert served.get("/a").status == 0
    assert "broken off, origin" in served.log[0]


def test_an_oac_that_was_left_on_makes_s3_refuse_a_presigned_query() -> None:
    served = edge(origin=origin(identity="always"), origin_response=passing)
    answer = served.get(f"/a?{PRESIGNED}")
    assert (answer.status, field(answer.body, "Code")) == (400, "InvalidArgument")
    assert served.origin.seen == []
    assert served.events[0]["response"]["status"] == "400"


def test_a_wrong_signature_prints_the_token_unless_origin_response_replaces_the_body() -> None:
    headers = (("X-Claim-Token", "the-token"),)
    talkative = edge(serving=refusing_origin(), origin_response=passing)
    assert b"x-claim-token:the-token" in talkative.get(f"/a?{PRESIGNED}", headers=headers).body

    def replace(event: dict[str, Any]) -> Any:
        return event["response"] | {"body": "refused"}

    quiet = edge(serving=refusing_origin(), origin_response=replace)
    assert b"the-token" not in quiet.get(f"/a?{PRESIGNED}", headers=headers).body


def test_set_cookie_goes_to_viewers_only_where_cookies_are_forwarded() -> None:
    def serving() -> MadeUpOrigin:
        return MadeUpOrigin(headers=(("Set-Cookie", "a=1"), ("Content-Length", "5")))

    assert "set-cookie" not in edge(serving=serving()).get("/a").headers
    forwarding = OriginRequestPolicy(cookies=ALL)
    assert edge(serving=serving(), origin_request=forwarding).get("/a").headers["set-cookie"] == "a=1"


def test_an_api_is_asked_under_its_own_path_with_the_origins_headers_over_the_viewers() -> None:
    serving = MadeUpOrigin(303, (("Location", "/x"), ("Set-Cookie", "t=1"), ("Content-Length", "0")), ())
    served = edge(
        serving=serving,
        origin=origin(
            api="a1b2c3",
            domain="a1b2c3.execute-api.us-east-1.amazonaws.com",
            custom_headers=(("X-Origin-Secret", "real"),),
        ),
        allowed_methods=frozenset({"GET", "HEAD", "POST"}),
        origin_request=OriginRequestPolicy(Selection("all"), Selection("all"), ALL),
    )
    forged = (("x-origin-secret", "forged"), ("Content-Type", "application/x-www-form-urlencoded"))
    answer = served.get(f"/-/abc?{PRESIGNED}", method="POST", body=b"pin=1", headers=forged)
    assert (answer.status, answer.headers["location"], answer.headers["set-cookie"]) == (303, "/x", "t=1")
    [sent] = serving.seen
    assert (sent.method, sent.body) == ("POST", b"pin=1")
    assert sent.target == f"/_aws/execute-api/a1b2c3/-/abc?{PRESIGNED}"
    headers = {name.lower(): value for name, value in sent.headers}
    assert len(headers) == len(sent.headers)
    assert headers["x-origin-secret"] == "real"
    assert headers["host"] == "a1b2c3.execute-api.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("wanted", "status", "content_range", "body"),
    [
        ("bytes=1-3", 206, "bytes 1-3/5", b"ell"),
        ("bytes=2-", 206, "bytes 2-4/5", b"llo"),
        ("bytes=-2", 206, "bytes 3-4/5", b"lo"),
        ("bytes=-9", 206, "bytes 0-4/5", b"hello"),
        ("bytes=4-99", 206, "bytes 4-4/5", b"o"),
        ("bytes=0-1,3-4", 200, None, b"hello"),
        ("bytes=3-1", 200, None, b"hello"),
        ("items=0-1", 200, None, b"hello"),
    ],
)
def test_s3_serves_one_range_where_ministack_sends_the_whole(
    wanted: str, status: int, content_range: str | None, body: bytes
) -> None:
    answer = edge().get("/a?versionId=1", headers=(("Range", wanted),))
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers.get("content-range") == content_range
    assert answer.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("wanted", ["bytes=5-", "bytes=5-9", "bytes=-0"])
def test_a_range_behind_the_end_is_s3_s_416(wanted: str) -> None:
    answer = edge().get("/a?versionId=1", headers=(("Range", wanted),))
    assert (answer.status, answer.headers["content-range"]) == (416, "bytes */5")
    assert (field(answer.body, "Code"), field(answer.body, "ActualObjectSize")) == ("InvalidRange", "5")


def test_if_range_decides_whether_a_range_counts() -> None:
    serving = MadeUpOrigin(headers=(("ETag", '"1"'), ("Content-Length", "5")))
    for condition, status in (('"1"', 206), ('"2"', 200)):
        headers = (("Range", "bytes=1-3"), ("If-Range", condition))
        assert edge(serving=serving).get("/a?versionId=1", headers=headers).status == status


def test_one_viewers_error_answers_anothers_link_where_the_error_ttl_is_left_at_its_default() -> None:
    missing = MadeUpOrigin(404, (("Content-Length", "0"),), ())
    careless = edge(serving=missing, viewer_request=passing)
    assert careless.get("/a?first").status == 404
    missing.status = 200
    burnt = careless.get("/a?second")
    assert (burnt.status, burnt.headers["x-cache"], burnt.headers["age"]) == (
        404,
        "Error from cloudfront",
        "0",
    )
    assert len(careless.events) == 2, "the viewer-request function ran, and claimed, for nothing"
    careless.clock += 10
    assert careless.get("/a?third").status == 200


def test_with_error_ttl_0_every_request_goes_to_the_origin() -> None:
    missing = MadeUpOrigin(404, (("Content-Length", "0"),), ())
    served = edge(serving=missing, error_ttls={404: 0})
    assert served.get("/a?first").status == 404
    missing.status = 200
    assert served.get("/a?second").status == 200


def test_an_unreachable_origin_is_an_error_that_is_cached_too() -> None:
    served = edge(serving=MadeUpOrigin(failure=Unreachable("refused")))
    served.get("/a")
    served.origin.failure = None
    assert served.get("/a").status == 502


def test_with_caching_on_the_second_viewer_gets_the_firsts_object() -> None:
    served = edge(cache=OPTIMIZED, viewer_request=passing, origin_response=passing)
    served.get("/a?first")
    served.clock += 5
    second = served.get("/a?second")
    assert (second.status, second.body) == (200, b"hello")
    assert (second.headers["x-cache"], second.headers["age"]) == ("Hit from cloudfront", "5")
    assert second.headers["content-length"] == "5"
    assert len(served.origin.seen) == 1
    assert served.get("/a?third", method="HEAD").headers["content-length"] == "5"
    assert len(served.origin.seen) == 1


def test_a_part_of_what_is_not_cached_comes_from_the_origin_and_is_not_kept() -> None:
    served = edge(cache=OPTIMIZED, serving=MadeUpOrigin(status=206))
    for _ in range(2):
        answer = served.get("/a", headers=(("Range", "bytes=0-1"),))
        assert (answer.status, answer.headers["x-cache"]) == (206, "Miss from cloudfront")


def test_with_caching_on_the_query_keeps_viewers_apart_only_if_it_is_in_the_key() -> None:
    keyed = cache_policy(min_ttl=1, default_ttl=9, max_ttl=9, queries=Selection("all"))
    served = edge(cache=keyed)
    served.get("/a?first")
    assert served.get("/a?second").headers["x-cache"] == "Miss from cloudfront"
    assert served.get("/a?first").headers["x-cache"] == "Hit from cloudfront"


def test_methods_that_are_not_cached_leave_the_cache_alone() -> None:
    served = edge(cache=OPTIMIZED, allowed_methods=frozenset({"GET", "HEAD", "OPTIONS"}))
    served.get("/a", method="OPTIONS")
    assert served.get("/a", method="OPTIONS").headers["x-cache"] == "Miss from cloudfront"
    assert served.get("/a").headers["x-cache"] == "Miss from cloudfront"
