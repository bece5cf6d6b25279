"""How soon the console is there for somebody with a slow phone on a slow network, who has never opened it.

Chromium is held to a quarter of the processor and to a "fast 3G" network as Lighthouse has it: 1.6 Mbit/s
down, 0.75 Mbit/s up, 150 ms before each answer. Nothing is in its cache. The first paint is the first
contentful one, as browsers tell it; the view is there when its heading is painted.
"""

from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from local_cloud.cloud import LocalCloud
from tests.browser import chromium

CPU_SLOWDOWN = 4
FAST_3G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SAMPLES = 5

_WATCH = """
    window.view = new Promise(resolve => {
        new MutationObserver((_, observer) => {
            if (!document.querySelector('main h1')) return;
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
        }).observe(document, {childList: true, subtree: true});
    });
    window.painted = new Promise(resolve => {
        new PerformanceObserver(list => {
            const first = list.getEntriesByName('first-contentful-paint')[0];
            if (first) resolve(first.startTime);
        }).observe({type: 'paint', buffered: true});
    });
"""
_TELL = """
    async () => ({
        view: await window.view,
        paint: await window.painted,
        bytes: performance.getEntriesByType('resource').filter(each => /\\.js$/.test(each.name))
            .reduce((sum, each) => sum + each.encodedBodySize, 0),
    })
"""


@dataclass(frozen=True)
class Opening:
    """What it takes to open the console.

    Attributes:
        paint, view: milliseconds from the request for the page to its first paint, and to its view.
        bytes: of scripts, as they were sent.
    """

    paint: float
    view: float
    bytes: int


def measure_console(cloud: LocalCloud) -> Opening:
    """Open a cloud's console, and again in new browsers."""
    with chromium() as browser:
        opened = [_open(browser, cloud.outputs["ConsoleUrl"]) for _ in range(SAMPLES + 1)][1:]
    return Opening(
        paint=median(each["paint"] for each in opened),
        view=median(each["view"] for each in opened),
        bytes=opened[0]["bytes"],
    )


def _open(browser: Browser, url: str) -> dict[str, Any]:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", FAST_3G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        page.goto(f"{url}/", wait_until="load")
        told: dict[str, Any] = page.evaluate(_TELL)
        return told
