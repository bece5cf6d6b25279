"""`GET /objects`: what is listed, folder by folder and page by page."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from common.http_api.fields import schema_of
from common.http_api.listing import write_cursor
from object_lister.handler import PARAMETERS, objects
from object_lister.keys import start_after
from onetime_urls.protocol.paths import key_problem
from tests.object_lister.conftest import World
from tests.openapi import operations, problems

MANY = 2_500
"""Keys under the reserved prefix: more than two listings hold."""


def test_a_folder_is_listed_once_with_what_lies_beside_it(world: World) -> None:
    world.put("a.txt", "reports/q1.pdf", "reports/2027/q1.pdf", "reports/2027/q2.pdf", "z")
    assert world.page() == (["reports/"], ["a.txt", "z"], None)
    assert world.page(prefix="reports/") == (["reports/2027/"], ["reports/q1.pdf"], None)
    assert world.page(prefix="rep") == (["reports/"], [], None)


def test_flat_is_every_object_below_the_prefix(world: World) -> None:
    world.put("a.txt", "reports/q1.pdf", "reports/2027/q1.pdf", "reports2/x")
    expected = ["reports/2027/q1.pdf", "reports/q1.pdf"]
    assert world.page(prefix="reports/", flat="true") == ([], expected, None)


def test_an_object_has_its_size_when_it_was_changed_and_the_type_that_its_name_promises(world: World) -> None:
    world.put("a.PDF", "b.unknown", ".pdf", "c.pdf/d")
    answer = world.ask("flat=true")
    assert answer.headers["cache-control"] == "no-store"
    for each in answer.json["objects"]:
        assert each["size"] == 6
        assert each["modified"] > 1_600_000_000
    types = {each["key"]: each.get("type") for each in answer.json["objects"]}
    assert types == {"a.PDF": "application/pdf", "b.unknown": None, ".pdf": None, "c.pdf/d": None}


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
@pytest.mark.parametrize("flat", ["false", "true"])
def test_pages_together_are_the_whole_list_each_name_once_and_in_order(
    world: World, limit: int, flat: str
) -> None:
    keys = ["a", "a/1", "a/2", "a0", "b//c", "b//d", "f/\U0010ffff", "f/\U0010ffffx", "f/ä ö", "ä/1", "😀"]
    world.put(*keys)
    rolled_up = ["a", "a/", "a0", "b/", "f/", "ä/", "😀"]
    assert world.all_names(limit, flat=flat) == (sorted(keys) if flat == "true" else rolled_up)


@pytest.mark.parametrize("flat", ["false", "true"])
def test_what_cant_be_minted_is_left_out_and_doesnt_stop_the_list(world: World, flat: str) -> None:
    barred = ["-/page", "x/../y", "./z", "..", "a\nb", "c\x9f/d", "e/./f"]
    assert all(map(key_problem, barred))
    world.put(*barred, "x/g", "folder/", "zz")
    found = world.all_names(1, flat=flat)
    assert found == (["x/g", "zz"] if flat == "true" else ["e/", "folder/", "x/", "zz"])
    assert world.page(prefix="x/") == ([], ["x/g"], None)
    assert world.page(prefix="folder/") == ([], [], None)


@pytest.mark.parametrize("prefix", ["-/", "-/session", "x/../", "./", "x/./y"])
def test_below_a_prefix_that_bars_its_keys_nobody_looks(world: World, prefix: str) -> None:
    world.put("-/page", "-/session/1", "x/../y")
    for flat in ("false", "true"):
        answer = world.ask(f"flat={flat}&prefix={prefix}")
        assert answer.json == {"folders": [], "objects": []}
    assert world.listings == []


@pytest.mark.parametrize("prefix", ["private/..", "-", "PRIVATE/", "private%2F%2e%2e", "private//"])
def test_other_spellings_of_a_prefix_find_nothing_but_what_begins_with_them(
    world: World, prefix: str
) -> None:
    world.put("private/a", "-/page", "private/../b")
    folders, keys, _ = world.page(prefix=prefix, flat="true")
    assert (folders, keys) == ([], [])


def test_however_many_keys_cant_be_minted_a_list_goes_on_behind_their_folder_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put("a", "z")
    given = objects().s3.list_objects_v2
    barred = [f"-/{number:05}" for number in range(MANY)]

    def with_barred(**asked: Any) -> Any:
        """S3, with many keys that moto would take long to store."""
        after, most = asked["StartAfter"], asked["MaxKeys"]
        listed = given(**asked | {"MaxKeys": 1000})
        stamp = (
            {"Size": 1, "LastModified": listed["Contents"][0]["LastModified"]} if "Contents" in listed else {}
        )
        names = sorted(
            [key for key in barred if key > after] + [each["Key"] for each in listed.get("Contents", ())]
        )
        page = [{"Key": key, **stamp} for key in names[:most]]
        return {"Contents": page, "IsTruncated": len(names) > most}

    monkeypatch.setattr(objects().s3, "list_objects_v2", with_barred)
    assert world.all_names(10, flat="true") == ["a", "z"]
    assert len(world.listings) <= 3


def test_a_page_asks_s3_a_bounded_number_of_times(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def endless_markers(**parameters: Any) -> Any:
        asked.append(parameters["StartAfter"])
        first = len(asked) * 1000
        return {"Contents": [{"Key": f"{first + number:09}/"} for number in range(1000)], "IsTruncated": True}

    monkeypatch.setattr(objects().s3, "list_objects_v2", endless_markers)
    folders, keys, following = world.page(flat="true", limit=5)
    assert (folders, keys) == ([], [])
    assert following is not None
    assert len(asked) == 10
    world.page(flat="true", next=following)
    assert asked[10] == "000010999/"


def test_a_cursor_that_was_made_up_begins_elsewhere_in_the_same_list(world: World) -> None:
    world.put("-/page", "a", "b/1", "c")
    for name in ("-/", "-/zzz", "a", "b/", "b/0", "b/1", "zzz", "x/../y", "\U0010ffff" * 256):
        folders, keys, _ = world.page(next=write_cursor(name), flat="true")
        assert set(folders + keys) <= {"a", "b/1", "c"}
        folders, keys, _ = world.page(next=write_cursor(name))
        assert set(folders + keys) <= {"a", "b/", "c"}


def test_the_folder_whose_own_marker_ends_a_page_is_still_listed() -> None:
    assert start_after("x/", "x/", flat=False) == "x/"
    assert start_after("x/", "x/", flat=True) == "x/"
    assert start_after("x/y/", "x/", flat=False) > "x/y/z"


def test_s3_is_never_asked_for_more_than_a_key_can_hold() -> None:
    folder = "a" * 1022 + "/"
    assert start_after(folder, "", flat=False) == folder


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_limit"),
        ("limit=1001", "invalid_limit"),
        ("limit=-1", "invalid_limit"),
        ("limit=1&limit=1", "repeated_parameter"),
        ("next=%21", "invalid_next"),
        ("next=_w", "invalid_next"),
        (f"next={write_cursor('a' * 1025)}", "invalid_next"),
        ("prefix=%0a", "invalid_query"),
        ("prefix=" + "%C3%BC" * 513, "invalid_prefix"),
        ("prefix=%ff", "invalid_query"),
        ("flat=1", "invalid_flat"),
        ("flat=", "invalid_flat"),
        ("delimiter=/", "unknown_parameter"),
    ],
)
def test_bad_input_is_a_400(world: World, query: str, code: str) -> None:
    answer = world.ask(query)
    assert (answer.status, answer.json["error"]) == (400, code)
    assert world.listings == []


def test_other_methods_are_refused_and_s3s_failure_is_a_503(world: World) -> None:
    assert world.ask(method="POST").status == 405
    failure: Any = {"Error": {"Code": "AccessDenied", "Message": "arn:aws:iam::1:role/secret"}}

    def fail(**_: Any) -> None:
        raise ClientError(failure, "ListObjectsV2")

    objects().s3.meta.events.register_first("before-send.s3.ListObjectsV2", fail)
    answer = world.ask()
    assert (answer.status, answer.json["error"]) == (503, "unavailable")
    assert "arn" not in answer.json["message"]


def test_the_openapi_document_describes_it(world: World) -> None:
    described = operations()["/objects", "get"]
    shown = {each["name"]: each["schema"] for each in described["parameters"]}
    assert shown == schema_of(PARAMETERS)["properties"]
    world.put("a.txt", "b/c", "d")
    for query, method in (
        ("", "GET"),
        ("limit=1", "GET"),
        ("flat=true", "GET"),
        ("limit=x", "GET"),
        ("", "PUT"),
    ):
        answer = world.ask(query, method=method)
        assert problems(described, answer.status, answer.headers, answer.json) == []
