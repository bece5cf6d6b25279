"""docs/openapi.yaml says what minting does."""

import pytest

from common.http_api.fields import schema_of
from onetime_urls.protocol.contract.routes import GET_URL
from stack.settings import Settings as StackSettings
from tests.openapi import matches, operations, problems
from tests.url_issuer.world import SETTINGS, Answer, Deployment, reply
from url_issuer.parameters import parameters

OPERATION = operations()[GET_URL.path, "get"]


def assert_described(answer: Answer) -> None:
    is_json = answer.headers["content-type"] == "application/json"
    assert problems(OPERATION, answer.status, answer.headers, answer.json if is_json else answer.body) == []


def test_its_parameters_are_the_schema_that_requests_are_validated_against() -> None:
    in_query = [parameter for parameter in OPERATION["parameters"] if parameter["in"] == "query"]
    validated = schema_of(parameters(SETTINGS))
    assert {parameter["name"]: parameter["schema"] for parameter in in_query} == validated["properties"]
    assert [parameter["name"] for parameter in in_query if parameter["required"]] == validated["required"]


def test_the_lifetimes_it_shows_are_the_stack_s_defaults() -> None:
    [shown] = [found["schema"] for found in OPERATION["parameters"] if found["name"] == "expires_in"]
    settings = StackSettings()
    assert shown["default"] == settings.default_lifetime_seconds
    assert shown["maximum"] == settings.max_lifetime_seconds


@pytest.mark.parametrize("accept", ["application/json", "text/plain"])
def test_a_link_is_answered_as_described(cloud: Deployment, accept: str) -> None:
    cloud.put("a b.txt")
    answer = cloud.ask("key=a%20b.txt", accept=accept)
    assert answer.status == 200
    assert_described(answer)


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (400, ""),
        (400, "key=a&x=1"),
        (400, "key=%"),
        (400, "key=a&key=a"),
        (404, "key=none"),
        (409, "key=old"),
    ],
)
def test_a_refusal_is_answered_as_described(cloud: Deployment, status: int, query: str) -> None:
    cloud.put("old", StorageClass="GLACIER")
    answer = cloud.ask(query)
    assert answer.status == status
    assert_described(answer)


def test_a_wrong_method_a_failure_and_a_mistake_are_answered_as_described(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_described(cloud.ask("key=a", method="POST"))
    cloud.put("a")
    cloud.disturb("PutItem", reply(400))
    assert_described(cloud.ask("key=a"))
    monkeypatch.setattr("common.link_minting.mint.presign", lambda **_: "")
    assert_described(cloud.ask("key=a"))


def test_an_answer_that_is_not_as_described_is_noticed() -> None:
    described = OPERATION["responses"]["503"]["content"]["application/json"]["schema"]
    assert matches({"error": "unavailable", "message": "x"}, described)
    assert not matches({"error": "internal", "message": "x"}, described)
    assert not matches({"error": "unavailable", "message": "x", "url": "https://…"}, described)
