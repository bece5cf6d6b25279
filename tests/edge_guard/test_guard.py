"""The guard as Lambda runs it: one event in, one request or response out, and its calls to AWS."""

import contextlib
import json
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from edge_guard.configuration import PAUSE as SSM_PAUSE
from edge_guard.guard import Guard
from onetime_urls.protocol.links.canonical import Target, parse_target
from onetime_urls.protocol.links.nonce import ASKED_AGAIN_AFTER, make_nonce
from onetime_urls.protocol.paths import Malformed
from tests.edge_guard.world import NO_ANSWER, Aws, ask, make_guard, origin_event, status
from tests.links import NOW, TOKEN, make_record, make_target, viewer_event


@pytest.fixture
def link(aws: Aws) -> Target:
    target = make_target()
    aws.store.put(make_record(target))
    return target


def test_the_first_use_goes_on_and_the_second_is_refused(guard: Guard, link: Target) -> None:
    sent = ask(guard, link, request_id="r-1")
    assert (sent["uri"], sent["querystring"]) == (link.uri, link.querystring)
    assert sent["headers"]["x-claim-token"][0]["value"] == TOKEN
    assert status(ask(guard, link, request_id="r-2")) == "403 used"


def test_a_claim_is_one_call_once_the_container_knows_its_table(guard: Guard, aws: Aws, link: Target) -> None:
    ask(guard, link, request_id="r-1")
    assert aws.calls == ["GetParameter", "UpdateItem"]
    ask(guard, link, request_id="r-2")
    assert aws.calls == ["GetParameter", "UpdateItem", "UpdateItem"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"method": "HEAD"}, "405 method"),
        ({"sec_purpose": "prefetch"}, "503 preview"),
        ({"range": "bytes=0-99"}, "403 range"),
        ({"range": "bytes=1-"}, "403 range"),
        ({"via": "1.1 proxy, " * 700}, "431 too-long"),
    ],
)
def test_what_is_refused_without_a_claim_costs_no_call_and_nothing(
    guard: Guard, aws: Aws, link: Target, changed: dict[str, Any], expected: str
) -> None:
    assert status(ask(guard, link, **changed)) == expected
    assert aws.calls == []
    assert "uri" in ask(guard, link)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (make_target(X_Amz_Date="20270114T000000Z"), "403 expired"),
        (make_target(X_Amz_Signature="g" * 64), "403 malformed"),
        (make_target(X_Amz_Date="20270116T000000Z"), "403 malformed"),
    ],
)
def test_junk_costs_no_call(guard: Guard, aws: Aws, target: Target, expected: str) -> None:
    assert status(ask(guard, target)) == expected
    assert aws.calls == []


def test_a_live_signature_on_another_path_is_refused_and_the_original_still_works(
    guard: Guard, link: Target
) -> None:
    renamed = link.parameters | {"response-content-disposition": "inline"}
    assert status(ask(guard, Target("other/key", link.parameters))) == "403 unknown"
    assert status(ask(guard, Target(link.key, renamed))) == "403 altered"
    assert "uri" in ask(guard, link)


def test_a_forgery_without_the_key_of_nonces_costs_no_write(guard: Guard, aws: Aws) -> None:
    for nonce in ("0" * 64, make_nonce(b"another key", "0" * 32, "reports/2027 q1.pdf")):
        assert status(ask(guard, make_target(x_link_nonce=nonce))) == "403 unknown"
    assert aws.calls == ["GetParameter"]


@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_alteration_is_refused_and_the_original_still_works(
    guard: Guard, aws: Aws, data: st.DataObject
) -> None:
    link = make_target(X_Amz_Signature=secrets.token_hex(32))
    aws.store.put(make_record(link))
    spelt = f"{link.uri}?{link.querystring}"
    at = data.draw(st.integers(1, len(spelt) - 1))
    cut = data.draw(st.integers(0, 3))
    altered = spelt[:at] + data.draw(st.text(max_size=3)) + spelt[at + cut :]
    uri, _, querystring = altered.partition("?")
    with contextlib.suppress(Malformed):
        assume(parse_target(uri, querystring) != link)
    answer = guard.handle(viewer_event(uri, querystring, request_id="r-1"), lambda: 5.0)
    assert status(answer) in ("403 malformed", "403 altered", "403 unknown", "403 expired")
    assert "uri" in ask(guard, link, request_id="r-2")


