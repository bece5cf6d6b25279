"""The API of shares: what is stored, shown, listed, revoked and refused."""

from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError

from common.http_api.aws_calls import ONE_TRY_SECONDS
from common.http_api.errors import Unavailable
from onetime_urls.protocol.contract.names import PAGE_PREFIX
from share_admin import handler as admin_handler
from tests.shares.world import BASE_URL, LINKS, SHARES, Visitor, World, link_in


def test_a_share_is_answered_with_its_address_and_what_it_promises(cloud: World) -> None:
    cloud.put("a b/Bericht.pdf", b"12345")
    share = cloud.share(key="a b/Bericht.pdf", note="Hier,\nbitte")
    assert share["url"] == f"{BASE_URL}{PAGE_PREFIX}{share['id']}"
    assert len(share["id"]) == 22
    assert (share["filename"], share["size"], share["state"]) == ("Bericht.pdf", 5, "ready")
    assert (share["max_downloads"], share["downloads"], share["pin"]) == (1, 0, False)
    assert share["expires_at"] - share["created_at"] == 7 * 86_400
    assert share["note"] == "Hier,\nbitte"
    assert cloud.shown(share) == share


def test_a_pin_is_stored_as_a_salted_hash_and_never_shown(cloud: World) -> None:
    first, second = cloud.share(pin="correct horse"), cloud.share(pin="correct horse")
    items = cloud.dynamodb.scan(TableName=SHARES)["Items"]
    assert "correct horse" not in str(items)
    assert len({item["pin_hash"]["B"] for item in items}) == 2
    assert first["pin"] is second["pin"] is True
    assert "pin_hash" not in cloud.api("GET", f"/shares/{first['id']}").body


@pytest.mark.parametrize(
    ("wanted", "code", "told"),
    [
        ({}, "invalid_key", "key must be"),
        ({"key": ""}, "invalid_key", "1 to 1024 bytes"),
        ({"key": "-/x"}, "invalid_key", "not under '-/'"),
        ({"key": "\ud800"}, "invalid_body", "one JSON object in UTF-8. Text in it isn't Unicode"),
        (b'{"key": "caf\xe9"}', "invalid_body", "a file name that isn't UTF-8"),
        ({"key": "k", "expires_in": 59}, "invalid_expires_in", "from 60 to 2592000"),
        ({"key": "k", "expires_in": 2592001}, "invalid_expires_in", "from 60 to 2592000 (30 days)"),
        ({"key": "k", "expires_in": "60"}, "invalid_expires_in", "whole number"),
        ({"key": "k", "max_downloads": 0}, "invalid_max_downloads", "from 1 to 20"),
        ({"key": "k", "max_downloads": 21}, "invalid_max_downloads", "from 1 to 20"),
        ({"key": "k", "max_downloads": True}, "invalid_max_downloads", "from 1 to 20"),
        ({"key": "k", "pin": "123"}, "invalid_pin", "4 to 64 characters"),
        ({"key": "k", "pin": "1" * 65}, "invalid_pin", "4 to 64 characters"),
        ({"key": "k", "pin": " 1234"}, "invalid_pin", "spaces at its ends"),
        ({"key": "k", "note": "x" * 501}, "invalid_note", "1 to 500 characters"),
        ({"key": "k", "note": "a\x1b[2J"}, "invalid_note", "control characters"),
        ({"key": "k", "note": "gpj.\u202eexe"}, "invalid_note", "reverse text"),
        ({"key": "k", "filename": "\u200b\u200b"}, "invalid_filename", "not blank"),
        ({"key": "k", "filename": "a/b"}, "invalid_filename", "without '/'"),
        ({"key": "k", "filename": "gpj.\u202eexe"}, "invalid_filename", "reverse text"),
        ({"key": "k", "colour": "red"}, "unknown_parameter", "colour is not a field"),
        ([], "invalid_body", "one JSON object"),
        ("{", "invalid_body", "one JSON object"),
        ('{"key": "a", "key": "b"}', "repeated_parameter", "given once"),
        ("[" * 60_000, "invalid_body", "one JSON object"),
        ('"' + "x" * 270_000 + '"', "invalid_body", "at most 262144 bytes"),
    ],
)
def test_every_field_is_validated_and_the_message_says_what_is_allowed(
    cloud: World, wanted: Any, code: str, told: str
) -> None:
    answer = cloud.api("POST", "/shares", wanted)
    assert (answer.status, answer.json["error"]) == (400, code)
    assert told in answer.json["message"]
    assert cloud.dynamodb.scan(TableName=SHARES)["Count"] == 0


