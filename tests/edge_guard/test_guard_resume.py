"""The guard on links that can be resumed, used several times, or from one network only."""

import contextlib
import json
import re
from typing import Any

import pytest

from edge_guard.guard import Guard
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.rules import Item
from tests.edge_guard.world import NO_ANSWER, Aws, ask, make_guard, origin_event, status
from tests.links import NOW, TOKEN, make_record, make_resumable, make_target, viewer_event

DATED = NOW - 60
"""The links' own date."""

RESUMABLE = make_resumable(1000, window=300, factor=2)
BY_ADDRESS = make_resumable(1000, window=300, factor=2, x_link_resume_by="address")


@pytest.fixture
def link(aws: Aws) -> Target:
    aws.store.put(make_record(RESUMABLE, size=1000))
    return RESUMABLE


@pytest.fixture
def by_address(aws: Aws) -> Target:
    aws.store.put(make_record(BY_ADDRESS, size=1000))
    return BY_ADDRESS


def sent_range(request: dict[str, Any]) -> str | None:
    entries = request["headers"].get("range")
    return entries[0]["value"] if entries else None


def cookie_of(guard: Guard, sent: dict[str, Any], request_id: str = "r-1") -> str:
    """What the claimer's client keeps, once S3 has answered well."""
    answered = guard.handle(origin_event(sent, "200", request_id), lambda: 5.0)
    cookie: str = answered["headers"]["set-cookie"][0]["value"]
    return cookie.partition(";")[0]


def claimed(guard: Guard, link: Target, request_id: str = "r-1") -> str:
    return cookie_of(guard, ask(guard, link, request_id=request_id), request_id)


def entry(aws: Aws, link: Target, request_id: str = "r-1") -> Item:
    item = aws.store.get(link.signature)
    assert item is not None
    found: Item = item["claims"]["M"][request_id]["M"]
    return found


def test_whoever_claimed_may_come_back_and_nobody_else(guard: Guard, link: Target) -> None:
    lease = claimed(guard, link)
    rest = ask(guard, link, request_id="r-2", range="bytes=400-", cookie=f"theme=dark; {lease}")
    assert (rest["uri"], sent_range(rest)) == (link.uri, "bytes=400-999")
    assert rest["headers"]["x-claim-token"][0]["value"] == TOKEN
    assert status(ask(guard, link, request_id="r-3", range="bytes=400-")) == "403 used"
    stolen = re.sub(r"\.[0-9a-f]{32}\.", f".{'0' * 32}.", lease)
    assert status(ask(guard, link, request_id="r-4", range="bytes=400-", cookie=stolen)) == "403 used"


def test_a_lease_is_found_in_whichever_cookie_field_it_comes(guard: Guard, link: Target) -> None:
    lease = claimed(guard, link)
    event = viewer_event(link.uri, link.querystring, request_id="r-2", range="bytes=400-")
    event["Records"][0]["cf"]["request"]["headers"]["cookie"] = [
        {"key": "Cookie", "value": "theme=dark"},
        {"key": "Cookie", "value": lease},
    ]
    assert sent_range(guard.handle(event, lambda: 5.0)) == "bytes=400-999"


def test_a_follower_costs_one_call(guard: Guard, aws: Aws, link: Target) -> None:
    lease = claimed(guard, link)
    calls = len(aws.calls)
    ask(guard, link, request_id="r-2", range="bytes=-1", cookie=lease)
    assert aws.calls[calls:] == ["UpdateItem"]


