"""What a person sees of a visit, on the page itself."""

import re
from pathlib import Path

import pytest

from onetime_urls.protocol.pages.document import Site
from onetime_urls.protocol.pages.icons import icon
from onetime_urls.protocol.pages.layout import page_style
from onetime_urls.protocol.pages.texts import texts_for
from share_page import app as page_app
from share_page.page import page
from share_page.result import VisitResult, VisitStatus
from tests.shares.world import Visitor, World, link_in

GERMAN = "de-DE,de;q=0.9,en;q=0.8"
NOW = 1_795_874_580
LATER = {VisitStatus.LOCKED: 58, VisitStatus.UNAVAILABLE: 2}


def shown(result: VisitResult, language: str = "en") -> str:
    site = Site("files.example.com")
    return page(result, address="/-/x", ticket="t", now=NOW, site=site, texts=texts_for(language))


def drawn(body: str) -> str:
    """How what became of it is drawn: the icon and its colour."""
    [found] = re.findall(r'<span class="(ring.*?</span>)', body)
    return str(found)


def test_what_went_wrong_is_drawn_differently_for_each_thing_that_can() -> None:
    kinds = (
        VisitStatus.USED,
        VisitStatus.EXPIRED,
        VisitStatus.REVOKED,
        VisitStatus.LOCKED,
        VisitStatus.UNAVAILABLE,
        VisitStatus.UNKNOWN,
        VisitStatus.VANISHED,
        VisitStatus.CROSS_SITE,
    )
    pictures = {drawn(shown(VisitResult(kind, retry_after=LATER.get(kind)))) for kind in kinds}
    assert len(pictures) == len(kinds)


def test_a_locked_page_says_until_when_and_offers_to_look_again() -> None:
    body = shown(VisitResult(VisitStatus.LOCKED, retry_after=58))
    assert "It opens again in 1 minute." in body
    assert "Saturday, 28 November 2026, 14:04 UTC" in body  # 14:03:58, and nobody is told to come too early
    assert '<a class="button" href="/-/x">Look again</a>' in body


def test_trying_again_is_offered_where_it_helps_and_nowhere_else() -> None:
    assert ">Try again</a>" in shown(VisitResult(VisitStatus.UNAVAILABLE, retry_after=2))
    for status in (VisitStatus.USED, VisitStatus.EXPIRED, VisitStatus.REVOKED, VisitStatus.UNKNOWN):
        assert "button" not in shown(VisitResult(status)).partition("<body>")[2]


def test_that_it_works_once_is_said_large_and_more_downloads_are_counted(cloud: World) -> None:
    once = cloud.page("GET", cloud.share()["id"]).body
    assert "<strong>It works once.</strong> After the download this link is gone." in once
    share = cloud.share(max_downloads=2)
    assert "<strong>2 downloads are left.</strong>" in cloud.page("GET", share["id"]).body
    cloud.page("POST", share["id"], headers={"accept": "*/*"})
    assert "<strong>One download is left.</strong>" in cloud.page("GET", share["id"]).body


def test_the_files_kind_is_shown_by_a_picture_and_a_word(cloud: World) -> None:
    body = cloud.page("GET", cloud.share(filename="minutes.pdf")["id"]).body
    assert icon("document", 28) in body
    assert "Document · 6 bytes" in body


def test_after_the_button_the_page_says_so_begins_the_download_and_has_no_such_button(cloud: World) -> None:
    visitor = Visitor(cloud, cloud.share()["id"])
    visitor.look()
    ticket = visitor.ticket
    begun = visitor.press()
    assert (begun.status, begun.headers["x-share-status"]) == (200, "handed-out")
    assert "location" not in begun.headers
    assert cloud.link_of(link_in(begun))["claims"] == {"M": {}}
    assert "Your download begins now" in begun.body
    assert begun.body.count("<h1") == 1
    assert "This link has worked once. Now it is gone." in begun.body
    assert ">Download<" not in begun.body
    assert visitor.ticket == ticket  # asking again gets the same download
    assert link_in(visitor.press()) == link_in(begun)


