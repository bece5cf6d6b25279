"""A real window for real browsers: a virtual X display of this run's own, and a look at what it shows.

Headless Chromium paints no PDF and plays by other rules, so what a person would see needs a display. All
of it is Debian's `xvfb`, `chromium` and `firefox-esr`; what needs one that isn't there is skipped.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Error, Playwright

from tests.browser import launch

WIDTH, HEIGHT, SCALE = 800, 600, 4
PATIENCE = 30
"""Seconds until a window must show what it is going to show."""


class Window(Protocol):
    """One browser's window."""

    def open(self, url: str) -> None:
        """Go to an address; it may turn out to be a download."""

    def run(self, script: str) -> Any:
        """What a function body in JavaScript returns, in the page that is open."""


def told(window: Window, script: str) -> Any:
    """What a script tells of the page; None while there is none, between one and the next."""
    try:
        return window.run(script)
    except (AssertionError, Error):
        return None


class Display:
    """An X display, whose server keeps what it shows in a file."""

    def __init__(self, name: str, framebuffer: Path) -> None:
        self.name, self._framebuffer = name, framebuffer

    def pixels(self, wanted: Callable[[int, int, int], bool]) -> int:
        """How many pixels have a wanted colour now, of every `SCALE`th in every `SCALE`th line."""
        shown = self._framebuffer.read_bytes()[-4 * WIDTH * HEIGHT :]  # blue, green, red, nothing
        lines = (shown[4 * WIDTH * line :][: 4 * WIDTH] for line in range(0, HEIGHT, SCALE))
        step = 4 * SCALE
        return sum(sum(map(wanted, line[2::step], line[1::step], line[::step])) for line in lines)


def until(shown: Callable[[], bool]) -> bool:
    """Whether something comes true while a person would still look."""
    end, pause = time.monotonic() + PATIENCE, 0.01
    while not shown():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(2 * pause, 0.2)
    return True


@contextmanager
def display() -> Iterator[Display]:
    """A virtual display, for as long as the context lasts."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb here: install Debian's xvfb")
    ours, theirs = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
        command += ["-nolisten", "tcp", "-fbdir", folder]
        with subprocess.Popen(command, pass_fds=(theirs,), stderr=subprocess.DEVNULL) as server:
            os.close(theirs)
            with os.fdopen(ours) as told:
                yield Display(f":{int(told.readline())}", Path(folder) / "Xvfb_screen0")
            server.terminate()


class _Chromium:
    def __init__(self, page: Any) -> None:
        self._page = page

    def open(self, url: str) -> None:
        with suppress(Error):  # a download ends the navigation
            self._page.goto(url, wait_until="commit")

    def run(self, script: str) -> Any:
        return self._page.evaluate(f"() => {{ {script} }}")


@contextmanager
def chromium_window(playwright: Playwright, shown_on: Display) -> Iterator[Window]:
    """A window of Chromium that fills the display."""
    browser = launch(
        playwright,
        "--ignore-certificate-errors",
        "--window-position=0,0",
        f"--window-size={WIDTH},{HEIGHT}",
        "--disable-gpu",
        display=shown_on.name,
    )
    page = browser.new_context(no_viewport=True).new_page()
    yield _Chromium(page)
    browser.close()


class Firefox:
    """Speaks Marionette, Firefox's own protocol for remote control: JSON behind its length."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._read()  # its greeting
        self._ask("WebDriver:NewSession", {"pageLoadStrategy": "none", "acceptInsecureCerts": True})

    def open(self, url: str) -> None:
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        return self._ask("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]

    def downloads(self, url: str) -> list[str]:
        """What became of each download of an address: `failed`, `whole` or `under way`."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        told: list[str] = self.run(
            "const { Downloads } = ChromeUtils.importESModule('resource://gre/modules/Downloads.sys.mjs');"
            "return Downloads.getList(Downloads.ALL).then(list => list.getAll()).then(all => all"
            f"    .filter(each => each.source.url === {json.dumps(url)})"
            "    .map(each => each.error ? 'failed' : each.succeeded ? 'whole' : 'under way'))"
        )
        self._ask("Marionette:SetContext", {"value": "content"})
        return told

    def close(self) -> None:
        self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._file.close()
        self._socket.close()

    def _ask(self, command: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            byte = self._file.read(1)
            assert byte, "Firefox has gone"
            length += byte
        return json.loads(self._file.read(int(length[:-1])))


@contextmanager
def firefox_window(shown_on: Display | None) -> Iterator["Firefox"]:
    """A window of Firefox that fills the display, or that nobody sees, in a profile of its own."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox here: install Debian's firefox-esr")
    with tempfile.TemporaryDirectory() as profile, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        wanted = {"marionette.port": port, "datareporting.policy.dataSubmissionEnabled": False}
        wanted |= {"browser.shell.checkDefaultBrowser": False, "app.update.enabled": False}
        wanted |= {"intl.accept_languages": "en"}
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in wanted.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines))
        environment = {
            **os.environ,
            "DISPLAY": shown_on.name if shown_on else "",
            "HOME": profile,
            "MOZ_CRASHREPORTER_DISABLE": "1",
        }
        command = [
            program,
            *([] if shown_on else ["--headless"]),
            "--marionette",
            "--remote-allow-system-access",
            "--profile",
            profile,
            "--no-remote",
            "--width",
            str(WIDTH),
            "--height",
            str(HEIGHT),
            "about:blank",
        ]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            assert until(lambda: _listens(port)), "Firefox doesn't start"
            window = Firefox(port)
            yield window
            window.close()
            process.wait(PATIENCE)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
