"""docs/openapi.yaml says what the file signer does, with the very schemas that requests are held to."""

import pytest

from common.http_api.fields import schema_of
from common.http_api.listing import PAGE_PARAMETERS
from file_signer.handler import settings
from file_signer.parameters import url_parameters
from tests.file_signer.world import World
from tests.openapi import operations, problems


def shown(path: str) -> dict[str, object]:
    return {each["name"]: each["schema"] for each in operations()[path, "get"]["parameters"]}


def test_its_queries_are_the_schemas_that_requests_are_validated_against(world: World) -> None:
    assert shown("/files") == schema_of(PAGE_PARAMETERS)["properties"]
    assert shown("/url") == schema_of(url_parameters(settings()))["properties"]


def test_answers_are_as_described(world: World) -> None:
    world.put("shared/a", "shared/b")
    for path, query, token in (
        ("/files", "limit=1", world.token()),
        ("/files", "limit=0", world.token()),
        ("/files", "", None),
        ("/url", "file=shared/a", world.token()),
        ("/url", "file=", world.token()),
        ("/url", "file=other", world.token()),
        ("/url", "file=shared/none", world.token()),
        ("/url", "file=shared/a", "junk"),
        ("/-/session", "", None),
    ):
        answer = world.ask(path, query, token=token)
        assert problems(operations()[path, "get"], answer.status, answer.headers, answer.json) == []


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_sessions_are_as_described(world: World, method: str) -> None:
    described = operations()["/-/session", method.lower()]
    answer = world.ask("/-/session", method=method, token=world.token())
    assert answer.status == 204
    assert set(answer.headers) == {name.lower() for name in described["responses"]["204"]["headers"]}
    answer = world.ask("/-/session", method=method, origin="https://evil.example")
    assert problems(described, answer.status, answer.headers, answer.json) == []