def test_a_forged_signature_creates_no_record(guard: Guard, aws: Aws) -> None:
    forged = make_target(X_Amz_Signature="f" * 64)
    assert status(ask(guard, forged)) == "403 unknown"
    assert aws.store.get(forged.signature) is None


@pytest.mark.parametrize(
    "failure", [NO_ANSWER, (500, {"__type": "x#InternalServerError"}), (400, {"__type": "x#Denied"})]
)
def test_without_its_configuration_the_guard_answers_503_and_recovers(
    aws: Aws, link: Target, failure: tuple[int, dict[str, Any]]
) -> None:
    moment = [1000.0]
    with contextlib.closing(make_guard(aws, clock=lambda: NOW, monotonic=lambda: moment[0])) as guard:
        aws.fail = lambda operation: failure if operation == "GetParameter" else None
        assert status(ask(guard, link)) == "503 unavailable"
        aws.fail = lambda operation: None
        moment[0] += SSM_PAUSE
        assert "uri" in ask(guard, link)


def test_a_container_that_was_prepared_claims_with_one_call_on_an_open_connection(
    guard: Guard, aws: Aws, link: Target
) -> None:
    guard.prepare()
    assert aws.calls == ["GetParameter"]
    ask(guard, link)
    assert (aws.calls, aws.connections) == (["GetParameter", "UpdateItem"], 2)


@pytest.mark.parametrize("failure", [NO_ANSWER, (400, {"__type": "x#ThrottlingException"}), (200, {})])
def test_a_container_that_could_not_be_prepared_learns_what_it_needs_in_its_first_request(
    guard: Guard, aws: Aws, link: Target, failure: tuple[int, dict[str, Any]]
) -> None:
    aws.fail = lambda operation: failure
    guard.prepare()
    aws.fail = lambda operation: None
    assert "uri" in ask(guard, link)


def test_a_container_without_credentials_is_not_killed_in_its_init_phase() -> None:
    guard = Guard(parameter="/p", parameter_region="us-east-1", tls=None, environ={}, clock=lambda: NOW)
    guard.prepare()
    assert status(ask(guard, make_target())) == "503 unavailable"


def test_a_parameter_that_leaves_no_time_for_the_claim_is_kept_for_the_next_request(
    aws: Aws, link: Target
) -> None:
    with contextlib.closing(make_guard(aws, clock=lambda: NOW)) as guard:
        left = iter([5.0, 2.0])
        event = viewer_event(link.uri, link.querystring, request_id="r-1")
        assert status(guard.handle(event, lambda: next(left, 0.0))) == "503 unavailable"
        assert aws.calls == ["GetParameter"]
        assert "uri" in ask(guard, link, request_id="r-2")
        assert aws.calls == ["GetParameter", "UpdateItem"]


def link_made_with(aws: Aws, key: str, digit: str) -> Target:
    nonce = make_nonce(key.encode(), digit * 32, "reports/2027 q1.pdf")
    target = make_target(x_link_nonce=nonce, X_Amz_Signature=digit * 64)
    aws.store.put(make_record(target))
    return target


