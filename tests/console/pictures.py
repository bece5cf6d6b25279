"""`python -m tests.console.pictures`: the pictures of the console in docs/images, by `make pictures`."""

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import chromium
from tests.console.pages import Console
from tests.console.site import Site

FOLDER = Path(__file__).parents[2] / "docs/images"
KEY = "private/reports/2027 Q1.pdf"


def stock(console: Console) -> None:
    """Files as somebody might have them, some of them handed out."""
    api, now = console.api, int(time.time())
    api.objects |= {
        "private/reports/archive/2026.zip": 48_200_000,
        "private/reports/Keynote.mp4": 183_000_000,
        "private/reports/2027 Q1.pdf": 1_250_000,
        "private/reports/2027 Q1 figures.xlsx": 86_400,
        "private/reports/Team in Lisbon.jpg": 3_410_000,
    }
    who = {"address": "203.0.113.7", "agent": "Mozilla/5.0 (Macintosh) Firefox/153.0", "edge": "eu-central-1"}
    seen = {"id": "c", "when": now - 20, "outcome": "delivered", **who}
    api.link(KEY, "used", claims=[seen], given_back=[{"id": "g", "when": now - 35}])
    api.link("private/reports/2027 Q1 figures.xlsx")
    api.share("private/reports/Team in Lisbon.jpg", downloads=2, max_downloads=5, pin=True)
    api.share("private/reports/Keynote.mp4", "locked", pin=True)
    api.link("private/reports/archive/2026.zip", "revoked", revoked_at=now - 120)
    api.link(KEY, "expired", expires_at=now - 3600)


def main() -> None:
    """Take them."""
    with chromium() as browser, Site() as site:
        console = Console(browser, site, "en-GB", {})
        stock(console)
        page = console.open("#/files/private/reports/")
        page.set_viewport_size({"width": 1100, "height": 760})
        expect(page.get_by_role("button", name="Hand out 2027 Q1.pdf")).to_be_visible()
        page.screenshot(path=FOLDER / "console-files.png")
        page.get_by_role("button", name="Hand out 2027 Q1.pdf").click()
        page.get_by_role("radio", name="By a page").check()
        page.get_by_role("button", name="Make one up").click()
        page.get_by_label("Note (optional)").fill("As promised: see page 3.")
        page.set_viewport_size({"width": 1100, "height": 960})
        page.mouse.move(0, 0)
        page.screenshot(path=FOLDER / "console-hand-out.png")
        page.get_by_role("button", name="Make the page").click()
        page.get_by_role("button", name="QR code").click()
        expect(page.get_by_role("img", name="QR code")).to_be_visible()
        page.screenshot(path=FOLDER / "console-handed-over.png")
        page.get_by_role("button", name="Done").click()
        console.api.shares.pop(0)
        page.get_by_role("link", name="Handed out").click()
        page.get_by_role("button", name="Details 2027 Q1.pdf").first.click()
        page.mouse.move(0, 0)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=FOLDER / "console-handed-out.png")
        console.close()


if __name__ == "__main__":
    main()
