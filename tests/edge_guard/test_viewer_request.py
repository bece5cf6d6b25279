"""What a viewer request is refused for without I/O, and what goes on to S3."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_guard.resume import LeaseToken, Part, terms_of
from edge_guard.viewer_request import LinkRequest, forward, make_claim, read_link
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.limits import MAX_S3_REQUEST, MAX_URL_LENGTH
from onetime_urls.protocol.links.reasons import EXPIRED, MALFORMED, METHOD, PREVIEW, RANGE, TOO_LONG, Reason
from tests.links import NOW, TOKEN, make_record, make_resumable, make_target, respellings, viewer_event

TARGET = make_target()
WANTED = LinkRequest(TARGET)


def read(
    *, now: float = NOW, method: str = "GET", target: Target = TARGET, **headers: str
) -> LinkRequest | Reason:
    return read_link(request(headers, method=method, target=target), now)


def request(headers: dict[str, str], *, method: str = "GET", target: Target = TARGET) -> dict[str, Any]:
    event = viewer_event(target.uri, target.querystring, method=method, **headers)
    viewer: dict[str, Any] = event["Records"][0]["cf"]["request"]
    return viewer


def test_a_get_of_a_whole_link_may_claim() -> None:
    assert read() == WANTED


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", ""])
def test_any_other_method_is_refused(method: str) -> None:
    assert read(method=method) is METHOD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sec_purpose", "prefetch"),
        ("sec_purpose", "prefetch;prerender"),
        ("purpose", "Preview"),
        ("x_purpose", "preview"),
        ("x_moz", "prefetch"),
    ],
)
def test_a_request_that_says_it_is_a_preview_is_refused(name: str, value: str) -> None:
    assert read_link(request({name: value}), NOW) is PREVIEW


@pytest.mark.parametrize(
    "value", ["bytes=0-1", "bytes=1-", "bytes=-1", "bytes=0-0,2-3", "bytes=0-,0-", "items=0-", "x"]
)
def test_a_request_for_a_part_is_refused(value: str) -> None:
    assert read(range=value) is RANGE


def test_a_second_range_header_does_not_hide_the_first() -> None:
    doubled = request({"range": "bytes=0-"})
    doubled["headers"]["range"].append({"key": "Range", "value": "bytes=5-"})
    assert read_link(doubled, NOW) is RANGE


@pytest.mark.parametrize("value", ["bytes=0-", "Bytes=0-", "bytes = 0-"])
def test_a_request_for_everything_from_the_first_byte_is_a_plain_one(value: str) -> None:
    assert read(range=value) == WANTED
    assert "range" not in forward(request({"range": value}), WANTED, make_record(TARGET).item())["headers"]


@pytest.mark.parametrize("target", [TARGET, make_resumable()])
def test_a_client_that_looks_at_the_head_first_and_keeps_no_cookie_claims_nothing(target: Target) -> None:
    assert read(target=target, range="bytes=0-", user_agent="Axel/2.17.11 (linux-gnu)") is RANGE
    by_address = make_resumable(x_link_resume_by="address")
    assert isinstance(read(target=by_address, range="bytes=0-", user_agent="Axel/2.17.11"), LinkRequest)


def test_a_link_expires_with_its_own_lifetime_at_the_latest() -> None:
    issued = NOW - 60
    assert read(now=issued + 959.9) == WANTED
    assert read(now=issued + 960) is EXPIRED


def test_a_link_dated_further_ahead_than_s3_accepts_is_refused() -> None:
    issued = NOW - 60
    assert read(now=issued - 900) == WANTED
    assert read(now=issued - 901) is MALFORMED


@pytest.mark.parametrize(
    "date", ["20270230T000000Z", "20271301T000000Z", "00000101T000000Z", "20270101T246060Z"]
)
def test_a_date_that_does_not_exist_is_refused(date: str) -> None:
    assert read(target=make_target(X_Amz_Date=date)) is MALFORMED


@given(st.data())
def test_what_goes_on_is_the_canonical_form_however_it_was_spelt(data: st.DataObject) -> None:
    uri, querystring = data.draw(respellings(TARGET))
    viewer = viewer_event(uri, querystring)["Records"][0]["cf"]["request"]
    target = read_link(viewer, NOW)
    assert target == WANTED
    sent = forward(viewer, WANTED, make_record(TARGET).item())
    assert (sent["uri"], sent["querystring"]) == (TARGET.uri, TARGET.querystring)


def test_the_claim_token_comes_from_the_record_whatever_the_viewer_sent() -> None:
    viewer = request({"x_claim_token": "forged"})
    viewer["headers"]["x-claim-token"].append({"key": "X-Claim-Token", "value": "forged too"})
    sent = forward(viewer, WANTED, make_record(TARGET).item())
    assert sent["headers"]["x-claim-token"] == [{"key": "x-claim-token", "value": TOKEN}]


def test_no_condition_of_the_viewers_goes_on() -> None:
    conditions = {
        "if_match": '"x"',
        "if_none_match": "*",
        "if_modified_since": "Fri, 01 Jan 2027 00:00:00 GMT",
        "if_unmodified_since": "Fri, 01 Jan 2027 00:00:00 GMT",
        "if_range": '"x"',
    }
    sent = forward(request(conditions), WANTED, make_record(TARGET).item())
    assert not [name for name in sent["headers"] if name.startswith("if-")]


def test_without_versions_the_promised_bytes_are_pinned_by_etag() -> None:
    target = make_target(version_id=None)
    record = make_record(target)
    sent = forward(request({"if_match": '"other"'}, target=target), LinkRequest(target), record.item())
    assert sent["headers"]["if-match"] == [{"key": "If-Match", "value": record.etag}]


def test_headers_that_a_viewer_request_may_not_change_go_on_unchanged() -> None:
    sent = forward(request({"via": "1.1 proxy"}), WANTED, make_record(TARGET).item())
    assert sent["headers"]["host"] == request({})["headers"]["host"]
    assert sent["headers"]["via"] == [{"key": "via", "value": "1.1 proxy"}]
    assert (sent["clientIp"], sent["method"]) == ("203.0.113.7", "GET")


def test_nothing_else_of_what_a_viewer_writes_takes_room_in_the_request_to_s3() -> None:
    long = dict.fromkeys(("user_agent", "x_forwarded_for", "cookie", "referer", "te"), "x" * 3000)
    sent = forward(request({"accept": "text/html," + "x" * 3000} | long), WANTED, make_record(TARGET).item())
    assert sent["headers"].keys() == {"host", "accept", "x-claim-token"}
    assert sent["headers"]["accept"] == [{"key": "Accept", "value": "text/html"}]


@pytest.mark.parametrize(
    ("accept", "languages", "sent_on"),
    [
        ("text/html", "de-AT,de;q=0.9", "de-AT,de;q=0.9"),
        ("text/html", "de," + "x" * 3000, "de," + "x" * 97),
        ("text/html", "d\xe9", None),
        ("text/html", "", None),
        ("*/*", "de", None),
    ],
)
def test_a_persons_languages_go_on_to_where_the_guard_may_have_to_answer_for_s3(
    accept: str, languages: str, sent_on: str | None
) -> None:
    viewer = request({"accept": accept, "accept_language": languages})
    headers = forward(viewer, WANTED, make_record(TARGET).item())["headers"]
    assert (headers.get("accept-language") or [{"value": None}])[0]["value"] == sent_on


@pytest.mark.parametrize(("length", "refused"), [(100, False), (2000, True)])
def test_a_request_that_s3_would_find_too_long_is_refused_before_the_claim(
    length: int, refused: bool
) -> None:
    target = make_target("k" * 1024, X_Amz_Security_Token="s" * 5000)
    assert MAX_S3_REQUEST - 2000 < len(target.uri) + len(target.querystring) < MAX_URL_LENGTH
    assert (read(target=target, via="v" * length) is TOO_LONG) is refused


def test_the_longest_link_has_room_for_every_header_that_is_added() -> None:
    target = make_resumable(9 * 10**15, key="k", X_Amz_Security_Token="s")
    lease = LeaseToken("a" * 12, "0" * 32, "i" * 128)
    asked = LinkRequest(target, terms_of(target), Part(10**15, 2 * 10**15))
    person = request({"accept": "text/html", "accept_language": "d" * 200}, target=target)
    sent = forward(person, asked, make_record(target, version_id=None).item(), lease)
    added = sum(len(name) + len(entry["value"]) + 4 for name, (entry,) in sent["headers"].items())
    cloudfronts = 430
    assert MAX_URL_LENGTH + added + cloudfronts + len("GET  HTTP/1.1\r\n\r\n") <= MAX_S3_REQUEST


def test_a_claim_names_request_address_agent_and_edge_and_cuts_the_agent() -> None:
    config = {"requestId": "abc=="}
    claim, lease = make_claim(
        WANTED, config, request({"user_agent": "é" * 100}), now=NOW + 0.9, edge="eu-west-1", secret=""
    )
    assert lease is None
    assert (claim.id, claim.when, claim.address, claim.edge) == ("abc==", NOW, "203.0.113.7", "eu-west-1")
    assert claim.agent == "é" * 40