def test_the_lease_is_stored_as_a_hash_and_goes_to_its_claimer_only(
    guard: Guard, aws: Aws, link: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    lease = claimed(guard, link)
    secret = lease.split(".")[1]
    assert secret not in json.dumps(aws.store.get(link.signature))
    assert secret not in capsys.readouterr().out
    rest = ask(guard, link, request_id="r-2", range="bytes=400-", cookie=lease)
    answered = guard.handle(origin_event(rest, "206", "r-2", content_range="bytes 400-999/1000"), lambda: 5.0)
    assert "set-cookie" not in answered["headers"]
    assert secret not in json.dumps(rest)


def test_a_lease_of_the_viewer_s_own_making_never_becomes_a_cookie(guard: Guard, aws: Aws) -> None:
    plain = make_target()
    aws.store.put(make_record(plain))
    sent = ask(guard, plain, x_link_lease="forged")
    assert "x-link-lease" not in sent["headers"]


def test_the_first_request_may_ask_for_a_part_and_pays_for_that_part(
    guard: Guard, aws: Aws, link: Target
) -> None:
    probe = ask(guard, link, request_id="r-1", range="bytes=0-1")
    assert sent_range(probe) == "bytes=0-1"
    assert entry(aws, link)["left"] == {"N": "1998"}


def test_the_whole_object_is_paid_for_where_no_part_is_named(guard: Guard, aws: Aws, link: Target) -> None:
    lease = claimed(guard, link)
    assert entry(aws, link)["left"] == {"N": "1000"}
    again = ask(guard, link, request_id="r-2", cookie=lease)
    assert sent_range(again) is None
    assert entry(aws, link)["left"] == {"N": "0"}
    assert status(ask(guard, link, request_id="r-3", range="bytes=0-0", cookie=lease)) == "403 resume"


@pytest.mark.parametrize("value", ["bytes=1000-", "bytes=0-1,5-6", "items=0-1", "bytes=-0"])
def test_what_is_not_one_range_of_the_object_is_a_416_and_costs_nothing(
    guard: Guard, aws: Aws, link: Target, value: str
) -> None:
    assert status(ask(guard, link, range=value)) == "416 range"
    assert aws.calls == []


@pytest.mark.parametrize(
    ("answered", "content_range"),
    [
        ("200", None),
        ("206", None),
        ("206", "bytes 401-999/1000"),
        ("206", "bytes 400-998/1000"),
        ("206", "bytes 0-399/1000"),
        ("206", "bytes 400-999/1001"),
        ("206", "bytes 400-1000/1000"),
        ("206", "bytes 400-999/*"),
        ("206", "bytes=400-999/1000"),
        ("200", "bytes 400-999/1000"),
        ("416", "bytes */1000"),
        ("503", None),
    ],
)
def test_a_follower_gets_exactly_its_part_or_nothing_of_s3_s_and_gives_nothing_back(
    guard: Guard, aws: Aws, link: Target, answered: str, content_range: str | None
) -> None:
    lease = claimed(guard, link)
    rest = ask(guard, link, request_id="r-2", range="bytes=400-", cookie=lease)
    shown = guard.handle(origin_event(rest, answered, "r-2", content_range=content_range), lambda: 5.0)
    assert status(shown) == "502 storage"
    assert TOKEN not in json.dumps(shown)
    assert entry(aws, link)["left"] == {"N": "400"}


@pytest.mark.parametrize("content_range", ["bytes 400-999/1000", "bytes 0-999/1000", "bytes 256-999/1000"])
def test_an_answer_that_covers_the_part_goes_out_and_cloudfront_cuts_it(
    guard: Guard, link: Target, content_range: str
) -> None:
    lease = claimed(guard, link)
    rest = ask(guard, link, request_id="r-2", range="bytes=-600", cookie=lease)
    shown = guard.handle(origin_event(rest, "206", "r-2", content_range=content_range), lambda: 5.0)
    assert (shown["status"], shown["headers"]["content-range"][0]["value"]) == ("206", content_range)


def test_what_is_wanted_is_known_although_cloudfront_asked_for_more_or_shows_no_range(
    guard: Guard, link: Target
) -> None:
    lease = claimed(guard, link)
    for number, asked in enumerate((None, "bytes=0-1048575")):
        rest = ask(guard, link, request_id=f"r-{number}", range="bytes=990-", cookie=lease)
        del rest["headers"]["range"]
        if asked is not None:
            rest["headers"]["range"] = [{"key": "Range", "value": asked}]
        answered = origin_event(rest, "206", f"r-{number}", content_range="bytes 0-999/1000")
        assert guard.handle(answered, lambda: 5.0)["status"] == "206"
        whole = guard.handle(origin_event(rest, "200", f"r-{number}"), lambda: 5.0)
        assert status(whole) == "502 storage"


def test_a_part_of_the_viewer_s_own_making_changes_nothing(guard: Guard, aws: Aws) -> None:
    plain = make_target()
    aws.store.put(make_record(plain))
    sent = ask(guard, plain, x_link_part="0-0/1234")
    assert "x-link-part" not in sent["headers"]


def test_a_claim_that_was_followed_stays_although_s3_failed_it(
    guard: Guard, aws: Aws, by_address: Target
) -> None:
    sent = ask(guard, by_address, request_id="r-1")
    assert "uri" in ask(guard, by_address, request_id="r-2", range="bytes=0-1")
    assert status(guard.handle(origin_event(sent, "503", "r-1"), lambda: 5.0)) == "502 storage"
    assert entry(aws, by_address)["followers"] == {"N": "1"}


def test_when_s3_fails_before_anyone_followed_no_lease_goes_out_and_the_claim_is_returned(
    guard: Guard, link: Target
) -> None:
    sent = ask(guard, link, request_id="r-1")
    shown = guard.handle(origin_event(sent, "503", "r-1"), lambda: 5.0)
    assert (status(shown), "set-cookie" in shown["headers"]) == ("503 storage", False)
    assert "uri" in ask(guard, link, request_id="r-2")


def test_bound_by_address_the_same_client_needs_no_cookie(guard: Guard, by_address: Target) -> None:
    sent = ask(guard, by_address, request_id="r-1")
    answered = guard.handle(origin_event(sent, "200", "r-1"), lambda: 5.0)
    assert "set-cookie" not in answered["headers"]
    rest = ask(guard, by_address, request_id="r-2", range="bytes=400-")
    assert sent_range(rest) == "bytes=400-999"
    other = ask(guard, by_address, request_id="r-3", range="bytes=400-", user_agent="Wget/1.21")
    assert status(other) == "403 used"


def test_two_agents_that_are_alike_as_far_as_the_record_keeps_them_are_two(
    guard: Guard, by_address: Target
) -> None:
    common = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0"
    ask(guard, by_address, request_id="r-1", user_agent=common)
    assert status(ask(guard, by_address, request_id="r-2", user_agent=f"{common} Edg/143.0")) == "403 used"


def test_bound_by_address_the_window_stays_open_after_the_link_s_last_second(aws: Aws) -> None:
    aws.store.put(make_record(BY_ADDRESS, size=1000, expires_at=NOW + 10))
    moment = [float(NOW)]
    with contextlib.closing(make_guard(aws, clock=lambda: moment[0])) as guard:
        ask(guard, BY_ADDRESS, request_id="r-1", range="bytes=0-9")
        moment[0] += 20
        assert sent_range(ask(guard, BY_ADDRESS, request_id="r-2", range="bytes=10-19")) == "bytes=10-19"
        assert status(ask(guard, BY_ADDRESS, request_id="r-3", user_agent="x")) == "403 expired"
        moment[0] = NOW + 300
        assert status(ask(guard, BY_ADDRESS, request_id="r-4", range="bytes=0-0")) == "403 resume"


def test_bound_by_address_a_lost_reply_tells_the_claimer_nothing_wrong(
    guard: Guard, aws: Aws, by_address: Target
) -> None:
    ask(guard, by_address, request_id="r-1", range="bytes=0-9")
    lost = iter([NO_ANSWER])
    aws.fail = lambda operation: next(lost, None)
    assert sent_range(ask(guard, by_address, request_id="r-2", range="bytes=10-19")) == "bytes=10-19"


def test_a_stranger_s_cookie_is_no_way_into_a_link_bound_by_address(guard: Guard, by_address: Target) -> None:
    ask(guard, by_address, request_id="r-1")
    forged = f"onetime-lease={by_address.signature[:12]}.{'0' * 32}.r-1"
    assert status(ask(guard, by_address, request_id="r-2", cookie=forged, user_agent="x")) == "403 used"


def test_a_lease_of_another_link_to_the_same_file_does_not_hinder_a_claim(guard: Guard, link: Target) -> None:
    other = f"onetime-lease={'b' * 12}.{'0' * 32}.r-9"
    assert "uri" in ask(guard, link, request_id="r-1", cookie=other)


def test_a_spent_lease_leaves_the_link_s_other_claims(guard: Guard, aws: Aws) -> None:
    aws.store.put(make_record(RESUMABLE, size=1000, max_claims=2))
    lease = claimed(guard, RESUMABLE)
    ask(guard, RESUMABLE, request_id="r-2", cookie=lease)
    second = claimed(guard, RESUMABLE, "r-3")
    assert "uri" in ask(guard, RESUMABLE, request_id="r-4", range="bytes=1-", cookie=second)
    assert status(ask(guard, RESUMABLE, request_id="r-5", cookie=lease)) == "403 resume"


def test_a_follower_in_doubt_is_refused_and_at_worst_pays_twice(guard: Guard, aws: Aws, link: Target) -> None:
    lease = claimed(guard, link)
    aws.fail = lambda operation: NO_ANSWER
    assert status(ask(guard, link, request_id="r-2", range="bytes=400-", cookie=lease)) == "503 unavailable"
    aws.fail = lambda operation: None
    assert "uri" in ask(guard, link, request_id="r-3", range="bytes=400-", cookie=lease)


@pytest.mark.parametrize(
    ("seconds", "lease_helps"), [(959, True), (960, True), (1259, False)], ids=["alive", "expired", "over"]
)
def test_a_follower_outlives_the_link_by_its_window_and_a_claim_does_not(
    aws: Aws, seconds: int, lease_helps: bool
) -> None:
    """The link is dated a minute before the tests' present, and S3 honours it for 960 + 300 seconds."""
    now = [DATED + 890]
    guard = make_guard(aws, clock=lambda: now[0])
    aws.store.put(make_record(RESUMABLE, size=1000, expires_at=DATED + 900))
    lease = claimed(guard, RESUMABLE)
    now[0] = DATED + seconds
    assert status(ask(guard, RESUMABLE, request_id="r-2")) in ("403 expired", "403 used")
    followed = ask(guard, RESUMABLE, request_id="r-3", range="bytes=1-", cookie=lease)
    assert ("uri" in followed) is lease_helps
    guard.close()


@pytest.mark.parametrize(
    ("cidr", "let_in"),
    [
        ("203.0.113.0/24", True),
        ("203.0.113.7/32", True),
        ("0.0.0.0/0", True),
        ("203.0.112.0/24", False),
        ("203.0.113.8/32", False),
        ("2001:db8::/32", False),
        ("::/0", False),
    ],
)
def test_a_pinned_link_works_from_its_network_only_and_is_refused_without_a_call(
    guard: Guard, aws: Aws, cidr: str, let_in: bool
) -> None:
    pinned = make_target(x_link_cidr=cidr)
    aws.store.put(make_record(pinned))
    answer = ask(guard, pinned)
    if let_in:
        assert "uri" in answer
    else:
        assert status(answer) == "403 network"
        assert aws.calls == []


@pytest.mark.parametrize("cidr", ["203.0.113.0/33", "1.2.3/24", "::::/8", "0x0/8"])
def test_a_network_that_is_none_lets_nobody_in(guard: Guard, aws: Aws, cidr: str) -> None:
    assert status(ask(guard, make_target(x_link_cidr=cidr))) == "403 malformed"
    assert aws.calls == []
