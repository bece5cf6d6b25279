"""The main path with the keyboard alone, and in German."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.pages import PHONE, Console

KEY = "private/Quartalsbericht.pdf"


def test_a_file_is_handed_out_and_taken_back_with_the_keyboard_alone(console: Console) -> None:
    console.api.objects[KEY] = 5
    page = console.open("#/files/private/")
    hand_out = page.get_by_role("button", name="Hand out Quartalsbericht.pdf")
    expect(hand_out).to_be_visible()
    press = page.keyboard.press

    def tab_to(name: str) -> None:
        for _ in range(25):
            press("Tab")
            if name in page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"):
                return
        raise AssertionError(f"{name} can't be reached")

    tab_to("Hand out")
    expect(hand_out).to_be_focused()
    press("Enter")
    expect(page.get_by_role("dialog", name="Hand out")).to_be_visible()
    tab_to("way")
    press("ArrowDown")
    expect(page.get_by_role("radio", name="By a page")).to_be_checked()
    expect(page.get_by_label("Days")).to_be_visible()
    press("Tab")
    page.keyboard.type("3")
    press("Enter")
    expect(page.get_by_role("dialog", name="Ready to be sent")).to_be_visible()
    assert console.api.calls("POST", "/shares")[0].body["expires_in"] == 3 * 86_400
    tab_to("QR code")
    press("Space")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    press("Escape")
    expect(hand_out).to_be_focused()

    page.get_by_role("link", name="Handed out").focus()
    press("Enter")
    expect(page.get_by_role("button", name="Details")).to_be_visible()
    tab_to("Take back")
    press("Enter")
    asks = page.get_by_role("dialog", name="Take back this page?")
    tab_to("Cancel")
    press("Tab")
    press("Enter")
    expect(asks).to_have_count(0)
    expect(page.locator(".badge")).to_have_text("Taken back")
    expect(page.get_by_role("button", name="Details")).to_be_focused()


def test_whoever_reads_german_gets_german_and_it_fits_a_small_screen(
    open_console: Callable[..., Console],
) -> None:
    console = open_console("de-DE")
    console.api.objects[KEY] = 1_260_000
    console.api.link(KEY, "revoked", revoked_at=1_700_000_000)
    console.api.share(KEY, "locked")
    page = console.open("#/files/private/")
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.get_by_role("cell", name=re.compile(r"1,3\sMB"))).to_be_visible()
    page.set_viewport_size(PHONE)
    console.assert_sound("files-de")
    page.get_by_role("button", name="Herausgeben").click()
    for way in ("Einmal", "Über eine Seite", "Auf Zeit"):
        page.get_by_role("radio", name=way, exact=True).check()
    page.get_by_role("radio", name="Über eine Seite").check()
    console.assert_sound("hand-out-de")
    page.get_by_role("button", name="Seite erstellen").click()
    expect(page.get_by_role("button", name="Kopieren").first).to_be_visible()
    console.assert_sound("handed-over-de")
    page.get_by_role("button", name="Fertig").click()
    page.get_by_role("link", name="Herausgegeben").click()
    for state in ("Bereit", "Gesperrt", "Zurückgenommen"):
        expect(page.locator(".badge", has_text=state)).to_be_visible()
    console.assert_sound("handed-out-de")