def test_a_rotation_of_the_nonce_s_key_breaks_no_outstanding_and_no_new_link(aws: Aws) -> None:
    moment = [1000.0]
    with contextlib.closing(make_guard(aws, clock=lambda: NOW, monotonic=lambda: moment[0])) as guard:
        aws.nonce_keys = {"nonce_key": "first", "previous_nonce_key": ""}
        assert "uri" in ask(guard, link_made_with(aws, "first", "1"), request_id="r-1")
        outstanding = link_made_with(aws, "first", "2")
        aws.nonce_keys = {"nonce_key": "second", "previous_nonce_key": "first"}
        moment[0] += ASKED_AGAIN_AFTER
        assert "uri" in ask(guard, link_made_with(aws, "second", "3"), request_id="r-2")
        assert "uri" in ask(guard, outstanding, request_id="r-3")
        assert aws.calls.count("GetParameter") == 2


def test_forgeries_make_a_container_read_the_keys_again_once_in_ten_seconds(guard: Guard, aws: Aws) -> None:
    moment = [1000.0]
    forged = make_target(x_link_nonce="0" * 64)
    with contextlib.closing(make_guard(aws, clock=lambda: NOW, monotonic=lambda: moment[0])) as guard:
        for _ in range(25):
            assert status(ask(guard, forged)) == "403 unknown"
            moment[0] += 1
    assert aws.calls == ["GetParameter"] * 3


def test_a_nonce_that_may_be_of_a_new_key_is_not_called_a_forgery_while_ssm_fails(
    aws: Aws, link: Target
) -> None:
    moment = [1000.0]
    with contextlib.closing(make_guard(aws, clock=lambda: NOW, monotonic=lambda: moment[0])) as guard:
        guard.prepare()
        aws.fail = lambda operation: NO_ANSWER if operation == "GetParameter" else None
        moment[0] += ASKED_AGAIN_AFTER
        assert status(ask(guard, make_target(x_link_nonce="0" * 64))) == "503 unavailable"
        assert "uri" in ask(guard, link)


@pytest.mark.parametrize(
    "failure",
    [
        (400, {"__type": "x#ThrottlingException"}),
        (200, {"Parameter": {"Value": "arn:aws:dynamodb:eu-west-1:000000000000:table/links"}}),
        (200, {"Parameter": {"Value": '{"table": "links", "nonce_key": "x"}'}}),
        (200, {"Parameter": {"Value": '{"table": null, "nonce_key": 1}'}}),
        (200, {"Parameter": {"Value": "[]"}}),
    ],
)
def test_while_ssm_fails_many_forgeries_cost_it_one_call_a_second(
    aws: Aws, failure: tuple[int, dict[str, Any]]
) -> None:
    moment = [1000.0]
    with contextlib.closing(make_guard(aws, clock=lambda: NOW, monotonic=lambda: moment[0])) as guard:
        aws.fail = lambda operation: failure
        for _ in range(30):
            assert status(ask(guard, make_target(X_Amz_Signature="f" * 64))) == "503 unavailable"
            moment[0] += SSM_PAUSE / 10
        assert aws.calls == ["GetParameter"] * 3


@pytest.mark.parametrize(
    "failure",
    [
        NO_ANSWER,
        (500, {"__type": "x#InternalServerError"}),
        (400, {"__type": "x#ProvisionedThroughputExceededException"}),
        (400, {"__type": "x#ThrottlingException"}),
        (400, {"__type": "x#AccessDeniedException"}),
    ],
)
def test_while_the_database_fails_the_guard_answers_503_and_the_link_survives(
    guard: Guard, aws: Aws, link: Target, failure: tuple[int, dict[str, Any]]
) -> None:
    left = iter([5.0, *[1.3] * 6])
    aws.fail = lambda operation: failure if operation == "UpdateItem" else None
    event = viewer_event(link.uri, link.querystring, request_id="r-1")
    refused = guard.handle(event, lambda: next(left, 0.0))
    assert status(refused) == "503 unavailable"
    assert refused["headers"]["retry-after"][0]["value"] == "2"
    aws.fail = lambda operation: None
    assert "uri" in ask(guard, link, request_id="r-2")


