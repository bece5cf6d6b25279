"""The GraphQL fields: the same decisions as REST, and errors with the same codes."""

from typing import Any

import pytest

from tests.file_signer.world import BASE_URL, World, client_error, deployment
from tests.tokens import NOW


def test_the_two_queries_of_the_seed(world: World) -> None:
    world.put("shared/a", "users/bob/b")
    assert world.graphql("getFiles", token=world.token()) == {"value": ["shared/a"]}
    signed = world.graphql("getUrl", token=world.token(), file="shared/a")["value"]
    assert signed.startswith(f"{BASE_URL}/shared/a?Expires={NOW + 3600}&Signature=")


def test_the_paged_ones_answer_as_rest_does(world: World) -> None:
    world.put("shared/a", "shared/b")
    page = world.graphql("files", token=world.token(), limit=1, prefix=None, next=None)["value"]
    assert page == world.ask("/files", "limit=1", token=world.token()).json
    following = world.graphql("files", token=world.token(), limit=1, next=page["next"])["value"]
    assert [each["file"] for each in following["files"]] == ["shared/b"]
    arguments: dict[str, Any] = {"file": "shared/a", "expires_in": 60, "disposition": "inline"}
    signed = world.graphql("url", token=world.token(), **arguments)["value"]
    assert signed["expires_at"] == NOW + 60
    assert signed["url"].startswith(f"{BASE_URL}/shared/a?response-content-disposition=inline&Expires=")


@pytest.mark.parametrize(
    ("field", "arguments", "query"),
    [
        ("url", {"file": "shared/../a"}, "file=shared/../a"),
        ("url", {"file": "users/bob/a"}, "file=users/bob/a"),
        ("url", {"file": "shared/none"}, "file=shared/none"),
        ("url", {"file": "shared/a", "expires_in": 0}, "file=shared/a&expires_in=0"),
    ],
)
def test_an_error_has_the_code_and_the_sentence_that_rest_gives(
    world: World, field: str, arguments: dict[str, object], query: str
) -> None:
    assert (
        world.graphql(field, token=world.token(), **arguments)
        == world.ask("/url", query, token=world.token()).json
    )


def test_half_of_a_surrogate_pair_which_json_can_spell_is_no_name(world: World) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        ("getUrl", {"file": "shared/\ud800"}),
        ("files", {"prefix": "shared/\ud800"}),
    ]
    errors = [world.graphql(field, token=world.token(), **arguments)["error"] for field, arguments in asked]
    assert errors == ["invalid_file", "invalid_prefix"]


def test_whom_appsync_let_in_is_checked_once_more(world: World) -> None:
    for field in ("getFiles", "files"):
        assert world.graphql(field)["error"] == "no_token"
        assert world.graphql(field, token="junk")["error"] == "invalid_token"
    access = world.token(token_use="access")
    assert world.graphql("getUrl", token=access, file="a")["error"] == "invalid_token"
    assert world.calls == []


def test_a_token_comes_with_its_scheme_or_without(world: World) -> None:
    world.put("shared/a")
    for scheme in ("", "Bearer ", "bearer "):
        assert world.graphql("getFiles", token=scheme + world.token()) == {"value": ["shared/a"]}


def test_where_iam_lets_callers_in_every_file_is_theirs() -> None:
    with deployment(tokens_only=False) as world:
        world.put("any")
        assert world.graphql("getFiles") == {"value": ["any"]}


def test_without_the_key_nothing_is_handed_out(world: World) -> None:
    world.put("shared/a")
    world.disturb("kms", "Sign", client_error("DisabledException"))
    answer = world.graphql("getUrl", token=world.token(), file="shared/a")
    assert answer["error"] == "unavailable"
    assert answer.keys() == {"error", "message"}


def test_a_field_that_isnt_ours_is_a_mistake_of_ours(world: World) -> None:
    assert world.graphql("drop", token=world.token())["error"] == "internal"
