"""A real Chromium for tests, where there is one: Debian's `chromium`, or the one that CHROMIUM names."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

STARTER = Path(__file__).parent / "chromium"


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A headless browser. The test is skipped on a machine without one."""
    with sync_playwright() as playwright:
        browser = launch(playwright, *arguments)
        yield browser
        browser.close()


def launch(playwright: Playwright, *arguments: str, display: str | None = None) -> Browser:
    """A browser with windows on a display, or without any."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here: install Debian's chromium, or name one with CHROMIUM=")
    # Chromium's own sandbox can't be set up by root, which is who runs in most containers.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(
        executable_path=STARTER,
        headless=not display,
        args=[*sandbox, *arguments],
        env={**os.environ, "CHROMIUM": program, **({"DISPLAY": display} if display else {})},
    )
