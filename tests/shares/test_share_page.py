"""The page: what it shows, what it hands over, and what it refuses, without a browser."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from onetime_urls.protocol.contract.headers import TICKET_COOKIE
from onetime_urls.protocol.pages.markup import html
from onetime_urls.protocol.shares.limits import LINK_SECONDS, MAX_REPLACEMENTS
from onetime_urls.protocol.shares.record import Share
from share_page import app as page_app
from share_page.result import VisitResult, VisitStatus
from share_page.visit import Visit
from tests.shares.world import FORM, LINKS, SHARES, Visitor, World, link_in, world

CURL = {"content-type": FORM, "accept": "*/*"}


def ask(cloud: World, share: Any, body: str = "") -> Any:
    """What `curl -d BODY URL` gets."""
    return cloud.page("POST", share["id"], headers=CURL, body=body.encode())


@pytest.mark.parametrize("secret", ["", "x", "only-the-distribution-knows-this-one-of-48-charS", "é"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_whatever_did_not_come_through_the_distribution_gets_403_and_not_a_byte(
    cloud: World, secret: str, method: str
) -> None:
    share = cloud.share()
    answer = cloud.page(method, share["id"], secret=secret, headers=CURL)
    assert (answer.status, answer.body) == (403, "")
    assert cloud.calls == []


def test_looking_is_one_read_without_s3_and_consumes_nothing(cloud: World) -> None:
    share = cloud.share(note="for you")
    for method in ("GET", "HEAD", "GET"):
        cloud.calls.clear()
        answer = cloud.page(method, share["id"])
        assert answer.status == 200
        assert cloud.calls == ["GetItem"]
        assert (answer.body == "") is (method == "HEAD")
        assert len(answer.body.encode()) < 15_000
    assert cloud.shown(share)["downloads"] == 0


def test_the_page_shows_name_size_note_expiry_and_downloads_left(cloud: World) -> None:
    cloud.put("q1.pdf", b"x" * 1500)
    share = cloud.share(key="q1.pdf", note="see page 3", max_downloads=3)
    body = cloud.page("GET", share["id"]).body
    for shown in (
        "q1.pdf",
        "1.5 kB",
        "see page 3",
        "UTC (in\xa07\xa0days)",
        "3 downloads are left.",
        "<button",
    ):
        assert shown in body


def test_a_preview_learns_nothing_of_the_file_and_a_search_engine_is_sent_away(cloud: World) -> None:
    share = cloud.share(filename="secret plans.pdf", note="merger")
    body = cloud.page("GET", share["id"]).body
    head = body.partition("</head>")[0]
    assert "secret" not in head
    assert "merger" not in head
    assert 'property="og:title" content="A file for you"' in head
    assert 'name="robots" content="noindex' in head
    assert "<script" not in body
    assert "http" not in body.replace(' content="no-referrer"', "")  # no third party, no absolute address


PARTS = b"--b\r\ncontent-disposition: form-data; name=pin\r\n\r\n1\r\n--b--"
HOSTILE = "\"><img src=x onerror=alert(1)>&amp;'$name"


def test_every_value_is_escaped(cloud: World) -> None:
    share = cloud.share(filename=HOSTILE, note=HOSTILE)
    body = cloud.page("GET", share["id"]).body
    assert "<img src=x" not in body
    assert unescape(body).count(HOSTILE) == 2
    assert html("$x", x=HOSTILE) == "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;&#x27;$name"


def test_a_name_that_turns_text_around_can_not_disguise_itself(cloud: World) -> None:
    cloud.put("invoice_\u202efdp.exe")
    share = cloud.share(key="invoice_\u202efdp.exe")
    body = cloud.page("GET", share["id"]).body
    assert "\u202e" not in body
    assert "<bdi>invoice_fdp.exe</bdi>" in body.replace("invoice__fdp", "invoice_fdp")


def test_asking_counts_one_download_and_hands_a_one_minute_link_over(cloud: World) -> None:
    share = cloud.share(filename="Über.pdf")
    answer = ask(cloud, share)
    assert answer.status == 303
    assert answer.headers["x-share-status"] == "handed-out"
    location = answer.headers["location"]
    assert "attachment" in location
    record = cloud.link_of(location)
    assert int(record["expires_at"]["N"]) - int(record["issued_at"]["N"]) == 60
    shown = cloud.shown(share)
    assert (shown["state"], shown["downloads"]) == ("used", 1)
    [line] = shown["history"]
    assert (line["address"], line["agent"]) == ("198.51.100.10", "Test/1")
    assert line["link"] == record["signature"]["S"]


def test_the_link_can_be_gone_on_with_as_long_as_the_operator_allows() -> None:
    for seconds in ("900", "0"):
        with world(RESUME_SECONDS=seconds) as cloud:
            query = parse_qs(urlsplit(ask(cloud, cloud.share()).headers["location"]).query)
            assert query.get("x-link-resume", ["0"]) == [seconds]


def test_the_link_sends_no_more_bytes_than_the_operator_allows() -> None:
    for most, times in (("1", 1), ("2", 2), ("4", 2)):
        with world(MAX_RESUME_FACTOR=most) as cloud:
            query = parse_qs(urlsplit(ask(cloud, cloud.share()).headers["location"]).query)
            [size], [budget] = query["x-link-size"], query["x-link-budget"]
            assert int(budget) == times * int(size)


def test_neither_a_visit_nor_what_it_came_to_shows_a_secret_when_printed(cloud: World) -> None:
    ticket, pin, link, share = "t" * 22, "482913", "/?X-Amz-Signature=5e", cloud.share()
    visit = Visit.from_event(
        {
            "requestContext": {"http": {"method": "POST"}},
            "pathParameters": {"id": share["id"]},
            "headers": {"Cookie": f"{TICKET_COOKIE}={ticket}"},
            "body": f"pin={pin}",
        }
    )
    [item] = cloud.dynamodb.scan(TableName=SHARES)["Items"]
    kept = Share.from_item(item)
    printed = repr(visit) + repr(VisitResult(VisitStatus.HANDED_OUT, kept, location=link, ticket=ticket))
    assert (visit.share_id, visit.cookie_tickets) == (share["id"], (ticket,))
    assert not [secret for secret in (ticket, pin, link, share["id"]) if secret in printed]


def test_a_forged_address_header_is_not_believed(cloud: World) -> None:
    share = cloud.share()
    cloud.page("POST", share["id"], headers={**CURL, "x-forwarded-for": "192.0.2.66"})
    assert cloud.shown(share)["history"][0]["address"] == "198.51.100.10"


def test_a_used_an_expired_a_revoked_and_an_unknown_share_say_which_they_are(cloud: World) -> None:
    used, expired, revoked = cloud.share(), cloud.share(expires_in=60), cloud.share()
    ask(cloud, used)
    cloud.api("DELETE", f"/shares/{revoked['id']}")
    cloud.ahead = 60
    for share_id, status, kind in (
        (used["id"], 410, "used"),
        (expired["id"], 410, "expired"),
        (revoked["id"], 410, "revoked"),
        ("A" * 22, 404, "unknown"),
        ("nonsense", 404, "unknown"),
    ):
        for method in ("GET", "POST"):
            answer = cloud.page(method, share_id, headers=CURL)
            assert (answer.status, answer.headers["x-share-status"]) == (status, kind)


def test_operators_can_make_a_share_that_is_over_look_like_none() -> None:
    with world(UNIFORM_ANSWERS="true") as cloud:
        share = cloud.share()
        ask(cloud, share)
        for method in ("GET", "HEAD", "POST"):
            used = cloud.page(method, share["id"], headers=CURL)
            unknown = cloud.page(method, "A" * 22, headers=CURL)
            assert used == unknown
            assert used.status == 404


def test_a_double_click_gets_the_same_link_and_counts_once(cloud: World) -> None:
    share = cloud.share(max_downloads=2)
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    first, second = link_in(visitor.press()), link_in(visitor.press())
    assert first == second != ""
    assert cloud.shown(share)["downloads"] == 1


def test_a_link_that_died_unclaimed_is_replaced_for_its_ticket_and_revoked(cloud: World) -> None:
    share = cloud.share()
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    first = link_in(visitor.press())
    cloud.ahead = 61
    assert visitor.look().headers["x-share-status"] == "waiting"
    second = link_in(visitor.press())
    assert second != first
    assert "revoked_at" in cloud.link_of(first)
    shown = cloud.shown(share)
    assert shown["downloads"] == 1
    assert shown["history"][1]["replaces"] == shown["history"][0]["link"]
    assert Visitor(cloud, share["id"]).look().headers["x-share-status"] == "used"


def test_one_visitor_can_not_use_up_what_another_may_ask_for_again(cloud: World) -> None:
    share = cloud.share(max_downloads=2)
    other, greedy = Visitor(cloud, share["id"]), Visitor(cloud, share["id"])
    for visitor in (other, greedy):
        visitor.look()
        assert link_in(visitor.press())
    for _ in range(MAX_REPLACEMENTS):
        cloud.ahead += LINK_SECONDS
        assert link_in(greedy.press())
    cloud.ahead += LINK_SECONDS
    assert greedy.press().headers["x-share-status"] == "spent"
    assert link_in(other.press())
    assert cloud.shown(share)["downloads"] == 2


def test_a_cookie_counts_where_it_stands_with_the_other_headers_too(cloud: World) -> None:
    visitor = Visitor(cloud, cloud.share()["id"])
    visitor.look()
    visitor.press()
    sent = {"accept": "text/html", "cookie": f"theme=dark; {TICKET_COOKIE}={visitor.cookie}"}
    assert cloud.page("GET", visitor.share_id, headers=sent).headers["x-share-status"] == "waiting"


def test_a_claimed_link_spends_its_ticket_and_another_download_needs_another(cloud: World) -> None:
    share = cloud.share(max_downloads=2)
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    cloud.claim(link_in(visitor.press()))
    spent = visitor.press()
    assert (spent.status, spent.headers["x-share-status"]) == (409, "spent")
    assert cloud.shown(share)["downloads"] == 1
    assert link_in(visitor.press())
    assert cloud.shown(share)["downloads"] == 2


def test_a_ticket_of_one_share_is_none_of_another(cloud: World) -> None:
    one, other = cloud.share(), cloud.share()
    visitor = Visitor(cloud, one["id"])
    visitor.look()
    visitor.press()
    visitor.share_id = other["id"]
    assert link_in(visitor.press())
    assert cloud.shown(other)["downloads"] == 1


def test_the_ticket_is_stored_as_a_hash_only_and_not_before_the_form_is_sent(cloud: World) -> None:
    share = cloud.share()
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    assert cloud.dynamodb.scan(TableName=SHARES)["Count"] == 1
    visitor.press()
    assert visitor.ticket is not None
    assert visitor.ticket not in str(cloud.dynamodb.scan(TableName=SHARES)["Items"])


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://other.example.com"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://d111111abcdef8.cloudfront.net"}, True),
    ],
)
def test_another_sites_form_changes_nothing(cloud: World, headers: dict[str, str], allowed: bool) -> None:
    share = cloud.share(pin="1234")
    answer = cloud.page("POST", share["id"], headers={**CURL, **headers}, body=b"pin=1234")
    assert answer.status == (303 if allowed else 403)
    assert cloud.shown(share)["downloads"] == int(allowed)


def test_an_older_browser_is_known_by_its_tickets_cookie(cloud: World) -> None:
    share = cloud.share()
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    body = f"ticket={visitor.ticket}".encode()
    sent = {**CURL, "origin": "null"}
    cookies = visitor._jar
    assert cloud.page("POST", share["id"], headers=sent, body=body).status == 403
    assert cloud.page("POST", share["id"], headers=sent, body=body, cookies=cookies).status == 303


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"pin=1", 415),
        ("", b"x", 415),
        (FORM, b"pin=1&pin=2", 400),
        (FORM, b"admin=1", 400),
        (FORM, b"pin=%ff", 400),
        (FORM, b"pin=" + b"1" * 5000, 400),
        (FORM, b"ticket=short", 400),
        (FORM, b"\xff", 400),
        ("multipart/form-data", b"x", 400),
        (f"{FORM}; charset=utf-8", b"", 303),
        ("multipart/form-data; boundary=b", PARTS, 303),
    ],
)  # fmt: skip
def test_only_a_form_is_taken_and_a_wrong_one_consumes_nothing(
    cloud: World, content_type: str, body: bytes, status: int
) -> None:
    share = cloud.share()
    answer = cloud.page("POST", share["id"], headers={"content-type": content_type}, body=body)
    assert answer.status == status
    assert cloud.shown(share)["downloads"] == int(status == 303)


def test_other_methods_are_405(cloud: World) -> None:
    answer = cloud.page("PUT", cloud.share()["id"])
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_vanished_object_says_so_and_consumes_nothing(cloud: World) -> None:
    share = cloud.share()
    cloud.s3.delete_object(Bucket="example-assets", Key=share["key"])
    answer = ask(cloud, share)
    assert (answer.status, answer.headers["x-share-status"]) == (410, "vanished")
    assert cloud.shown(share)["state"] == "ready"
    assert cloud.dynamodb.scan(TableName=LINKS)["Count"] == 0


def test_an_overwritten_object_is_handed_over_as_it_was_promised(cloud: World) -> None:
    version = cloud.put("a.txt", b"promised")["VersionId"]
    share = cloud.share(key="a.txt")
    cloud.put("a.txt", b"something else")
    location = ask(cloud, share).headers["location"]
    assert f"versionId={version}" in location


def test_without_versions_an_overwritten_object_counts_as_gone() -> None:
    with world(versioned=False) as cloud:
        cloud.put("a.txt", b"promised")
        share = cloud.share(key="a.txt")
        cloud.put("a.txt", b"something else")
        assert ask(cloud, share).headers["x-share-status"] == "vanished"


@pytest.mark.parametrize("operation", ["GetItem", "HeadObject", "AssumeRole", "TransactWriteItems"])
def test_while_aws_is_down_people_are_asked_to_try_again_and_nothing_is_consumed(
    cloud: World, operation: str
) -> None:
    share = cloud.share()

    def fail(request: Any, **_: Any) -> None:
        raise ReadTimeoutError(endpoint_url=request.url)

    handover = page_app.handover()
    clients: dict[str, Any] = {"HeadObject": handover.issuer.s3, "AssumeRole": handover.issuer.sts}
    events = clients.get(operation, handover.store.dynamodb).meta.events
    service = {"HeadObject": "s3", "AssumeRole": "sts"}.get(operation, "dynamodb")
    events.register_first(f"before-send.{service}.{operation}", fail)
    answer = ask(cloud, share)
    events.unregister(f"before-send.{service}.{operation}", fail)
    assert (answer.status, answer.headers["x-share-status"]) == (503, "unavailable")
    assert "try again in a moment" in answer.body.lower()
    assert cloud.shown(share)["downloads"] == 0
    assert ask(cloud, share).status == 303


def test_a_transaction_whose_reply_was_lost_is_recognised(cloud: World) -> None:
    share = cloud.share()
    lost: list[Any] = []
    tokens: list[str] = []

    def lose(request: Any, **_: Any) -> None:
        tokens.append(request.body.decode().partition('ClientRequestToken": "')[2][:32])
        if not lost:
            lost.append(request)
            botocore_stubber(event_name="before-send", request=request)
            raise ReadTimeoutError(endpoint_url=request.url)

    events = page_app.handover().store.dynamodb.meta.events
    events.register_first("before-send.dynamodb.TransactWriteItems", lose)
    visitor = Visitor(cloud, share["id"])
    visitor.look()
    assert link_in(visitor.press())
    assert tokens[0] == tokens[1]  # DynamoDB itself recognises it; moto doesn't, so there the ticket does
    assert cloud.shown(share)["downloads"] == 1


def test_a_transaction_whose_every_reply_was_lost_is_found_in_the_share(cloud: World) -> None:
    share = cloud.share()

    def lose(request: Any, **_: Any) -> None:
        botocore_stubber(event_name="before-send", request=request)
        raise ReadTimeoutError(endpoint_url=request.url)

    events = page_app.handover().store.dynamodb.meta.events
    events.register_first("before-send.dynamodb.TransactWriteItems", lose)
    answer = ask(cloud, share)
    assert answer.status == 303
    assert cloud.link_of(answer.headers["location"])["claims"] == {"M": {}}
    assert cloud.shown(share)["downloads"] == 1
