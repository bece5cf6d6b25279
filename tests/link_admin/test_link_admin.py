"""The link admin as its callers see it: status, list, revocation, and what happens when DynamoDB fails."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from link_admin.handler import admin
from link_admin.parameters import write_cursor
from tests.link_admin.conftest import TABLE, Answer, World
from tests.links import NOW, TOKEN
from tests.openapi import operations, problems
from tests.url_issuer.world import lose_reply, reply

CALLS = [("GET", "GetItem"), ("DELETE", "UpdateItem"), ("DELETE", "GetItem")]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("link_admin.handler.time.time", lambda: NOW + 0.5)


def assert_described(answer: Answer, path: str, method: str = "get") -> None:
    assert problems(operations()[path, method], answer.status, answer.headers, answer.json) == []
    assert TOKEN not in answer.body


def throttled(request: Any) -> Any:
    body = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"}).encode()
    return reply(400, body)(request)


def slow(request: Any) -> Any:
    raise ReadTimeoutError(endpoint_url=request.url)


def test_a_link_is_told_as_described_with_its_claims_and_returns(world: World) -> None:
    target = world.mint(max_claims=2)
    world.claim(target, "r-1", NOW)
    world.give_back(target, "r-2", NOW)
    answer = world.ask(f"/links/{target.signature}")
    assert answer.status == 200
    assert (answer.json["state"], len(answer.json["claims"]), len(answer.json["given_back"])) == (
        "ready",
        1,
        1,
    )
    assert_described(answer, "/links/{id}")


def test_a_revocation_answers_with_the_revoked_link_and_a_second_one_with_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = world.mint()
    first = world.ask(f"/links/{target.signature}", method="DELETE")
    assert (first.status, first.json["state"], first.json["revoked_at"]) == (200, "revoked", NOW)
    assert_described(first, "/links/{id}", "delete")
    monkeypatch.setattr("link_admin.handler.time.time", lambda: NOW + 60)
    assert world.ask(f"/links/{target.signature}", method="DELETE").json == first.json


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("link_id", ["0" * 64, "0" * 63, "A" * 64])
def test_an_unknown_id_is_a_404_and_leaves_no_record(world: World, method: str, link_id: str) -> None:
    answer = world.ask(f"/links/{id}", method=method)
    assert (answer.status, answer.json["error"]) == (404, "no_such_link")
    assert_described(answer, "/links/{id}", method.lower())
    assert world.store.client.scan(TableName=TABLE)["Count"] == 0


def test_the_links_of_one_object_are_listed_in_pages_newest_first(world: World) -> None:
    links = [world.mint("a/b c.txt", issued_at=NOW - age).signature for age in range(5)]
    world.mint("a/b")
    seen, query = [], "key=a%2Fb+c.txt&limit=2"
    page = world.ask("/links", query)
    while "next" in page.json:
        assert_described(page, "/links")
        seen += [link["id"] for link in page.json["links"]]
        page = world.ask("/links", f"{query}&next={page.json['next']}")
    assert seen + [link["id"] for link in page.json["links"]] == links


def walk(world: World, query: str) -> list[str]:
    """The ids on all pages, each of which is as described."""
    seen: list[str] = []
    page = world.ask("/links", query)
    while True:
        assert_described(page, "/links")
        seen += [link["id"] for link in page.json["links"]]
        if "next" not in page.json:
            return seen
        page = world.ask("/links", f"{query}&next={page.json['next']}")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_the_links_of_all_objects_are_listed_in_pages_newest_first(world: World, limit: int) -> None:
    links = [world.mint(f"{age}.txt", issued_at=NOW - age).signature for age in range(9)]
    assert walk(world, f"limit={limit}") == links


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_links_of_one_second_are_each_listed_once(world: World, limit: int) -> None:
    ages = [0, 0, 0, 1, 4, 4, 4, 4, 8]
    links = {world.mint(f"{number}.txt", issued_at=NOW - age).signature for number, age in enumerate(ages)}
    seen = walk(world, f"limit={limit}")
    assert len(seen) == len(links)
    assert set(seen) == links


def test_what_a_share_handed_out_is_among_its_objects_links_and_not_among_all(world: World) -> None:
    asked_for = world.mint("a.txt").signature
    handed_out = world.mint("a.txt", issued_at=NOW - 1, share="kJ4x9QzT").signature
    assert walk(world, "limit=5") == [asked_for]
    assert walk(world, "limit=5&key=a.txt") == [asked_for, handed_out]


def test_a_cursor_that_was_made_up_begins_elsewhere_in_the_same_list(world: World) -> None:
    links = {world.mint(f"{age}.txt", issued_at=NOW - age).signature: NOW - age for age in range(6)}
    for moment in (0, NOW - 2, NOW + 99, 10**12 - 1):
        answer = world.ask("/links", f"next={write_cursor(moment, 'f' * 64)}")
        listed = {each["id"] for each in answer.json["links"]}
        assert {link for link, issued_at in links.items() if issued_at < moment} <= listed
        assert listed <= {link for link, issued_at in links.items() if issued_at <= moment}


def test_an_object_without_links_has_an_empty_list(world: World) -> None:
    assert world.ask("/links", "key=none").json == {"links": []}


def test_a_record_that_is_gone_by_the_time_it_is_read_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = world.mint(), world.mint(issued_at=NOW - 1)
    found = admin().dynamodb.query

    def late(**request: Any) -> Any:
        entries = found(**request)
        world.store.client.delete_item(TableName=TABLE, Key={"signature": {"S": gone.signature}})
        return entries

    monkeypatch.setattr(admin().dynamodb, "query", late)
    assert [link["id"] for link in world.ask("/links", "key=a.txt").json["links"]] == [kept.signature]


@pytest.mark.parametrize(
    "query", ["key=", "key=a&limit=0", "limit=101", "next=x", "key=a&next=x", "key=a&x=1", "key=a&key=a"]
)
def test_a_list_that_is_asked_for_wrongly_is_a_400_as_described(world: World, query: str) -> None:
    answer = world.ask("/links", query)
    assert answer.status == 400
    assert_described(answer, "/links")


@pytest.mark.parametrize("fault", [throttled, slow, reply(500), reply(403)])
@pytest.mark.parametrize(("method", "operation"), CALLS)
def test_a_store_that_fails_is_a_503_to_come_back_from(
    world: World, method: str, operation: str, fault: Callable[[Any], Any]
) -> None:
    target = world.mint()
    world.disturb(operation, fault)
    answer = world.ask(f"/links/{target.signature}", method=method)
    assert (answer.status, answer.json["error"]) == (503, "unavailable")
    assert_described(answer, "/links/{id}", method.lower())


@pytest.mark.parametrize("operation", ["Query", "GetItem"])
def test_a_list_whose_store_fails_is_a_503(world: World, operation: str) -> None:
    world.mint()
    world.disturb(operation, throttled)
    answer = world.ask("/links", "key=a.txt")
    assert answer.status == 503
    assert_described(answer, "/links")


def test_a_revocation_whose_replies_are_lost_is_a_503_that_does_not_say_that_nothing_happened(
    world: World,
) -> None:
    target = world.mint()
    world.disturb("UpdateItem", lose_reply)
    answer = world.ask(f"/links/{target.signature}", method="DELETE")
    assert answer.status == 503
    assert "Nothing" not in answer.body
    item = world.store.get(target.signature)
    assert item is not None
    assert item["revoked_at"] == {"N": str(NOW)}


def test_no_call_begins_that_the_function_could_not_finish(world: World) -> None:
    target = world.mint()
    answer = world.ask(f"/links/{target.signature}", method="DELETE", seconds_left=3.4)
    assert answer.status == 503
    item = world.store.get(target.signature)
    assert item is not None
    assert "revoked_at" not in item


@pytest.mark.parametrize(("path", "allow"), [("/links", "GET"), ("/links/" + "0" * 64, "DELETE, GET")])
def test_another_method_is_a_405_that_names_the_ones_there_are(world: World, path: str, allow: str) -> None:
    answer = world.ask(path, method="PUT")
    assert (answer.status, answer.headers["allow"]) == (405, allow)
    assert_described(answer, "/links/{id}" if "0" in path else "/links")


def test_a_mistake_in_the_environment_is_a_500_as_described(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKS_TABLE_NAME", "no/table")
    answer = world.ask("/links/" + "0" * 64)
    assert (answer.status, answer.json["error"]) == (500, "internal")
    assert_described(answer, "/links/{id}")
