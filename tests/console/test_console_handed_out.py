"""What became of links and shares: told, kept up to date, and taken back."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.console.fake_api import FakeApi
from tests.console.pages import Console

KEY = "reports/q1.pdf"
ENTRY = "li.handed-entry"
WHO = {"address": "203.0.113.7", "agent": "Mozilla/5.0 Firefox/153", "edge": "eu-central-1"}


def claim(**said: object) -> dict[str, object]:
    """A claim as the API tells it."""
    return {"id": "c", "when": int(time.time()) - 40, "outcome": "claimed, outcome unknown", **WHO, **said}


def one_of_each(api: FakeApi) -> None:
    """A link or a share in every state."""
    now = int(time.time())
    api.link(KEY)
    api.link(KEY, "used", claims=[claim(outcome="delivered")], given_back=[{"id": "g", "when": now - 60}])
    api.link(KEY, "expired", expires_at=now - 100)
    api.link(KEY, "revoked", revoked_at=now - 120)
    api.share("photo.jpg", "locked", pin=True)
    api.share("photo.jpg", "used", downloads=3)
    api.share("photo.jpg", "expired", expires_at=now - 9000)


def test_every_state_has_its_word_and_what_it_means(console: Console) -> None:
    one_of_each(console.api)
    page = console.open("#/handed-out")
    entries = page.locator(ENTRY)
    expect(entries).to_have_count(7)
    for number, (state, means) in enumerate(
        [
            ("Ready", "Not downloaded yet"),
            ("Used", "Opened"),
            ("Expired", "Nobody downloaded it"),
            ("Taken back", "Nobody downloaded it, ended 2 minutes ago"),
            ("Locked", "Too many wrong PINs"),
            ("Used", "Downloaded 3 times"),
            ("Expired", "Nobody downloaded it"),
        ]
    ):
        expect(entries.nth(number).locator(".badge")).to_have_text(state)
        expect(entries.nth(number)).to_contain_text(means)
    expect(page.get_by_role("button", name="Take back")).to_have_count(2)
    console.assert_sound("handed-out")
    used = entries.nth(1)
    used.get_by_role("button", name="Details").click()
    for said in ("Downloaded completely.", "203.0.113.7", "Firefox/153", "It wasn’t used up.", "1 of 1"):
        expect(used).to_contain_text(said)
    console.assert_sound("handed-out-details")


def test_a_share_tells_each_link_that_its_page_handed_over_and_those_stand_nowhere_else(
    console: Console,
) -> None:
    now = int(time.time())
    api = console.api
    share = api.share("photo.jpg", pin=True, note="As promised.", downloads=2)
    taken = api.link("photo.jpg", "used", share=share["id"], claims=[claim(followers=3)])
    api.histories[share["id"]] = [
        {"when": now - 50, "address": "198.51.100.4", "agent": "", "link": taken["id"]},
        {"when": now - 45, "address": "198.51.100.5", "agent": "curl/8", "link": "f" * 64},
    ]
    page = console.open("#/handed-out?key=photo.jpg")
    expect(page.locator(ENTRY)).to_have_count(1)
    page.get_by_role("button", name="Details").click()
    for said in (
        "As promised.",
        "198.51.100.4",
        "says nothing about itself",
        "Whether it arrived complete isn’t known.",
        "3 more requests",
        "isn’t kept any more",
    ):
        expect(page.locator("main")).to_contain_text(said)
    assert share["url"] not in page.content()
    console.assert_sound("handed-out-share")
    page.get_by_role("link", name="Of all files").click()
    expect(page).to_have_url(re.compile("#/handed-out$"))


def test_of_a_shares_links_those_that_can_still_be_claimed_are_asked_for_again_and_no_others(
    console: Console,
) -> None:
    api = console.api
    share = api.share("photo.jpg", downloads=2)
    over, live = (api.link("photo.jpg", state, share=share["id"]) for state in ("expired", "ready"))
    api.histories[share["id"]] = [
        {"when": int(time.time()) - 50, "address": "198.51.100.4", "agent": "", "link": link["id"]}
        for link in (over, live)
    ]
    console.page.clock.install()
    page = console.open("#/handed-out")
    page.get_by_role("button", name="Details").click()
    expect(page.locator(".claims > li")).to_have_count(2)
    for link in (over, live):
        assert len(api.calls("GET", f"/links/{link['id']}")) == 1
    live |= {"state": "used", "claims": [claim(outcome="delivered")]}
    page.clock.run_for(7_100)
    expect(page.locator("main")).to_contain_text("Downloaded completely.")
    assert len(api.calls("GET", f"/links/{live['id']}")) == 2
    assert len(api.calls("GET", f"/links/{over['id']}")) == 1


def test_taking_back_says_what_it_does_does_it_and_shows_it(console: Console) -> None:
    api = console.api
    link, share = api.link(KEY), api.share("photo.jpg", "locked")
    page = console.open("#/handed-out")
    opener = page.get_by_role("button", name="Take back q1.pdf")
    opener.click()
    asks = page.get_by_role("dialog", name="Take back this link?")
    expect(asks).to_contain_text("nobody can open the link to “q1.pdf”")
    console.assert_sound("take-back")
    asks.get_by_role("button", name="Cancel").click()
    expect(opener).to_be_focused()
    assert api.calls("DELETE", f"/links/{link['id']}") == []
    opener.click()
    api.instead[f"DELETE /links/{link['id']}"] = (503, {"error": "unavailable", "message": "Away."})
    asks.get_by_role("button", name="Take back").click()
    expect(asks.get_by_role("alert")).to_contain_text("Try again in a few seconds")
    api.instead.clear()
    asks.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".badge").first).to_have_text("Taken back")
    page.get_by_role("button", name="Take back photo.jpg").click()
    page.get_by_role("dialog", name="Take back this page?").get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)
    assert len(api.calls("DELETE", f"/shares/{share['id']}")) == 1


def test_it_is_kept_up_to_date_while_it_is_looked_at_and_nothing_else_moves(console: Console) -> None:
    api = console.api
    link = api.link(KEY)
    console.page.clock.install()
    page = console.open("#/handed-out")
    page.get_by_role("button", name="Details").click()
    first = page.locator(ENTRY).element_handle()
    link |= {"state": "used", "claims": [claim()]}
    page.clock.run_for(7_100)
    expect(page.locator(".badge")).to_have_text("Used")
    expect(page.get_by_role("button", name="Details")).to_be_focused()
    expect(page.get_by_role("button", name="Details")).to_have_attribute("aria-expanded", "true")
    assert page.locator(ENTRY).evaluate("(now, before) => now === before", first)

    api.instead["GET /shares"] = (500, {"error": "internal", "message": "Ours."})
    page.clock.run_for(7_100)
    expect(page.get_by_role("status").filter(has_text="isn’t up to date")).to_be_visible()
    expect(page.locator(".badge")).to_have_text("Used")
    console.assert_sound("handed-out-stale")
    asked = len(api.calls("GET", "/links"))
    page.clock.run_for(7_100)
    assert len(api.calls("GET", "/links")) == asked
    api.instead.clear()
    page.clock.run_for(7_100)
    expect(page.get_by_text("isn’t up to date")).to_have_count(0)


def test_pages_of_both_lists_make_one_and_nothing_is_read_that_nobody_asked_for(console: Console) -> None:
    for number in range(60):
        console.api.link(f"reports/{number:03d}.pdf")
    console.api.share("old.pdf")
    page = console.open("#/handed-out")
    entries, more = page.locator(ENTRY), page.get_by_role("button", name="Load more")
    expect(entries).to_have_count(25)
    expect(page.get_by_text("old.pdf")).to_have_count(0)
    more.click()
    expect(entries).to_have_count(50)
    more.click()
    expect(entries).to_have_count(61)
    expect(entries.last).to_contain_text("old.pdf")
    expect(more).to_have_count(0)


def test_nothing_out_nothing_yet_and_nothing_to_be_had_each_say_what_to_do(
    console: Console, open_console: Callable[..., Console]
) -> None:
    held: list[Route] = []
    console.api.instead["GET /links"] = held.append
    page = console.open("#/handed-out")
    expect(page.get_by_role("heading", name="Handed out")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Loading")).to_be_attached()
    console.assert_sound("handed-out-loading")
    console.api.instead["GET /links"] = (500, {"error": "internal", "message": "Ours."})
    held[0].abort()
    expect(page.get_by_role("alert")).to_contain_text("The server made a mistake")
    console.assert_sound("handed-out-failed")
    console.api.instead.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing is out")).to_be_visible()
    console.assert_sound("handed-out-empty")
    page.get_by_role("link", name="To the files").click()
    expect(page.get_by_role("heading", name="Files")).to_be_visible()
    without = open_console(shares=None)
    without.api.link(KEY)
    page = without.open("#/handed-out")
    expect(page.locator(ENTRY)).to_have_count(1)
    assert without.api.calls("GET", "/shares") == []
