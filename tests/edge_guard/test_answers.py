"""What people and programs read when a link isn't served."""

import json
from typing import Any

import pytest

from common.edge.events import Headers, write_headers
from edge_guard.answers import answer
from edge_guard.origin_response import hide, is_promised
from onetime_urls.protocol.links import reasons
from onetime_urls.protocol.links.reasons import Reason
from onetime_urls.protocol.links.rules import Verdict


def accepting(accept: str, languages: str = "") -> Headers:
    return write_headers({"Accept": accept, "Accept-Language": languages})


ALL = [value for value in vars(reasons).values() if isinstance(value, Reason)]


@pytest.mark.parametrize("reason", ALL, ids=lambda reason: reason.code)
@pytest.mark.parametrize("accept", ["", "*/*", "text/html,application/xhtml+xml", "application/json, */*"])
def test_every_answer_names_its_reason_and_is_never_cached(reason: Reason, accept: str) -> None:
    made = answer(reason, headers=accepting(accept), link="0123456789ab")
    headers = {name: entry["value"] for name, (entry,) in made["headers"].items()}
    assert made["status"] == str(reason.status)
    assert headers["x-link-status"] == reason.code
    assert headers["cache-control"] == "no-store"
    assert reason.happened in made["body"] or "text/html" in accept
    assert len(made["body"].encode()) < (15_000 if "text/html" in accept else 200)
    assert all(name == entry["key"].lower() for name, (entry,) in made["headers"].items())


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/plain; charset=utf-8"),
        ("", "text/plain; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_the_answer_is_what_the_client_accepts(accept: str, content_type: str) -> None:
    assert (
        answer(reasons.USED, headers=accepting(accept))["headers"]["content-type"][0]["value"] == content_type
    )


def test_a_program_gets_code_message_and_link() -> None:
    made = answer(reasons.USED, headers=accepting("application/json"), link="0123456789ab")
    assert json.loads(made["body"]) == {
        "error": "used",
        "message": "This link has already been used. Ask the sender for a new link.",
        "link": "0123456789ab",
    }


@pytest.mark.parametrize(
    "reason", [reason for reason in ALL if reason.status == 503], ids=lambda reason: reason.code
)
def test_trying_again_later_comes_with_a_time(reason: Reason) -> None:
    assert answer(reason, headers={})["headers"]["retry-after"][0]["value"].isdigit()


def test_a_refused_method_is_told_which_one_works() -> None:
    assert answer(reasons.METHOD, headers={})["headers"]["allow"] == [{"key": "Allow", "value": "GET"}]


def test_every_verdict_but_a_win_has_a_reason() -> None:
    assert set(reasons.OF_VERDICT) == set(Verdict) - {Verdict.WON}


@pytest.mark.parametrize(
    "status", ["206", "301", "304", "307", "400", "403", "404", "412", "416", "500", "503"]
)
def test_nothing_of_what_s3_says_instead_of_the_object_reaches_a_viewer(status: str) -> None:
    leaking: dict[str, Any] = {
        "status": status,
        "statusDescription": "as S3 says",
        "headers": {
            "location": [{"key": "Location", "value": "https://bucket.s3.amazonaws.com/?X-Amz-Signature=1"}],
            "x-amz-request-id": [{"key": "x-amz-request-id", "value": "secret"}],
            "content-length": [{"key": "Content-Length", "value": "999"}],
            "via": [{"key": "Via", "value": "1.1 cloudfront"}],
        },
        "body": "x-claim-token:secret",
    }
    assert not is_promised({"headers": {}}, leaking)
    shown = hide({"headers": {}}, leaking, reasons.STORAGE)
    assert shown["status"] == "502"
    assert "secret" not in json.dumps(shown)
    assert "location" not in shown["headers"]
    assert "content-length" not in shown["headers"]
    assert shown["headers"]["via"] == leaking["headers"]["via"]


def test_the_object_is_left_alone() -> None:
    assert is_promised({"headers": {}}, {"status": "200", "headers": {}})
