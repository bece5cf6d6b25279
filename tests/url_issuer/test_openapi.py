"""docs/openapi.yaml says what the code does."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from http_api.errors import STATUS, Code
from stack.settings import Settings as StackSettings
from tests.url_issuer.world import SETTINGS, Answer, Deployment, reply
from url_issuer.handler import ROUTE, app
from url_issuer.parameters import schema

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
OPERATION: dict[str, Any] = DOCUMENT["paths"][ROUTE]["get"]


def matches(instance: Any, described: dict[str, Any]) -> bool:
    """Whether `instance` is as a schema of the document says; its references are the document's."""
    whole = described | {"components": DOCUMENT["components"]}
    return bool(OAS31Validator(whole).is_valid(instance))


def assert_described(answer: Answer) -> None:
    response = OPERATION["responses"][str(answer.status)]
    media_type = answer.headers["content-type"].partition(";")[0]
    body = answer.json if media_type == "application/json" else answer.body
    assert matches(body, response["content"][media_type]["schema"]), answer.body
    named = {name.lower() for name in response["headers"]}
    assert answer.headers.keys() == named | {"content-type"}


def test_the_document_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_it_has_every_route_of_the_code_and_no_other() -> None:
    routes = [(route.path, route.method.lower()) for route in app._static_routes + app._dynamic_routes]
    assert [(path, method) for path in DOCUMENT["paths"] for method in DOCUMENT["paths"][path]] == routes


def test_its_parameters_are_the_schema_that_requests_are_validated_against() -> None:
    in_query = [parameter for parameter in OPERATION["parameters"] if parameter["in"] == "query"]
    validated = schema(SETTINGS)
    assert {parameter["name"]: parameter["schema"] for parameter in in_query} == validated["properties"]
    assert [parameter["name"] for parameter in in_query if parameter["required"]] == validated["required"]


def test_the_lifetimes_it_shows_are_the_stack_s_defaults() -> None:
    [shown] = [found["schema"] for found in OPERATION["parameters"] if found["name"] == "expires_in"]
    settings = StackSettings()
    assert shown["default"] == settings.default_lifetime_seconds
    assert shown["maximum"] == settings.max_lifetime_seconds


def test_it_lists_every_error_code_under_its_status() -> None:
    listed = {
        code: int(status)
        for status, response in OPERATION["responses"].items()
        for part in response["content"]["application/json"]["schema"].get("allOf", [])
        for code in part.get("properties", {}).get("error", {}).get("enum", [])
    }
    assert listed == {code: STATUS.get(code, 400) for code in Code}


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
    monkeypatch.setattr("link_minting.mint.presign", lambda **_: "")
    assert_described(cloud.ask("key=a"))


def test_an_answer_that_is_not_as_described_is_noticed() -> None:
    described = OPERATION["responses"]["503"]["content"]["application/json"]["schema"]
    assert matches({"error": "unavailable", "message": "x"}, described)
    assert not matches({"error": "internal", "message": "x"}, described)
    assert not matches({"error": "unavailable", "message": "x", "url": "https://…"}, described)
