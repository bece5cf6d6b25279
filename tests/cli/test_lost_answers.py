"""Downloads from servers that don't answer, stop answering, or aren't trusted."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path

import pytest

from onetime_urls.cli.downloads.fetch import fetch
from onetime_urls.cli.downloads.share_page import link_from
from onetime_urls.cli.downloads.unfinished import Unfinished
from onetime_urls.cli.downloads.web import PAUSES, Unreached
from onetime_urls.cli.failures import Failure
from onetime_urls.protocol.contract.headers import LINK_STATUS_HEADER
from onetime_urls.protocol.links.reasons import STORAGE, UNAVAILABLE, Reason
from tests.cli.conftest import Run
from tests.cli.program import Program
from tests.client.servers import Quiet, serving
from tests.front import tls_front


def test_a_share_that_nobody_answers_for_uses_nothing_up_and_leaves_nothing(
    onetime: Run, tmp_path: Path
) -> None:
    done = onetime("get", f"http://127.0.0.1:9/-/{'x' * 22}")
    assert (done.returncode, done.stderr) == (5, "The link's server can't be reached. Nothing was used up.\n")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_an_answer_that_goes_on_being_lost_is_asked_for_again_with_the_same_ticket_and_not_for_ever() -> None:
    asked: list[bytes] = []

    class Lost(Quiet):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["content-length"])))

    with serving(Lost) as address, pytest.raises(Unreached) as unreached:
        link_from(f"{address}/-/{'x' * 22}", "y" * 22, lambda _: "", pauses=[0] * len(PAUSES))
    assert unreached.value.sent
    assert asked == [b"ticket=" + b"y" * 22] * 5


def test_a_page_that_answered_may_have_counted_a_download_though_it_is_gone_now() -> None:
    class Page(Quiet):
        def do_POST(self) -> None:
            self.server.server_close()
            self.send_response(503)
            self.send_header("x-share-status", "unavailable")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}/-/{'x' * 22}"
        with pytest.raises(Unreached) as unreached:
            link_from(url, "y" * 22, lambda _: "", pauses=[0] * len(PAUSES))
    assert unreached.value.sent


@pytest.mark.parametrize("path", ["x", f"-/{'x' * 22}"])
def test_a_server_that_is_not_trusted_is_asked_for_nothing_and_that_is_said_at_once(
    onetime: Run, tmp_path: Path, path: str
) -> None:
    with tls_front("http://127.0.0.1:9", tmp_path) as front:
        done = onetime("get", front.url(f"http://127.0.0.1:9/{path}"))
    said = "The link's server isn't trusted: self-signed certificate. Nothing was used up.\n"
    assert (done.returncode, done.stderr) == (5, said)
    assert front.requests == []


@pytest.mark.parametrize(
    ("number", "what"), [(signal.SIGINT, "Interrupted."), (signal.SIGTERM, "Ended by the system.")]
)
def test_a_run_that_is_ended_while_a_link_is_claimed_does_not_say_that_nothing_was_used_up(
    program: Program, tmp_path: Path, environment: dict[str, str], number: int, what: str
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Silent(Quiet):
        def do_GET(self) -> None:
            asked.set()
            go_on.wait(30)

    with serving(Silent) as address:
        program.start(["get", f"{address}/x"], tmp_path, environment)
        try:
            assert asked.wait(30)
            os.kill(program.pid, number)
            done = program.end()
        finally:
            go_on.set()
    said = f"{what} Whether it was used up isn't known: try again.\n"
    assert (done.returncode, done.stderr) == (128 + number, said)


def test_an_error_on_the_way_to_the_file_does_not_say_that_nothing_was_used_up(onetime: Run) -> None:
    """CloudFront's own, where S3 can't be reached: the link is claimed, and no guard is asked any more."""

    class Gateway(Quiet):
        def do_GET(self) -> None:
            self.send_response(504)
            self.end_headers()

    with serving(Gateway) as address:
        done = onetime("get", f"{address}/x")
    said = "The server answered 504. Whether it was used up isn't known: try again.\n"
    assert (done.returncode, done.stderr) == (5, said)


@pytest.mark.parametrize("reason", [STORAGE, UNAVAILABLE])
def test_what_the_guard_says_became_of_a_link_is_all_that_is_said(onetime: Run, reason: Reason) -> None:
    said = f"{reason.happened} {reason.advice}\n"

    class Guard(Quiet):
        def do_GET(self) -> None:
            self.send_response(reason.status)
            self.send_header(LINK_STATUS_HEADER, reason.code)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(said.encode())

    with serving(Guard) as address:
        done = onetime("get", f"{address}/x")
    assert (done.returncode, done.stderr) == (5, said)


@contextmanager
def patchy() -> Iterator[tuple[str, list[str]]]:
    """A link whose download breaks off, and then isn't there, and then isn't well."""
    asked: list[str] = []

    class Patchy(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.headers.get("range", ""))
            self.close_connection = True
            if len(asked) == 2:
                return
            self.send_response({1: 200, 3: 503}.get(len(asked), 206))
            self.send_header("Content-Length", "10" if len(asked) == 1 else "5")
            self.send_header("Set-Cookie", "onetime-lease=x; Path=/")
            self.send_header("Content-Range", "bytes 5-9/10")
            self.end_headers()
            self.wfile.write(b"01234" if len(asked) == 1 else b"56789")

    with serving(Patchy) as address:
        yield f"{address}/x", asked


@pytest.mark.parametrize("output", ["x.bin", "-"])
def test_a_download_that_breaks_off_goes_on_after_answers_that_are_none(
    onetime: Run, tmp_path: Path, output: str
) -> None:
    with patchy() as (url, asked):
        done = onetime("get", url, "--output", output)
    assert done.returncode == 0
    assert (done.stdout if output == "-" else (tmp_path / "x.bin").read_text()) == "0123456789"
    assert asked == ["", *["bytes=5-"] * 3]


class Memory:
    """Keeps what is downloaded."""

    at = 0

    def write(self, data: bytes) -> None:
        self.at += len(data)


def test_a_download_that_goes_on_breaking_off_is_not_asked_for_for_ever() -> None:
    asked: list[str] = []

    class Breaking(Quiet):
        def do_GET(self) -> None:
            asked.append(self.headers["range"])
            first = int(self.headers["range"].removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Length", str(10 - first))
            self.send_header("Content-Range", f"bytes {first}-9/10")
            self.end_headers()
            self.wfile.write(b"x" if len(asked) == 2 else b"")

    with serving(Breaking) as address:
        unfinished = Unfinished(link=f"{address}/x", size=10, ends=2**33)
        with pytest.raises(Failure, match="went on breaking off"):
            fetch(None, unfinished, Memory(), lambda *_: None, pauses=[0] * len(PAUSES))
    assert asked == ["bytes=0-"] * 2 + ["bytes=1-"] * 5