def test_a_claim_whose_reply_is_lost_is_won_by_the_retry(guard: Guard, aws: Aws, link: Target) -> None:
    ask(guard, make_target(X_Amz_Signature="0" * 64))

    def lose_once(operation: str) -> tuple[int, dict[str, Any]] | None:
        aws.fail = lambda operation: None
        item = make_record(link).item() | {"claims": {"M": {"r-1": {"M": {}}}}}
        aws.store.client.put_item(TableName=aws.store.table, Item=item)
        return NO_ANSWER

    aws.fail = lose_once
    assert "uri" in ask(guard, link, request_id="r-1")
    assert status(ask(guard, link, request_id="r-2")) == "403 used"


def test_a_claim_that_could_not_be_settled_is_given_back_under_its_own_id(
    guard: Guard, aws: Aws, link: Target
) -> None:
    replies = iter([NO_ANSWER, NO_ANSWER])
    aws.fail = lambda operation: next(replies, None) if operation == "UpdateItem" else None
    assert status(ask(guard, link, request_id="r-1")) == "503 unavailable"
    item = aws.store.get(link.signature)
    assert item is not None
    assert list(item["given_back"]["M"]) == ["r-1"]
    assert item["claims"] == {"M": {}}


def test_no_claim_begins_when_too_little_time_is_left(guard: Guard, aws: Aws, link: Target) -> None:
    assert status(ask(guard, link, left=2.6)) == "503 unavailable"
    assert "UpdateItem" not in aws.calls


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{"cf": {"config": {}, "request": {}}}]},
        {"Records": [{"cf": {"config": {"eventType": "viewer-request"}, "request": {"method": "GET"}}}]},
        None,
    ],
)
def test_an_event_that_is_not_understood_is_refused(guard: Guard, event: Any) -> None:
    assert status(guard.handle(event, lambda: 5.0)) == "503 unavailable"


def test_an_object_goes_out_without_a_call_and_without_what_s3_says_of_its_storage(
    guard: Guard, aws: Aws, link: Target
) -> None:
    sent = ask(guard, link, request_id="r-1")
    calls = list(aws.calls)
    kept = {"content_type": "text/plain", "etag": '"1"', "x_amz_meta_sha256": "0" * 64}
    storage = {
        "x_amz_meta_uploader": "someone@example.com",
        "x_amz_version_id": "v1",
        "x_amz_server_side_encryption_aws_kms_key_id": "arn:aws:kms:us-east-1:000000000000:key/1",
        "x_amz_tagging_count": "2",
    }
    event = origin_event(sent, "200", **kept, **storage)
    shown = guard.handle(event, lambda: 5.0)
    assert shown["status"] == "200"
    assert shown["headers"].keys() == {"content-type", "etag", "x-amz-meta-sha256", "accept-ranges"}
    assert aws.calls == calls


@pytest.mark.parametrize(
    ("content_type", "sandboxed"),
    [
        ("application/pdf", False),
        ("Video/MP4; codecs=x", False),
        ("audio/mpeg", False),
        ("text/html", True),
        ("image/svg+xml", True),
        ("application/xhtml+xml", True),
        ("video/x+xml", True),
        ("text/xml", True),
        ("image/png", True),
        ("application/pdf, text/html", True),
        ("application/pdf; a=b, text/html", True),
        ('video/mp4; a=",", text/html', True),
        (None, True),
    ],
)
def test_only_what_cannot_hold_a_script_is_shown_outside_the_sandbox(
    guard: Guard, link: Target, content_type: str | None, sandboxed: bool
) -> None:
    sent = ask(guard, link, request_id="r-1")
    answered = origin_event(sent, "200", content_type=content_type, content_security_policy="default-src *")
    headers = guard.handle(answered, lambda: 5.0)["headers"]
    # The distribution's policy, which has the sandbox, is set where the guard sets none.
    assert ("content-security-policy" not in headers) is sandboxed
    if not sandboxed:
        assert headers["content-security-policy"][0]["value"].startswith("default-src 'none';")