def test_a_body_that_is_not_declared_as_json_is_415(cloud: World) -> None:
    answer = cloud.api("POST", "/shares", '{"key": "a"}', content_type="text/plain")
    assert (answer.status, answer.json["error"]) == (415, "unsupported_media_type")


def test_a_missing_or_archived_object_can_not_be_shared(cloud: World) -> None:
    assert cloud.api("POST", "/shares", {"key": "none"}).json["error"] == "no_such_object"
    cloud.put("old", StorageClass="GLACIER")
    assert cloud.api("POST", "/shares", {"key": "old"}).json["error"] == "object_archived"


@pytest.mark.parametrize("share_id", ["A" * 22, "short", "x" * 500, "AAAAAAAAAAAAAAAAAAAAAA%23"])
def test_an_unknown_share_is_404_to_read_and_to_revoke(cloud: World, share_id: str) -> None:
    for method in ("GET", "DELETE"):
        answer = cloud.api(method, f"/shares/{share_id}")
        assert answer.status == 404
    assert cloud.dynamodb.scan(TableName=SHARES)["Count"] == 0


def test_a_ticket_is_no_share(cloud: World) -> None:
    share = cloud.share()
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    assert link_in(visitor.press())
    [ticket] = [i["id"]["S"] for i in cloud.dynamodb.scan(TableName=SHARES)["Items"] if "#" in i["id"]["S"]]
    assert cloud.api("GET", f"/shares/{quote(ticket)}").status == 404
    assert len(cloud.api("GET", "/shares").json["shares"]) == 1


def test_shares_are_listed_newest_first_in_pages_that_leave_none_out(cloud: World) -> None:
    made = []
    for n in range(7):
        cloud.ahead = n
        made.append(cloud.share()["id"])
    listed: list[str] = []
    cursor = ""
    pages = 0
    while True:
        page = cloud.api("GET", "/shares", query=f"limit=3{cursor}").json
        listed += [share["id"] for share in page["shares"]]
        pages += 1
        if "next" not in page:
            break
        cursor = f"&next={page['next']}"
    assert listed == made[::-1]
    assert pages == 3


def test_the_shares_of_one_object_are_listed_in_whole_pages(cloud: World) -> None:
    cloud.put("b +.txt")
    made = []
    for n in range(6):
        cloud.ahead = n
        cloud.share()
        made.append(cloud.share(key="b +.txt")["id"])
    Visitor(cloud, made[0]).press()
    listed, cursor, pages = [], "", 0
    while True:
        page = cloud.api("GET", "/shares", query=f"limit=4&key=b+%2B.txt{cursor}").json
        listed += [share["id"] for share in page["shares"]]
        pages += 1
        if "next" not in page:
            break
        cursor = f"&next={page['next']}"
    assert (listed, pages) == (made[::-1], 2)
    assert cloud.api("GET", "/shares", query="key=none").json == {"shares": []}
    assert cloud.api("GET", "/shares", query="key=-/x").json["error"] == "invalid_key"
    theirs = cloud.api("GET", "/shares", query="limit=1").json["next"]
    for share in cloud.api("GET", "/shares", query=f"key=b+%2B.txt&next={theirs}").json["shares"]:
        assert share["key"] == "b +.txt"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_limit"),
        ("limit=101", "invalid_limit"),
        ("limit=x", "invalid_limit"),
        ("next=", "invalid_next"),
        ("next=000000000000.AAAAAAAAAAAAAAAAAAAAA%23", "invalid_next"),
        ("page=2", "unknown_parameter"),
        ("limit=1&limit=2", "repeated_parameter"),
    ],
)
def test_a_wrong_page_is_refused(cloud: World, query: str, code: str) -> None:
    answer = cloud.api("GET", "/shares", query=query)
    assert (answer.status, answer.json["error"]) == (400, code)


