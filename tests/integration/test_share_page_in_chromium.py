"""The page of a share in a real browser: pressed, read aloud, shrunk, in the dark, and without script."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from onetime_urls.protocol.pages.document import Site
from onetime_urls.protocol.pages.texts import english
from share_page.page import page as document_for
from share_page.result import VisitResult, VisitStatus
from tests.axe import findings
from tests.integration.conftest import Upload
from tests.web import Deployment

PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


def assert_sound(page: Page, name: str) -> None:
    """Nothing for axe to find, nothing to scroll to the side for: dark on a phone and light on a desktop."""
    for scheme, size in (("dark", PHONE), ("light", DESKTOP)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size(size)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}-{scheme}.png")


def test_a_person_presses_the_button_and_has_the_file_and_the_next_visitor_sees_used(
    deployment: Deployment, upload: Upload, browser: Browser, visitor: BrowserContext, tmp_path: Path
) -> None:
    content = os.urandom(300_000)
    share = deployment.share(upload(content, "Bericht März.pdf"), note="As promised.\nSee page 3.")
    page = visitor.new_page()
    page.goto(share["url"])
    assert page.title() == "A file for you"
    assert_sound(page, "ready")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    saved = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(saved)
    assert saved.name == "Bericht März.pdf"
    assert page.get_by_role("heading", level=1).inner_text() == "Your download begins now"
    assert page.get_by_role("button", name="Download", exact=True).count() == 0
    assert_sound(page, "begun")
    assert hashlib.sha256(saved.read_bytes()).digest() == hashlib.sha256(content).digest()

    with browser.new_context() as another:
        second = another.new_page()
        second.goto(share["url"])
        assert second.get_by_role("heading").inner_text() == "Already downloaded"
        assert_sound(second, "used")


def test_a_double_click_downloads_once_and_counts_once(
    deployment: Deployment, upload: Upload, visitor: BrowserContext
) -> None:
    share = deployment.share(upload(b"once"), max_downloads=5)
    page = visitor.new_page()
    page.goto(share["url"])
    with page.expect_download() as downloading:
        page.get_by_role("button").dblclick()
    assert downloading.value.path().read_bytes() == b"once"
    assert deployment.call("GET", f"/shares/{share['id']}").json()["downloads"] == 1


def test_the_page_works_without_script_and_with_the_keyboard_alone(
    deployment: Deployment, upload: Upload, browser: Browser
) -> None:
    share = deployment.share(upload(b"typed"), pin="2468")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(share["url"])
        page.keyboard.press("Tab")
        page.keyboard.type("2468")
        page.keyboard.press("Tab")
        with page.expect_download() as downloading:
            page.keyboard.press("Enter")
        assert downloading.value.path().read_bytes() == b"typed"


def test_a_wrong_pin_is_told_with_the_tries_left_and_then_locked(
    deployment: Deployment, upload: Upload, visitor: BrowserContext
) -> None:
    share = deployment.share(upload(), pin="2468", note="A PIN comes by phone.")
    page = visitor.new_page()
    page.goto(share["url"])
    assert_sound(page, "pin")
    for left in (4, 3, 2, 1):
        page.get_by_label("PIN").fill("1111")
        page.get_by_role("button").click()
        shown = "One try is left" if left == 1 else f"{left} tries are left"
        assert shown in page.get_by_role("alert").inner_text()
        if left == 4:
            assert_sound(page, "wrong-pin")
    page.get_by_label("PIN").fill("1111")
    page.get_by_role("button").click()
    assert page.get_by_role("heading").inner_text() == "Too many wrong PINs"
    assert_sound(page, "locked")


def test_a_download_that_did_not_begin_waits_and_one_that_did_is_spent(
    deployment: Deployment, upload: Upload, visitor: BrowserContext
) -> None:
    share = deployment.share(upload(b"kept"), pin="2468", max_downloads=2)
    page = visitor.new_page()
    page.goto(share["url"])
    ticket = page.locator("input[name=ticket]").input_value()
    handed = visitor.request.post(share["url"], form={"ticket": ticket, "pin": "2468"}, max_redirects=0)
    assert handed.status == 303
    page.reload()
    assert "has not begun yet" in page.get_by_role("status").inner_text()
    assert page.get_by_label("PIN").count() == 0
    assert_sound(page, "waiting")
    with page.expect_download() as downloading:
        page.get_by_role("button").click()
    assert downloading.value.path().read_bytes() == b"kept"
    page.get_by_role("button", name="Start it again").click()
    assert "was handed over already" in page.get_by_role("status").inner_text()
    assert_sound(page, "spent")
    assert deployment.call("GET", f"/shares/{share['id']}").json()["downloads"] == 1


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("revoked", "Taken back"),
        ("unknown", "No such link"),
        ("vanished", "The file is gone"),
    ],
)
def test_the_other_states_read_well(
    deployment: Deployment, upload: Upload, visitor: BrowserContext, state: str, heading: str
) -> None:
    key = upload()
    share = deployment.share(key)
    page = visitor.new_page()
    page.goto(share["url"])
    match state:
        case "vanished":
            deployment.s3.delete_object(Bucket=deployment.bucket, Key=key)
            page.get_by_role("button").click()
        case "revoked":
            deployment.call("DELETE", f"/shares/{share['id']}")
            page.reload()
        case _:
            page.goto(share["url"][:-4] + "AAAA")
    assert page.get_by_role("heading").inner_text() == heading
    assert_sound(page, state)


@pytest.mark.parametrize(
    ("kind", "heading"),
    [(VisitStatus.EXPIRED, "This link has expired"), (VisitStatus.UNAVAILABLE, "Try again in a moment")],
)
def test_what_no_visitor_can_bring_about_reads_well(
    visitor: BrowserContext, kind: VisitStatus, heading: str
) -> None:
    page = visitor.new_page()
    site = Site("files.example.com")
    document = document_for(VisitResult(kind), address="", ticket="", now=0, site=site, texts=english())
    page.route("**/*", lambda route: route.fulfill(body=document, content_type="text/html"))
    page.goto("https://files.example.com/")
    assert page.get_by_role("heading").inner_text() == heading
    assert_sound(page, kind.value)


def test_another_sites_form_consumes_nothing(
    deployment: Deployment, upload: Upload, visitor: BrowserContext
) -> None:
    share = deployment.share(upload())
    page = visitor.new_page()
    page.route(
        "https://evil.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{share["url"]}"><button>Win</button></form>',
        ),
    )
    page.goto("https://evil.example/")
    page.get_by_role("button").click()
    assert page.get_by_role("heading").inner_text() == "Open the link itself"
    assert deployment.call("GET", f"/shares/{share['id']}").json()["downloads"] == 0


def test_a_long_name_and_note_stay_on_a_small_screen(
    deployment: Deployment, upload: Upload, visitor: BrowserContext
) -> None:
    share = deployment.share(upload(), filename="n" * 200 + ".pdf", note="x" * 500)
    page = visitor.new_page()
    page.goto(share["url"])
    assert_sound(page, "long")
