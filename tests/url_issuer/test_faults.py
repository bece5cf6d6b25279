"""S3, STS and DynamoDB failing: never a URL whose record isn't stored."""

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from tests.url_issuer.world import (
    CLIENT_OF,
    Deployment,
    Log,
    assert_unavailable,
    lose_reply,
    operations,
    reply,
    target_of,
)
from url_issuer.handler import issuer


@operations
@pytest.mark.parametrize("fault", [ReadTimeoutError, ConnectTimeoutError])
def test_a_service_that_times_out_is_a_503_without_a_url(
    cloud: Deployment, log: Log, operation: str, fault: type[ReadTimeoutError | ConnectTimeoutError]
) -> None:
    cloud.put("a.txt")
    cloud.disturb(operation, *[fault(endpoint_url="https://example.com")] * 2)
    assert_unavailable(cloud.ask("key=a.txt"))
    assert cloud.records() == []
    [line] = log()
    assert (line["operation"], line["cause"], line["level"]) == (operation, fault.__name__, "ERROR")


@operations
@pytest.mark.parametrize("status", [400, 403, 500, 503])
def test_a_service_that_refuses_or_fails_is_a_503_without_a_url(
    cloud: Deployment, operation: str, status: int
) -> None:
    cloud.put("a.txt")
    cloud.disturb(operation, *[reply(status)] * 2)
    assert_unavailable(cloud.ask("key=a.txt"))
    assert cloud.records() == []


@operations
def test_a_single_failure_is_tried_again(cloud: Deployment, operation: str) -> None:
    cloud.put("a.txt")
    cloud.disturb(operation, reply(500))
    assert cloud.ask("key=a.txt").status == 200
    assert len(cloud.records()) == 1


def test_a_put_whose_reply_was_lost_is_recognised_when_it_is_repeated(cloud: Deployment) -> None:
    cloud.put("a.txt")
    cloud.disturb("PutItem", lose_reply)
    answer = cloud.ask("key=a.txt")
    assert answer.status == 200
    [record] = cloud.records()
    assert record["signature"]["S"] == target_of(answer.json["url"]).signature


def test_a_put_whose_replies_are_all_lost_hands_nothing_out_although_it_is_stored(cloud: Deployment) -> None:
    cloud.put("a.txt")
    cloud.disturb("PutItem", lose_reply, lose_reply)
    assert_unavailable(cloud.ask("key=a.txt"))
    assert len(cloud.records()) == 1


def test_somebody_else_s_record_under_the_same_signature_is_not_taken_for_our_own(
    cloud: Deployment,
) -> None:
    cloud.put("a.txt")

    def occupy(params: dict[str, Any], **_: Any) -> None:
        item = params["Item"] | {"claim_token": {"S": "0" * 32}}
        cloud.dynamodb.put_item(TableName=params["TableName"], Item=item)

    cloud.hook(issuer().dynamodb, "provide-client-params.dynamodb.PutItem", occupy)
    assert_unavailable(cloud.ask("key=a.txt"))
    [record] = cloud.records()
    assert record["claim_token"]["S"] == "0" * 32


@pytest.mark.parametrize("seconds_left", [0.0, 3.4])
def test_no_call_begins_that_the_function_could_not_finish(cloud: Deployment, seconds_left: float) -> None:
    cloud.put("a.txt")
    assert_unavailable(cloud.ask("key=a.txt", seconds_left=seconds_left))
    assert cloud.calls == []


@operations
def test_calls_are_short_and_tried_twice(cloud: Deployment, operation: str) -> None:
    config = getattr(issuer(), CLIENT_OF[operation]).meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 2)
    assert (config.retries["mode"], config.retries["total_max_attempts"]) == ("standard", 2)


def test_sts_is_asked_in_the_function_s_own_region(cloud: Deployment) -> None:
    assert issuer().sts.meta.endpoint_url == "https://sts.us-east-1.amazonaws.com"


def test_an_unforeseen_exception_is_a_500_that_stores_nothing_and_tells_its_place_not_its_text(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    cloud.put("a.txt")

    def broken(**_: Any) -> str:
        raise RuntimeError("the claim token is 7f3c")

    monkeypatch.setattr("common.link_minting.mint.presign", broken)
    answer = cloud.ask("key=a.txt")
    assert (answer.status, answer.json["error"]) == (500, "internal")
    assert cloud.records() == []
    [line] = log()
    assert line["exception_name"] == "RuntimeError"
    assert any("mint.py:" in place for place in line["where"])
    assert "7f3c" not in answer.body + str(line)


def test_a_url_that_the_guard_would_refuse_is_a_500_and_nothing_is_stored(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.put("a.txt")
    monkeypatch.setattr(issuer(), "new_id", lambda: "NOT-HEX")
    assert cloud.ask("key=a.txt").status == 500
    assert cloud.records() == []