def test_revoking_keeps_the_first_moment_and_takes_the_links_along_claimed_or_not(cloud: World) -> None:
    share = cloud.share(max_downloads=2)
    location = cloud.page("POST", share["id"], headers={"content-type": "application/x-www-form-urlencoded"})
    unclaimed = location.headers["location"]
    again = cloud.page("POST", share["id"], headers={"content-type": "application/x-www-form-urlencoded"})
    cloud.claim(again.headers["location"])
    first = cloud.api("DELETE", f"/shares/{share['id']}")
    cloud.ahead = 5
    second = cloud.api("DELETE", f"/shares/{share['id']}")
    assert (first.status, second.status) == (200, 200)
    assert first.json["state"] == "revoked"
    assert first.json["revoked_at"] == second.json["revoked_at"]
    assert "revoked_at" in cloud.link_of(unclaimed)
    assert "revoked_at" in cloud.link_of(again.headers["location"])
    assert cloud.dynamodb.scan(TableName=LINKS)["Count"] == 2


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("PUT", "/shares", "POST, GET"), ("POST", "/shares/" + "A" * 22, "GET, DELETE")],
)
def test_another_method_is_405(cloud: World, method: str, path: str, allow: str) -> None:
    answer = cloud.api(method, path, {})
    assert (answer.status, answer.headers["allow"]) == (405, allow)


def test_revoking_more_links_than_there_is_time_for_goes_on_where_it_ended(cloud: World) -> None:
    share = cloud.share(max_downloads=7)
    links = [cloud.page("POST", share["id"]).headers["location"] for _ in range(7)]
    admin, asked = admin_handler.admin(), 0
    revoked: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        if params["TableName"] == LINKS:
            revoked.append(params["Key"]["signature"]["S"])

    def time_left() -> float:  # enough for three links each time
        return 10.0 if len(revoked) < 3 * asked else 2 * ONE_TRY_SECONDS - 1

    admin.dynamodb.meta.events.register("provide-client-params.dynamodb.UpdateItem", note)
    for asked in (1, 2):
        with pytest.raises(Unavailable):
            admin.revoke(share["id"], time_left)
        assert len(revoked) == 3 * asked
    asked = 3
    assert admin.revoke(share["id"], time_left).revoked_at is not None
    assert revoked == [cloud.link_of(each)["signature"]["S"] for each in reversed(links)]
    assert all("revoked_at" in cloud.link_of(each) for each in links)


def test_revoking_goes_on_where_the_table_refused_a_link(cloud: World) -> None:
    share = cloud.share(max_downloads=4)
    links = [cloud.page("POST", share["id"]).headers["location"] for _ in range(4)]
    admin, asked, refusing = admin_handler.admin(), list[str](), True

    def throttle(params: dict[str, Any], **_: Any) -> None:
        if params["TableName"] == LINKS:
            asked.append(params["Key"]["signature"]["S"])
            if refusing and len(asked) == 3:
                raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    admin.dynamodb.meta.events.register("provide-client-params.dynamodb.UpdateItem", throttle)
    with pytest.raises(Unavailable):
        admin.revoke(share["id"], lambda: 10.0)
    refusing = False
    admin.revoke(share["id"], lambda: 10.0)
    newest_first = [cloud.link_of(each)["signature"]["S"] for each in reversed(links)]
    assert asked == [*newest_first[:3], *newest_first[2:]]
