"""The console in a browser: as it is published, with an API that a test makes up, and watched all along."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.console.fake_bucket import PartServer
from tests.console.pages import Console
from tests.console.site import Site

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def part_server() -> Iterator[PartServer]:
    with PartServer() as started:
        yield started


@pytest.fixture(scope="package")
def site(part_server: PartServer) -> Iterator[Site]:
    with Site(part_server.url) as served:
        yield served


@pytest.fixture
def open_console(browser: Browser, site: Site) -> Iterator[Callable[..., Console]]:
    """Opens consoles, and sees to it that none of them did what none may do."""
    opened: list[Console] = []

    def open_one(language: str = "en-GB", **config: object) -> Console:
        opened.append(Console(browser, site, language, config))
        return opened[-1]

    yield open_one
    for console in opened:
        console.close()
        assert console.amiss == []


@pytest.fixture
def console(open_console: Callable[..., Console]) -> Console:
    """One without sign-in, in English."""
    return open_console()
