"""In which form a visit is answered, and what each form says."""

import os
from typing import Any

import pytest

from onetime_urls.protocol.contract.environment import Variable
from share_page import handler as page_handler
from tests.shares.world import BASE_URL, FORM, SECRET, World, event, world
from tests.url_issuer.world import context

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "user-agent": "M/5"}
CURL = {"accept": "*/*", "user-agent": "curl/8.5.0"}
JSON = {"accept": "application/json"}


def test_a_refusal_reads_nothing_of_the_request_but_the_secret() -> None:
    class Guarded(dict[str, Any]):
        """A request of which only the headers may be looked at."""

        def __getitem__(self, name: str) -> Any:
            raise AssertionError(name)

        def get(self, name: str, default: Any = None) -> Any:
            assert name == "headers"
            return {"x-share-origin": "guessed"}

    answer = page_handler.handler(Guarded(), None)
    assert (answer["statusCode"], answer["body"]) == (403, "")


def test_a_refusal_is_not_logged_and_asks_nobody(cloud: World, capsys: pytest.CaptureFixture[str]) -> None:
    share = cloud.share()
    capsys.readouterr()
    assert cloud.page("POST", share["id"], secret="guessed" * 7, headers={"content-type": FORM}).status == 403
    assert capsys.readouterr() == ("", "")
    assert cloud.calls == []


@pytest.mark.parametrize("headers", [None, {}, {"x-share-origin": ""}, {"x-share-origin": "\ud800"}])
def test_a_request_without_the_secret_is_refused_whatever_its_shape(
    cloud: World, headers: dict[str, str] | None
) -> None:
    request = event("GET", "/-/x") | {"headers": headers}
    assert page_handler.handler(request, context())["statusCode"] == 403


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_a_function_without_a_secret_lets_nobody_in(secret: str | None) -> None:
    with world() as cloud:
        share = cloud.share()
        os.environ.pop(Variable.ORIGIN_SECRET)
        if secret is not None:
            os.environ[Variable.ORIGIN_SECRET] = secret
        answer = cloud.page("POST", share["id"], secret=secret or "", headers={"content-type": FORM})
        assert answer.status == 403
        assert cloud.calls == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "content_type"),
    [
        (BROWSER, "text/html"),
        (BROWSER | {"user-agent": "curl/8.5.0"}, "text/html"),
        ({}, "text/html"),
        ({"accept": "*/*", "user-agent": "Slackbot-LinkExpanding 1.0"}, "text/html"),
        ({"accept": "*/*", "user-agent": "WhatsApp/2.23"}, "text/html"),
        (JSON, "application/json"),
        (JSON | {"user-agent": "curl/8.5.0"}, "application/json"),
        ({"accept": "application/json, text/plain, */*"}, "application/json"),
        ({"accept": "text/plain"}, "text/plain"),
        (CURL, "text/plain"),
        ({"user-agent": "Wget/1.21.4"}, "text/plain"),
        ({"accept": "*/*", "user-agent": "aria2/1.36.0"}, "text/plain"),
        ({"accept": "*/*", "user-agent": "Axel/2.17.11 (Linux)"}, "text/plain"),
        ({"accept": "*/*", "user-agent": "python-requests/2.32.3"}, "text/plain"),
        ({"user-agent": "Python-urllib/3.12"}, "text/plain"),
        ({"accept": "*/*", "user-agent": "HTTPie/3.2.2"}, "text/plain"),
        ({"user-agent": "Mozilla/5.0 (Windows NT; de-DE) WindowsPowerShell/5.1.22"}, "text/plain"),
    ],
)
def test_a_visit_is_answered_in_the_form_that_is_asked_for(
    cloud: World, method: str, headers: dict[str, str], content_type: str
) -> None:
    answer = cloud.page(method, cloud.share()["id"], headers=headers)
    assert answer.status == 200
    assert answer.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert answer.headers["x-share-status"] == "ready"
    assert ("set-cookie" in answer.headers) is (content_type == "text/html")


def test_what_curl_saves_of_a_page_says_that_it_is_not_the_file(cloud: World) -> None:
    cloud.put("q1.pdf", b"x" * 1500)
    share = cloud.share(key="q1.pdf", note="see page 3", max_downloads=3)
    text = cloud.page("GET", share["id"], headers=CURL).body
    assert "<" not in text
    assert text.splitlines()[:2] == ["q1.pdf", "see page 3"]
    assert "1.5 kB, 3 downloads left, until " in text
    assert text.endswith(f"This is not the file yet. To download it: curl -fOJLd '' {share['url']}\n")
    assert share["url"].startswith(BASE_URL)


