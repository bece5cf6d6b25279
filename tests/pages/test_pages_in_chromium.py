"""Every page in a real browser, under its own policy: drawn whole, read aloud, on a phone and on a desktop,
by day and by night, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.axe import findings
from tests.browser import chromium
from tests.pages.gallery import gallery, show

NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
OF_GUARDS = ("link-used-403", "link-unavailable-503", "private-no_token-401")
BY_NAME = {shown.name: shown for shown in gallery("en")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize(
    ("language", "scheme", "size"), [("en", "light", NARROW), ("de", "dark", WIDE)], ids=["en", "de"]
)
def test_no_page_has_anything_for_axe_to_find_or_to_scroll_to_or_breaks_its_policy(
    browser: Browser, language: str, scheme: str, size: ViewportSize
) -> None:
    page = browser.new_page(
        viewport=size, color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for shown in gallery(language):
        show(page, shown)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), shown.name
        assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "grid"
        # The guards' pages differ in their words and pictures only.
        if shown.name.startswith(("link-", "private-")) and shown.name not in OF_GUARDS:
            continue
        assert findings(page) == [], shown.name
    assert complaints == []
    page.close()


def test_a_wrong_pin_is_read_with_its_field_and_the_field_has_the_focus(browser: Browser) -> None:
    page = browser.new_page()
    show(page, BY_NAME["share-pin-wrong"])
    field = page.get_by_label("PIN")
    assert field.evaluate("each => each === document.activeElement")
    assert field.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert described.inner_text() == "That PIN is wrong. 3 tries are left."
    page.close()


def test_what_is_pressed_is_large_enough_for_a_thumb(browser: Browser) -> None:
    page = browser.new_page(viewport=NARROW)
    for name in ("share-ready-pin", "share-locked", "share-begun", "private-no_token-401"):
        show(page, BY_NAME[name])
        for each in page.locator("button, a, input:not([type=hidden])").all():
            box = each.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    page.close()


def test_on_paper_there_is_nothing_to_press(browser: Browser) -> None:
    page = browser.new_page(viewport=WIDE)
    page.emulate_media(media="print")
    show(page, BY_NAME["share-ready-pin"])
    assert not page.get_by_role("button").is_visible()
    assert page.get_by_text("It works once.").is_visible()
    page.close()


def test_who_wants_no_motion_gets_none(browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce")
    show(page, BY_NAME["share-ready"])
    duration = "getComputedStyle(document.querySelector('.button')).transitionDuration"
    assert page.evaluate(duration) == "0s"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(duration) == "0.16s"
    page.close()


def test_the_logo_is_drawn_under_the_pages_policy(browser: Browser) -> None:
    page = browser.new_page()
    show(page, BY_NAME["link-used-403"])
    assert page.locator("img.mark").evaluate("each => each.complete && each.naturalWidth > 0")
    page.close()