def test_a_visitor_without_a_ticket_is_not_offered_what_would_take_another_download(cloud: World) -> None:
    share = cloud.share(max_downloads=2)
    begun = cloud.page("POST", share["id"], headers={"accept": "text/html"})
    assert link_in(begun)
    assert "<form" not in begun.body
    assert "Now it is gone" not in begun.body


def test_a_link_cannot_break_out_of_the_page_that_begins_it() -> None:
    result = VisitResult(VisitStatus.HANDED_OUT, location='/k"><script>?a=1&b=2')
    assert 'content="0;url=/k&quot;&gt;&lt;script&gt;?a=1&amp;b=2"' in shown(result)


def test_a_wrong_pin_is_told_at_its_field_with_the_tries_left(cloud: World) -> None:
    visitor = Visitor(cloud, cloud.share(pin="2468")["id"])
    before = visitor.look().body
    assert 'aria-describedby="pin-said"' in before
    assert "aria-invalid=" not in before.partition("<body>")[2]
    body = visitor.press(pin="1111").body
    [field] = re.findall(r'<p class="field">.*?</p>', body, re.DOTALL)
    assert 'aria-describedby="pin-said" aria-invalid="true" autofocus>' in field
    assert '<small id="pin-said" role="alert">That PIN is wrong. 4 tries are left.</small>' in field


def test_the_page_is_in_the_language_that_is_asked_for_and_says_so(cloud: World) -> None:
    share = cloud.share(pin="2468", expires_in=7 * 86_400)
    sent = {"accept": "text/html", "accept-language": GERMAN}
    answer = cloud.page("GET", share["id"], headers=sent)
    assert answer.headers["content-language"] == "de"
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert '<html lang="de">' in answer.body
    assert "Funktioniert nur einmal." in answer.body
    until = r"Bis \w+, \d+\. \w+ 20\d\d, \d\d:\d\d Uhr UTC \(in\xa07\xa0Tagen\)"
    assert re.search(until, answer.body)
    english_page = cloud.page("GET", share["id"], headers={"accept": "text/html"})
    assert english_page.headers["content-language"] == "en"


def test_programs_are_told_in_english_whatever_language_they_name(cloud: World) -> None:
    share = cloud.share()
    for accept in ("application/json", "text/plain"):
        plain, named = (
            cloud.page("GET", share["id"], headers={"accept": accept, **more})
            for more in ({}, {"accept-language": GERMAN})
        )
        assert plain == named
        assert "content-language" not in named.headers


def test_the_page_shows_the_brand_beside_its_code_and_warns_whoever_expects_nothing_of_it(
    cloud: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brand.json").write_text('{"name": "Acme & Co", "colour": "#ffd400"}', encoding="utf-8")
    monkeypatch.setattr(page_app, "__file__", str(tmp_path / "app.py"))
    body = cloud.page("GET", cloud.share()["id"]).body
    assert "<b>Acme &amp; Co</b>" in body
    assert "Not expecting a file from Acme &amp; Co (d111111abcdef8.cloudfront.net)?" in body
    assert page_style("#ffd400") in body


def test_no_page_is_15_kilobytes_in_any_language(cloud: World) -> None:
    share = cloud.share(filename="n" * 200 + ".pdf", note="ü" * 500, pin="2468")
    for language in ("en", "de"):
        headers = {"accept": "text/html", "accept-language": language}
        assert len(cloud.page("GET", share["id"], headers=headers).body.encode()) < 15_000
        for status in VisitStatus:
            if status is not VisitStatus.READY:
                body = shown(VisitResult(status, retry_after=LATER.get(status)), language)
                assert len(body.encode()) < 15_000
                assert f'<html lang="{language}">' in body
