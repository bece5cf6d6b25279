"""A page with the console on it, and what it may never do: break its policy, ask a stranger, fail."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize

from tests.axe import findings
from tests.console.fake_api import API, ISSUER, LINKS, FakeApi
from tests.console.site import Site

PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 850}
CONFIG: dict[str, Any] = {
    "api": API,
    "signIn": None,
    "signed": {"prefix": "private/", "maxSeconds": 604_800},
    "uploads": {"folders": ["uploads/", "private/"], "maxBytes": 10_000_000, "types": ["*/*"]},
    "shares": {"maxDays": 30, "maxDownloads": 20},
    "once": {"defaultSeconds": 900, "maxSeconds": 3600},
    "brand": {"name": "Example"},
}

_VIEWER = ("chrome-extension:", "chrome://resources/")
"""Where Chromium has its own viewer of PDF."""


def _is_a_failed_load(message: ConsoleMessage) -> bool:
    """What Chromium says of an answer with an error's status, and of one that a test held back."""
    return message.text.startswith("Failed to load resource")


class Console:
    """One person's console.

    Attributes:
        page: the browser's page.
        api: what it talks to.
        amiss: what it did that none may do.
    """

    def __init__(self, browser: Browser, site: Site, language: str, config: dict[str, Any]) -> None:
        self.api = FakeApi()
        self.amiss: list[str] = []
        self._site = site
        self.context = browser.new_context(locale=language, viewport=DESKTOP, reduced_motion="reduce")
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.amiss.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.amiss.append(f"dialog: {dialog.message}"))
        self.context.on("request", self._asked)
        told = CONFIG | config
        self.page.route("**/config.json", lambda route: route.fulfill(json=told))
        self.api.install(self.page)

    def open(self, address: str = "#/") -> Page:
        """Go to an address of the console's, anew."""
        if self.page.url != "about:blank":
            self.page.goto("about:blank")
        self.page.goto(f"{self._site.url}/{address}")
        return self.page

    def close(self) -> None:
        self.context.close()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _is_a_failed_load(message):
            self.amiss.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:", "about:", *_VIEWER)):
            return
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        if origin not in (self._site.url, self._site.bucket, API, ISSUER, LINKS):
            self.amiss.append(f"asked a stranger: {request.url}")

    def assert_sound(self, name: str) -> None:
        """Nothing for axe to find, light and dark, and nothing to scroll to the side for on a small screen.

        With the variable SCREENSHOTS set to a folder it leaves a picture of each there.
        """
        before = self.page.viewport_size or DESKTOP
        for scheme, size, rules in (("light", DESKTOP, ["color-contrast"]), ("dark", PHONE, [])):
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            self.page.set_viewport_size(size)
            found = [*findings(self.page, *rules), *too_wide(self.page)]
            assert not found, f"{name}, {scheme}: {found}"
        self.page.set_viewport_size(before)
        self.page.emulate_media(color_scheme="light")
        if folder := os.environ.get("SCREENSHOTS"):
            take_pictures(self.page, Path(folder) / name)

    def row(self, name: str) -> Locator:
        """The row of a file, or the entry of what was handed out."""
        return self.page.locator("tr, li.handed-entry").filter(has_text=name)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll to the side, or stands out of an open sheet."""
    found: list[str] = page.evaluate(
        """() => [...(document.querySelector('dialog[open]') ?? document).querySelectorAll('*')]
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
            .filter(each => !each.closest('.visually-hidden'))
            .map(each => `too wide: ${each.outerHTML.slice(0, 100)}`)"""
    )
    scrolls = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["scrolls to the side"] if scrolls else [])]


def take_pictures(page: Page, path: Path) -> None:
    """The page on a phone and a desktop, light and dark."""
    before = page.viewport_size or DESKTOP
    for width, height in ((375, 740), (1280, 850)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=f"{path}-{width}-{scheme}.png")
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")
