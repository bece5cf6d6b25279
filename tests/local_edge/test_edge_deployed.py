"""The edge in front of MiniStack: what works on a right template, what fails on a wrong one as on AWS."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_cloud.ministack.few_processes import MOST
from tests.local_edge.build import field
from tests.local_edge.small_cloud import TOKEN, Edge, SmallCloud
from tests.local_edge.templates import BUCKET


def link(cloud: SmallCloud, key: str, body: bytes = b"content") -> str:
    """The target of a presigned URL for a new object."""
    cloud.put(key, body)
    return cloud.presigned(key)


def altered(target: str) -> str:
    """The same target with another signature."""
    return re.sub("X-Amz-Signature=[0-9a-f]{64}", "X-Amz-Signature=" + "0" * 64, target)


def test_a_presigned_url_works_through_the_edge_and_not_at_s3(cloud: SmallCloud, edge: Edge) -> None:
    target = link(cloud, "right/a.txt")
    answer = edge.get(target)
    assert (answer.status, answer.body) == (200, b"content")
    assert answer.headers["x-cache"] == "Miss from cloudfront"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["server"] == "AmazonS3"
    assert "x-amzn-requestid" not in answer.headers
    assert cloud.at_s3(target).status == 403


@pytest.mark.parametrize(
    "key", ["a b+c%2F%.txt", "dir//double/./dots/../x", "\u00fcml\u00e4ut & 'q' (1)*~!.txt", "?#=&;"]
)
def test_any_key_reaches_s3_as_it_was_signed(cloud: SmallCloud, edge: Edge, key: str) -> None:
    answer = edge.get(link(cloud, key, key.encode()))
    assert (answer.status, answer.body) == (200, key.encode())


def test_ranges_and_conditions_are_s3s_to_answer(cloud: SmallCloud, edge: Edge) -> None:
    target = link(cloud, "right/b.txt", b"0123456789")
    part = edge.get(target, range="bytes=2-4")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    etag = edge.get(target).headers["etag"]
    assert edge.get(target, if_none_match=etag).status == 304
    assert edge.get(target, range="bytes=50-").status == 416


def test_a_head_request_has_the_signature_of_a_get_and_so_fails(cloud: SmallCloud, edge: Edge) -> None:
    answer = edge.get(link(cloud, "right/c.txt"), method="HEAD")
    assert (answer.status, answer.body) == (403, b"")


def test_functions_see_events_of_the_documented_shape(edge: Edge) -> None:
    answer = edge.get("/e%20v?a=%41&b", orders={"echo": True}, accept="x/y")
    cf = json.loads(answer.body)["Records"][0]["cf"]
    assert cf["config"]["eventType"] == "viewer-request"
    assert cf["config"]["distributionDomainName"].endswith(".cloudfront.net")
    assert cf["config"]["requestId"] == answer.headers["x-amz-cf-id"]
    assert cf["request"].keys() == {"clientIp", "headers", "method", "querystring", "uri"}
    assert (cf["request"]["uri"], cf["request"]["querystring"]) == ("/e%20v", "a=%41&b")
    assert cf["request"]["clientIp"] == "127.0.0.1"
    assert cf["request"]["headers"]["accept"] == [{"key": "accept", "value": "x/y"}]
    assert answer.headers["x-cache"] == "LambdaGeneratedResponse from cloudfront"


def test_origin_response_sees_the_origin_and_may_replace_everything(cloud: SmallCloud, edge: Edge) -> None:
    target = link(cloud, "right/d.txt")
    cf = json.loads(edge.get(target, after={"echo": True}).body)["Records"][0]["cf"]
    assert cf["response"]["status"] == "200"
    assert cf["request"]["origin"]["s3"]["domainName"] == f"{BUCKET}.s3.us-east-1.amazonaws.com"
    assert cf["request"]["headers"]["user-agent"][0]["value"] == "Amazon CloudFront"
    assert "x-amz-cf-id" not in cf["request"]["headers"]
    replaced = edge.get(target, after={"update": {"status": "418", "body": "tea"}, "set": {"x-made": "1"}})
    assert (replaced.status, replaced.body, replaced.headers["x-made"]) == (418, b"tea", "1")
    assert replaced.headers["content-length"] == "3"


@pytest.mark.parametrize(
    ("orders", "status"),
    [
        ({"fail": "x"}, 503),
        ({"result": None}, 502),
        ({"set": {"x-edge-thing": "1"}}, 502),
        ({"set": {"via": "1.1 me"}}, 502),
        ({"update": {"uri": "no-slash"}}, 502),
        ({"update": {"querystring": "a" * 8_192}}, 502),
        ({"body of length": 50_000}, 502),
    ],
)
def test_a_function_that_breaks_a_rule_is_answered_as_cloudfront_does(
    edge: Edge, orders: dict[str, Any], status: int
) -> None:
    assert edge.get("/any", orders=orders).status == status


def test_a_function_that_runs_out_of_time_is_a_503(edge: Edge) -> None:
    answer = edge.get("/hasty/x", orders={"sleep": 30})
    assert (answer.status, answer.headers["x-cache"]) == (503, "LambdaExecutionError from cloudfront")


def test_many_viewers_are_served_at_once_by_a_few_processes_of_a_function(
    cloud: SmallCloud, edge: Edge
) -> None:
    target = link(cloud, "right/many.txt")
    before = cloud.processes_started("orders")
    with ThreadPoolExecutor(32) as viewers:
        answers = list(viewers.map(lambda _: edge.get(target).status, range(32)))
    assert answers == [200] * 32
    assert cloud.processes_started("orders") - before < 2 * MOST


def test_methods_that_the_behaviour_does_not_allow_are_cloudfronts_403(cloud: SmallCloud, edge: Edge) -> None:
    target = link(cloud, "right/e.txt")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = edge.get(target, method=method)
        assert (answer.status, answer.headers["server"]) == (403, "CloudFront")
    assert edge.get(target).status == 200


def test_an_upload_goes_to_s3_where_the_behaviour_allows_it(edge: Edge) -> None:
    answer = edge.get("/plain/x", method="PUT")
    assert (answer.status, field(answer.body, "Code")) == (403, "AccessDenied")


# What a wrong template does.


@pytest.mark.parametrize("behaviour", ["oac", "oai"])
def test_an_identity_left_on_the_origin_breaks_every_presigned_url(
    cloud: SmallCloud, edge: Edge, behaviour: str
) -> None:
    answer = edge.get(link(cloud, f"{behaviour}/a.txt"))
    assert (answer.status, field(answer.body, "Code")) == (400, "InvalidArgument")
    assert field(answer.body, "Message").startswith("Only one auth mechanism allowed")


def test_an_origin_access_control_that_never_signs_does_no_harm(cloud: SmallCloud, edge: Edge) -> None:
    assert edge.get(link(cloud, "idle-oac/a.txt")).status == 200


def test_a_signed_header_that_the_origin_request_policy_does_not_list_never_reaches_s3(
    cloud: SmallCloud, edge: Edge
) -> None:
    answer = edge.get(link(cloud, "headerless/a.txt"))
    assert (answer.status, field(answer.body, "Code")) == (403, "SignatureDoesNotMatch")
    assert "x-claim-token:\n" in field(answer.body, "CanonicalRequest")


def test_with_caching_on_the_second_viewer_gets_the_firsts_object(cloud: SmallCloud, edge: Edge) -> None:
    target = link(cloud, "cached/a.txt", b"the first's")
    assert edge.get(target).status == 200
    stranger = edge.get("/cached/a.txt?junk")
    assert (stranger.status, stranger.body) == (200, b"the first's")
    assert stranger.headers["x-cache"] == "Hit from cloudfront"


def test_with_the_error_ttl_left_at_its_default_one_viewers_error_burns_anothers_link(
    cloud: SmallCloud, careless_edge: Edge
) -> None:
    target = cloud.presigned("careless/a.txt")
    assert careless_edge.get(target).status == 404
    cloud.put("careless/a.txt", b"content")
    burnt = careless_edge.get(cloud.presigned("careless/a.txt"))
    assert (burnt.status, burnt.headers["x-cache"]) == (404, "Error from cloudfront")


def test_with_error_ttl_0_an_error_is_nobody_elses(cloud: SmallCloud, edge: Edge) -> None:
    target = cloud.presigned("right/late.txt")
    assert edge.get(target).status == 404
    cloud.put("right/late.txt", b"content")
    assert edge.get(target).status == 200


def test_s3s_answer_to_a_wrong_signature_prints_the_token_unless_a_function_replaces_it(
    cloud: SmallCloud, edge: Edge
) -> None:
    target = altered(link(cloud, "right/f.txt"))
    leaking = edge.get(target)
    assert leaking.status == 403
    assert f"x-claim-token:{TOKEN}" in field(leaking.body, "CanonicalRequest")
    quiet = edge.get(target, after={"update": {"body": "refused"}})
    assert (quiet.status, quiet.body) == (403, b"refused")


# Memory and the log.


def test_a_large_object_passes_through_in_constant_memory(cloud: SmallCloud, edge: Edge) -> None:
    status = Path(f"/proc/{edge.child.process.pid}/status")
    if not status.exists():
        pytest.skip("the highest memory use of another process is only told by Linux's /proc")
    size = 64 * 1024 * 1024
    target = link(cloud, "right/large", b"\0" * size)

    def high_water_mark() -> int:
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024

    before = high_water_mark()
    answer = edge.get(target)
    assert (answer.status, len(answer.body)) == (200, size)
    assert high_water_mark() - before < size / 8


def test_the_request_log_never_has_a_query(cloud: SmallCloud, edge: Edge) -> None:
    edge.get(link(cloud, "right/logged.txt"))
    edge.get(
        "/next", orders={"fail": "x"}
    )  # a line is written after its answer: let the next one be there too
    lines = edge.requests.read_text().splitlines()
    assert any(" GET /right/logged.txt 200 " in line for line in lines)
    assert not any("X-Amz" in line or TOKEN in line or "?" in line for line in lines)
    assert edge.child.log.read_text() == ""