def test_text_tells_how_a_pin_is_sent(cloud: World) -> None:
    share = cloud.share(pin="2468")
    assert f"curl -fOJLd 'pin=...' {share['url']}\n" in cloud.page("GET", share["id"], headers=CURL).body


def test_json_says_what_the_page_shows(cloud: World) -> None:
    share = cloud.share(pin="2468", note="As promised", max_downloads=2)
    answer = cloud.page("GET", share["id"], headers=JSON)
    assert answer.json == {
        "status": "ready",
        "message": "",
        "filename": "q1.pdf",
        "size": 6,
        "expires_at": share["expires_at"],
        "downloads_left": 2,
        "pin": True,
        "note": "As promised",
        "tries_left": 5,
    }


def test_json_tells_how_many_tries_are_left_and_when_to_come_back(cloud: World) -> None:
    share = cloud.share(pin="2468")

    def tried() -> Any:
        return cloud.page("POST", share["id"], headers=JSON | {"content-type": FORM}, body=b"pin=1").json

    assert [tried()["tries_left"] for _ in range(4)] == [4, 3, 2, 1]
    locked = tried()
    assert locked["status"] == "locked"
    assert 0 < locked["retry_after"] <= 60
    assert "tries_left" not in locked


def test_json_names_the_link_that_is_handed_out(cloud: World) -> None:
    answer = cloud.page("POST", cloud.share()["id"], headers=JSON)
    assert answer.status == 303
    assert answer.json["url"] == answer.headers["location"]


@pytest.mark.parametrize("headers", [JSON, {"accept": "text/plain"}, CURL, BROWSER])
def test_a_share_that_is_over_shows_nothing_of_its_file_in_any_form(
    cloud: World, headers: dict[str, str]
) -> None:
    share = cloud.share(filename="secret plans.pdf", note="merger")
    cloud.api("DELETE", f"/shares/{share['id']}")
    body = cloud.page("GET", share["id"], headers=headers).body
    assert "taken this link back" in body
    assert "secret" not in body
    assert "merger" not in body


@pytest.mark.parametrize("headers", [{}, CURL, BROWSER, {"content-type": FORM}])
def test_a_post_without_a_body_is_the_empty_form(cloud: World, headers: dict[str, str]) -> None:
    handed = cloud.page("POST", cloud.share()["id"], headers=headers)
    assert handed.headers["x-share-status"] == "handed-out"
    assert handed.status == (200 if headers is BROWSER else 303)
    needs_pin = cloud.page("POST", cloud.share(pin="2468")["id"], headers=headers)
    assert needs_pin.headers["x-share-status"] == "pin-missing"


@pytest.mark.parametrize("junk", [";", "("])
@pytest.mark.parametrize("body", [b"", b"--b--", b"pin=1"])
def test_a_hostile_type_is_refused_before_anybody_is_asked(cloud: World, junk: str, body: bytes) -> None:
    share = cloud.share()
    cloud.calls.clear()
    headers = {"content-type": f"multipart/form-data; boundary=b{junk * 9000}"}
    answer = cloud.page("POST", share["id"], headers=headers, body=body)
    assert (answer.status, answer.headers["x-share-status"]) == (400, "bad-form")
    assert cloud.calls == []


def test_a_body_that_is_not_the_base64_it_is_said_to_be_is_no_form(cloud: World) -> None:
    share = cloud.share()
    for body in ("%%%", "\u00e4", "YQ"):
        request = event("POST", "/-/x", headers={"x-share-origin": SECRET}, parameters={"id": share["id"]})
        raw = page_handler.handler(request | {"body": body, "isBase64Encoded": True}, context())
        assert raw["statusCode"] == 400
    assert cloud.shown(share)["downloads"] == 0


def test_a_link_that_a_share_hands_out_is_counted_as_minted_once(
    cloud: World, capsys: pytest.CaptureFixture[str]
) -> None:
    share = cloud.share(max_downloads=2)
    ticket = b"ticket=" + b"A" * 22
    capsys.readouterr()
    for _ in range(2):
        assert cloud.page("POST", share["id"], headers={"content-type": FORM}, body=ticket).status == 303
    assert capsys.readouterr().out.count('"Minted":[1.0]') == 1
