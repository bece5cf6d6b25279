"""Signing in, and what becomes of a session, in a browser."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.console.fake_issuer import SIGN_IN, FakeIssuer
from tests.console.pages import Console


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture
def secured(open_console: Callable[..., Console], issuer: FakeIssuer) -> Console:
    """A console whose API wants a token of the issuer's."""
    console = open_console(signIn=SIGN_IN)
    issuer.install(console.context)
    console.api.objects["reports/a.pdf"] = 5
    return console


def test_whoever_signs_in_comes_back_to_where_they_were_and_leaves_nothing_behind(
    secured: Console, issuer: FakeIssuer
) -> None:
    page = secured.open("?team=a#/files/reports/?sort=size")
    expect(page.get_by_role("heading", name="Sign in to see and hand out files")).to_be_visible()
    secured.assert_sound("sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("person@example.com")).to_be_visible()
    expect(secured.row("a.pdf")).to_be_visible()
    assert page.url.endswith("/?team=a#/files/reports/?sort=size")
    assert {each.headers["authorization"] for each in secured.api.asked} == {f"Bearer {issuer.tokens[0]}"}
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert json.loads(kept) == [{}, {}, ""]
    secured.assert_sound("signed-in")

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Signed out")
    assert issuer.tokens[0] not in page.url
    page = secured.open()
    expect(page.get_by_role("status").filter(has_text="You are signed out.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    secured.assert_sound("signed-out")


def test_what_keeps_people_from_signing_in_is_explained(secured: Console, issuer: FakeIssuer) -> None:
    page = secured.open()
    issuer.down = True
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("can’t be reached")
    issuer.down, issuer.denies = False, "access_denied"
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("didn’t let you in")
    issuer.denies, issuer.lifetime = "", -3600
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This device’s clock is wrong")
    secured.assert_sound("sign-in-problem")
    page = secured.open("?code=stolen&state=another")
    expect(page.get_by_role("alert")).to_contain_text("begun elsewhere")
    assert "stolen" not in page.url
    assert secured.api.asked == []


def test_a_session_that_ends_asks_again_and_keeps_what_was_typed(
    secured: Console, issuer: FakeIssuer
) -> None:
    issuer.lifetime = 4  # less than the console uses a token for
    page = secured.open("#/files/reports/")
    page.get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    secured.assert_sound("session-ended")
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("alert")).to_contain_text("Your session has ended.")
    page.get_by_role("searchbox").fill("typed")
    page.get_by_role("button", name="Try again").click()
    expect(dialog).to_be_visible()

    issuer.lifetime = 3600
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    if not opened.value.is_closed():
        expect(opened.value.get_by_text("You can close this window")).to_be_visible()
        assert "c0de" not in opened.value.url
    expect(page.get_by_role("searchbox")).to_have_value("typed")
    page.get_by_role("searchbox").fill("")
    expect(secured.row("a.pdf")).to_be_visible()


def test_another_person_who_signs_in_starts_afresh(secured: Console, issuer: FakeIssuer) -> None:
    issuer.lifetime = 4
    page = secured.open("#/files/reports/")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("searchbox").fill("typed")
    page.get_by_role("button", name="Try again").click()
    issuer.lifetime, issuer.who = 3600, "other@example.com"
    with page.expect_popup():
        page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("other@example.com")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(secured.row("a.pdf")).to_be_visible()


def test_who_is_signed_in_and_refused_is_told_and_not_asked_again(secured: Console) -> None:
    secured.api.instead["GET /objects"] = (401, {"message": "Unauthorized"})
    page = secured.open("#/files/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("You aren’t allowed to do this.")
    expect(page.get_by_role("dialog")).to_have_count(0)