@pytest.mark.parametrize(
    ("content_type", "disposition", "shown"),
    [
        ("video/mp4", 'inline; filename="inline.mp4"', 'attachment; filename="inline.mp4"'),
        ("audio/mpeg", "inline", "attachment"),
        ("video/mp4", 'attachment; filename="a"', 'attachment; filename="a"'),
        ("application/pdf", "inline", "inline"),
    ],
)
def test_what_a_browser_would_ask_for_twice_is_saved_from_a_link_that_serves_it_once(
    guard: Guard, link: Target, content_type: str, disposition: str, shown: str
) -> None:
    sent = ask(guard, link, request_id="r-1")
    answered = origin_event(sent, "200", content_type=content_type, content_disposition=disposition)
    assert guard.handle(answered, lambda: 5.0)["headers"]["content-disposition"][0]["value"] == shown


def test_a_link_that_is_downloaded_whole_says_that_it_has_no_parts(guard: Guard, link: Target) -> None:
    sent = ask(guard, link, request_id="r-1")
    shown = guard.handle(origin_event(sent, "200", accept_ranges="bytes"), lambda: 5.0)
    assert shown["headers"]["accept-ranges"] == [{"key": "Accept-Ranges", "value": "none"}]


@pytest.mark.parametrize("failure", ["403", "404", "412", "500", "503", "307"])
def test_when_s3_fails_its_answer_is_hidden_and_the_claim_is_returned(
    guard: Guard, link: Target, failure: str
) -> None:
    sent = ask(guard, link, request_id="r-1")
    shown = guard.handle(origin_event(sent, failure), lambda: 5.0)
    assert status(shown) == "503 storage"
    assert TOKEN not in json.dumps(shown)
    assert "uri" in ask(guard, link, request_id="r-2")


def test_a_failure_of_s3_returns_no_claim_but_its_own(guard: Guard, link: Target) -> None:
    sent = ask(guard, link, request_id="r-1")
    assert status(guard.handle(origin_event(sent, "503", "r-2"), lambda: 5.0)) == "502 storage"
    assert status(ask(guard, link, request_id="r-3")) == "403 used"


def test_a_claim_that_cannot_be_returned_is_not_called_returned(guard: Guard, aws: Aws, link: Target) -> None:
    sent = ask(guard, link, request_id="r-1")
    aws.fail = lambda operation: (500, {"__type": "x#InternalServerError"})
    left = iter([5.0, 1.0, 0.5])
    assert status(guard.handle(origin_event(sent, "503"), lambda: next(left, 0.0))) == "502 storage"


def test_whatever_happens_at_origin_response_s3s_answer_stays_hidden(guard: Guard) -> None:
    for sent in ({"uri": "/x", "querystring": "", "headers": {}}, {}, {"headers": None}):
        shown = guard.handle(origin_event(sent, "403"), lambda: 5.0)
        assert status(shown) == "502 storage"
        assert TOKEN not in json.dumps(shown)


def test_no_log_line_holds_a_token_or_a_query(
    guard: Guard, aws: Aws, link: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(guard, link, request_id="r-1")
    ask(guard, link, request_id="r-2")
    renamed = link.parameters | {"response-content-disposition": "inline"}
    ask(guard, Target(link.key, renamed), request_id="r-3")
    guard.handle({"Records": [{"cf": {"config": {"requestId": link.querystring}}}]}, lambda: 5.0)
    aws.fail = lambda operation: (500, {"__type": "x#InternalServerError", "message": link.querystring})
    left = iter([5.0, 1.0, 0.0])
    guard.handle(viewer_event(link.uri, link.querystring), lambda: next(left, 0.0))
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert [line["result"] for line in lines][:4] == ["claimed", "used", "altered", "error"]
    assert lines[0] == {"request": "r-1", "link": link.signature[:12], "result": "claimed"}
    for secret in (TOKEN, link.signature[:13], link.parameters["x-link-nonce"], "X-Amz", "q1.pdf"):
        assert secret not in printed.out + printed.err
