"""The sheet from which a file is handed out: once, by a page, for a time."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.console.pages import Console

KEY = "private/Bericht März.pdf"
DAY = 86_400


def sheet(console: Console, key: str = KEY) -> Page:
    """The sheet of a file, opened from its row."""
    console.api.objects[key] = 1_250_000
    folder, _, name = key.rpartition("/")
    page = console.open(f"#/files/{folder}/" if folder else "#/files/")
    page.get_by_role("button", name=f"Hand out {name}").click()
    expect(page.get_by_role("dialog", name="Hand out")).to_be_visible()
    return page


def copied(page: Page) -> str:
    """What a press on Copy put into the clipboard, and that it was said."""
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_from_a_files_sheet_one_comes_to_what_was_handed_out_of_it(console: Console) -> None:
    page = sheet(console)
    with page.expect_response("**/links?*"):
        page.get_by_role("link", name="What was handed out of it before").click()
    expect(page.get_by_role("heading", name="Handed out", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert console.api.calls("GET", "/links")[-1].query["key"] == KEY
    page.go_back()
    expect(page.get_by_role("heading", name="Files", level=1)).to_be_visible()


def test_once_is_a_link_with_a_lifetime_a_disposition_and_a_name_and_it_is_shown_once(
    console: Console,
) -> None:
    console.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = sheet(console)
    expect(page.get_by_role("radio", name="Once", exact=True)).to_be_checked()
    console.assert_sound("hand-out-once")
    page.get_by_label("Works for").select_option("5 minutes")
    page.get_by_label("When it is opened").select_option("Show it in the browser")
    page.get_by_label("File name").fill("q1.pdf")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("dialog", name="Ready to be sent")).to_be_visible()
    [asked] = console.api.calls("GET", "/get-url")
    assert asked.query == {"key": KEY, "expires_in": "300", "disposition": "inline", "filename": "q1.pdf"}
    url = page.get_by_label("Address").input_value()
    assert "x-link-nonce=s3cret" in url
    assert copied(page) == url
    mail = page.get_by_role("link", name="Mail it").get_attribute("href") or ""
    assert mail.startswith("mailto:?subject=")
    assert url in parse_qs(urlsplit(mail).query)["body"][0]
    expect(page.get_by_role("dialog")).to_contain_text("can’t be shown again")
    page.get_by_role("button", name="QR code").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    console.assert_sound("handed-over-once")

    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = page.evaluate(
        """async () => JSON.stringify([document.documentElement.outerHTML, location.href, history.state,
            {...localStorage}, {...sessionStorage}, await indexedDB.databases(), document.cookie])"""
    )
    assert "s3cret" not in kept
    expect(page.get_by_role("button", name="Hand out Bericht")).to_be_focused()


def test_a_page_has_days_downloads_a_pin_and_a_note_and_each_is_checked_before_it_is_sent(
    console: Console,
) -> None:
    page = sheet(console)
    page.get_by_role("radio", name="By a page").check()
    days, downloads = page.get_by_label("Days"), page.get_by_role("textbox", name="Downloads")
    for field, value, said in (
        (days, "31", "A whole number from 1 to 30."),
        (downloads, "0", "A whole number from 1 to 20."),
        (page.get_by_label("PIN (optional)"), "123", "4 to 64 characters"),
        (page.get_by_label("Note (optional)"), "x" * 501, "500 characters at most."),
    ):
        before = field.input_value()
        field.fill(value)
        page.get_by_role("button", name="Make the page").click()
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(re.compile(re.escape(said)))
        if field is days:
            console.assert_sound("hand-out-wrong")
        field.fill(before)
    assert console.api.calls("POST", "/shares") == []
    days.fill("2")
    downloads.fill("3")
    page.get_by_role("button", name="Make one up").click()
    pin = page.get_by_label("PIN (optional)").input_value()
    assert re.fullmatch(r"\d{6}", pin)
    page.get_by_label("Note (optional)").fill("As promised.\nSee page 3.")
    console.assert_sound("hand-out-page")
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_label("PIN", exact=True)).to_have_value(pin)
    [asked] = console.api.calls("POST", "/shares")
    note = "As promised.\nSee page 3."
    assert asked.body == {"key": KEY, "expires_in": 2 * DAY, "max_downloads": 3, "pin": pin, "note": note}
    mail = page.get_by_role("link", name="Mail it").get_attribute("href") or ""
    assert pin not in mail
    console.assert_sound("handed-over-page")


def test_a_signed_url_is_had_where_its_door_has_the_file_and_elsewhere_it_says_why_not(
    console: Console, open_console: Callable[..., Console]
) -> None:
    page = sheet(console)
    page.get_by_role("radio", name="For a time").check()
    page.get_by_label("Works for").select_option("7 days")
    page.get_by_role("button", name="Sign the address").click()
    expect(page.get_by_label("Address")).to_have_value(re.compile("Signature=s1gned"))
    [asked] = console.api.calls("GET", "/url")
    assert asked.query == {
        "file": "Bericht März.pdf",
        "expires_in": str(7 * DAY),
        "disposition": "attachment",
    }
    expect(page.get_by_role("dialog")).to_contain_text("can’t be taken back")
    page = sheet(console, "reports/q1.pdf")
    radio = page.get_by_role("radio", name="For a time")
    expect(radio).to_be_disabled()
    expect(radio).to_have_accessible_description("Only for files below “private/”, and this one isn’t.")

    without = open_console(signed=None, shares=None)
    page = sheet(without)
    for name in ("By a page", "For a time"):
        expect(page.get_by_role("radio", name=name)).to_have_accessible_description(
            "This isn’t switched on here."
        )


def test_what_was_typed_survives_whatever_the_api_answers(console: Console) -> None:
    page = sheet(console)
    page.get_by_label("File name").fill("q1.pdf")
    answers: list[tuple[int, object, str]] = [
        (404, {"error": "no_such_object", "message": "No such object."}, "There is no such file"),
        (503, {"error": "unavailable", "message": "S3 is away."}, "Try again in a few seconds"),
        (500, "<html>Error</html>", "made a mistake"),
        (502, "<html>Bad gateway</html>", "busy or out of reach"),
        (200, {"url": "javascript:alert(1)", "id": "x"}, "makes no sense"),
        (200, [], "makes no sense"),
        (400, {"error": "a_new_reason", "message": "It’s <b>Monday</b>."}, "It’s <b>Monday</b>."),
    ]
    for number, (status, answer, said) in enumerate(answers, 1):
        console.api.instead["GET /get-url"] = (status, answer)
        page.get_by_role("button", name="Make the link").click()
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(page.get_by_label("File name")).to_have_value("q1.pdf")
        assert len(console.api.calls("GET", "/get-url")) == number
    console.assert_sound("hand-out-failed")
    del console.api.instead["GET /get-url"]
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_label("Address")).to_have_value(re.compile("^https://"))


def test_a_refusal_of_one_field_stands_at_it(console: Console) -> None:
    page = sheet(console)
    page.get_by_role("radio", name="By a page").check()
    refusal = {"error": "invalid_note", "message": "note must be polite."}
    console.api.instead["POST /shares"] = (400, refusal)
    page.get_by_label("Note (optional)").fill("Now!")
    page.get_by_role("button", name="Make the page").click()
    note = page.get_by_label("Note (optional)")
    expect(note).to_have_accessible_description(re.compile("note must be polite."))
    expect(note).to_be_focused()
    expect(note).to_have_value("Now!")


def test_where_the_browser_keeps_the_clipboard_shut_the_address_is_selected(console: Console) -> None:
    page = sheet(console)
    page.get_by_role("button", name="Make the link").click()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Ctrl+C")).to_be_visible()
    address = page.get_by_label("Address")
    expect(address).to_be_focused()
    assert address.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == (
        address.input_value()
    )


def test_a_slow_api_is_asked_once_however_often_the_button_is_pressed(console: Console) -> None:
    page = sheet(console)
    held: list[Route] = []
    console.api.instead["GET /get-url"] = held.append
    button = page.locator("form button[type=submit]")
    button.click()
    expect(button).to_have_text("One moment …")
    button.click(force=True)
    button.press("Enter")
    del console.api.instead["GET /get-url"]
    assert len(held) == 1
    held[0].fulfill(
        json={"url": "https://links.console.test/x", "id": "1"}, headers={"access-control-allow-origin": "*"}
    )
    expect(page.get_by_label("Address")).to_have_value("https://links.console.test/x")
