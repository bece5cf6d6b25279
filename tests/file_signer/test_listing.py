"""`GET /files`: what is listed, for whom, and page by page."""

from typing import Any
from urllib.parse import urlencode

import pytest

from common.http_api.listing import write_cursor
from file_signer.files import scopes
from onetime_urls.protocol.rules import Rule, Rules
from tests.file_signer.world import BUCKET, EVERYTHING, World, deployment


def names(world: World, query: str = "", **claims: Any) -> list[str]:
    answer = world.ask("/files", query, token=world.token(**claims))
    assert answer.status == 200, answer.body
    return [each["file"] for each in answer.json["files"]]


def all_names(world: World, limit: int, prefix: str = "") -> list[str]:
    found: list[str] = []
    query = {"limit": str(limit), "prefix": prefix}
    while True:
        page = world.ask("/files", urlencode(query), token=world.token()).json
        assert len(page["files"]) <= limit
        found += [each["file"] for each in page["files"]]
        if "next" not in page:
            return found
        query["next"] = page["next"]


def test_a_caller_sees_the_files_under_their_rules_and_no_others(world: World) -> None:
    world.put("shared/a", "shared/b/c", "users/alice/x", "users/bob/y", "users/alice2/z", "finance/f", "top")
    world.s3.put_object(Bucket=BUCKET, Key="shared/outside-of-the-prefix", Body=b"")
    assert names(world) == ["shared/a", "shared/b/c", "users/alice/x"]
    in_finance: dict[str, Any] = {"cognito:groups": ["finance"]}
    assert names(world, **in_finance) == [
        "finance/f",
        "shared/a",
        "shared/b/c",
        "users/alice/x",
    ]


def test_a_file_has_its_size_and_when_it_was_changed(world: World) -> None:
    world.put("shared/a")
    answer = world.ask("/files", token=world.token())
    [file] = answer.json["files"]
    assert file.keys() == {"file", "size", "modified"}
    assert file["size"] == 6
    assert file["modified"] > 1_600_000_000
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_has_the_type_that_its_name_promises_where_that_is_known(world: World) -> None:
    world.put("shared/a.PDF", "shared/b.tar.gz", "shared/c.unknown", "shared/png")
    listed = world.ask("/files", token=world.token()).json["files"]
    assert [each.get("type") for each in listed] == ["application/pdf", "application/gzip", None, None]
    told = world.graphql("files", token=world.token())["value"]["files"]
    assert [each.get("type") for each in told] == ["application/pdf", "application/gzip", None, None]


def test_a_prefix_narrows_the_list_and_opens_nothing(world: World) -> None:
    world.put("shared/a", "shared/ab", "shared/b", "users/alice/x", "users/bob/y")
    assert names(world, "prefix=shared/a") == ["shared/a", "shared/ab"]
    assert names(world, "prefix=users/") == ["users/alice/x"]
    assert names(world, "prefix=users/bob/") == []
    assert names(world, "prefix=s") == ["shared/a", "shared/ab", "shared/b"]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_pages_together_are_the_whole_list_each_name_once_and_in_order(world: World, limit: int) -> None:
    expected = [f"shared/{number:03}" for number in range(7)] + ["users/alice/ä ö", "users/alice/😀"]
    world.put(*expected, "users/bob/y")
    assert all_names(world, limit) == sorted(expected)


def test_what_no_url_can_name_is_left_out_and_doesnt_stop_the_list(world: World) -> None:
    world.put("shared/../x", "shared/a\nb", "shared/folder/", "shared/./y", "shared/z")
    assert all_names(world, 1) == ["shared/z"]


def test_names_that_no_url_can_have_end_a_page_early_but_not_the_list() -> None:
    with deployment(rules=EVERYTHING) as world:
        world.put(*(f"{number:02}/" for number in range(30)), "z")
        page = world.ask("/files", "limit=1", token=world.token()).json
        assert page["files"] == []
        assert "next" in page
        assert all_names(world, 1) == ["z"]


def test_what_is_reserved_is_not_listed() -> None:
    with deployment(rules=EVERYTHING) as world:
        world.put("-/session", "a")
        assert all_names(world, 10) == ["a"]


def test_a_cursor_of_somebody_else_shows_nothing_of_theirs(world: World) -> None:
    world.put("users/alice/a", "users/alice/b", "users/bob/a", "users/bob/b")
    theirs = world.ask("/files", "limit=1", token=world.token(sub="bob")).json["next"]
    assert names(world, f"next={theirs}") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_limit"),
        ("limit=1001", "invalid_limit"),
        ("limit=x", "invalid_limit"),
        ("limit=1&limit=1", "repeated_parameter"),
        ("next=%21", "invalid_next"),
        ("next=_w", "invalid_next"),
        (f"next={write_cursor('a' * 1025)}", "invalid_next"),
        ("prefix=%0a", "invalid_query"),
        ("delimiter=/", "unknown_parameter"),
    ],
)
def test_bad_input_is_a_400(world: World, query: str, code: str) -> None:
    answer = world.ask("/files", query, token=world.token())
    assert (answer.status, answer.error) == (400, code)
    assert world.calls == []


def test_a_caller_with_no_right_sees_no_files() -> None:
    with deployment(rules=Rules((Rule("a/*", ("staff",)),))) as world:
        world.put("a/b")
        assert names(world) == []
        assert world.calls == []


def test_other_methods_and_paths_are_refused(world: World) -> None:
    answer = world.ask("/files", method="POST", token=world.token())
    assert (answer.status, answer.error) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"
    assert world.ask("/filez", token=world.token()).status == 404


def test_scopes_are_what_is_both_readable_and_wanted() -> None:
    assert scopes(["b/", "a/"], "") == ["a/", "b/"]
    assert scopes(["a/"], "a/b/") == ["a/b/"]
    assert scopes([""], "x") == ["x"]
    assert scopes(["a/"], "b/") == []
