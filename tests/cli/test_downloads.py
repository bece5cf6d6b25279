"""Downloads from servers that break off, lie and never end, to places that take no more."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest

from onetime_urls.cli.downloads.unfinished import Unfinished
from onetime_urls.cli.failures import Ended
from onetime_urls.cli.main import Ending
from tests.cli.conftest import Run
from tests.cli.program import PROGRAM, Done, Program
from tests.client.servers import Quiet, serving

CONTENT = bytes(range(256)) * 4000


class Link(Quiet):
    """A resumable link: its first answer stops half-way, until it is told to break off."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, str]]]
    half_sent: ClassVar[threading.Event]
    go_on: ClassVar[threading.Event]
    lasts: ClassVar[int] = 900
    refusal: ClassVar[str] = ""

    def do_GET(self) -> None:
        self.close_connection = True
        wanted = self.headers.get("range", "")
        self.asked.append((wanted, self.headers.get("cookie", "")))
        if wanted and self.refusal:
            self.send_response(403)
            self.send_header("x-link-status", self.refusal)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"Over.")
            return
        first = int(wanted.removeprefix("bytes=").rstrip("-") or 0)
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(CONTENT) - first))
        self.send_header("x-amz-meta-sha256", hashlib.sha256(CONTENT).hexdigest())
        self.send_header("Content-Disposition", 'attachment; filename="report.bin"')
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{len(CONTENT) - 1}/{len(CONTENT)}")
        elif self.lasts:
            self.send_header(
                "Set-Cookie", f"onetime-lease=secret; Max-Age={self.lasts}; Path=/x; Secure; HttpOnly"
            )
        self.end_headers()
        if wanted:
            self.wfile.write(CONTENT[first:])
            return
        self.wfile.write(CONTENT[: len(CONTENT) // 2])
        self.wfile.flush()
        self.half_sent.set()
        self.go_on.wait(30)


@pytest.fixture
def link() -> Iterator[tuple[str, type[Link]]]:
    class Fresh(Link):
        asked: ClassVar[list[tuple[str, str]]] = []
        half_sent: ClassVar[threading.Event] = threading.Event()
        go_on: ClassVar[threading.Event] = threading.Event()

    with serving(Fresh) as address:
        try:
            yield f"{address}/x", Fresh
        finally:
            Fresh.go_on.set()


Interrupted = Callable[..., Done]


@pytest.fixture
def interrupted(
    program: Program, tmp_path: Path, environment: dict[str, str], link: tuple[str, type[Link]]
) -> Interrupted:
    """Ends a download by a signal, or by so many, once it has half of the file."""
    url, server = link

    def run(number: int, times: int = 1) -> Done:
        program.start(["get", url], tmp_path, environment)
        assert server.half_sent.wait(30)
        until(lambda: sum(each.stat().st_size for each in tmp_path.glob(".onetime-*")) > 0)
        with suppress(ProcessLookupError):
            for _ in range(times):
                os.kill(program.pid, number)
        return program.end()

    return run


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + 30
    while not true():
        assert time.monotonic() < ends
        threading.Event().wait(0.01)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_ended_download_keeps_its_file_and_lease_and_the_same_command_goes_on(
    onetime: Run,
    interrupted: Interrupted,
    tmp_path: Path,
    link: tuple[str, type[Link]],
    number: int,
    status: int,
) -> None:
    url, server = link
    ended = interrupted(number)
    assert (ended.returncode, "the same command goes on" in ended.stderr) == (status, True), ended.stderr
    [partial], [kept] = tmp_path.glob(".onetime-*.part"), (tmp_path / "home").rglob("download-*")
    for path in (partial, kept):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    had = partial.stat().st_size
    done = onetime("get", url)
    assert (done.returncode, "checksum verified" in done.stdout) == (0, True), done.stderr
    assert (tmp_path / "report.bin").read_bytes() == CONTENT
    assert server.asked == [("", ""), (f"bytes={had}-", "onetime-lease=secret")]
    assert list(tmp_path.glob(".onetime-*")) == []
    assert [each for each in (tmp_path / "home").rglob("*") if each.is_file()] == []


def test_a_download_goes_on_in_another_folder(
    onetime: Run, interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]]
) -> None:
    url, _ = link
    interrupted(signal.SIGTERM)
    assert onetime("get", url, "-o", "elsewhere/").returncode == 0
    assert (tmp_path / "elsewhere" / "report.bin").read_bytes() == CONTENT
    assert list(tmp_path.glob(".onetime-*")) == []


def test_what_is_kept_goes_to_standard_output_too(
    onetime: Run, interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]]
) -> None:
    url, server = link
    interrupted(signal.SIGTERM)
    done = onetime("get", url, "-o", "-")
    assert (done.returncode, done.output == CONTENT) == (0, True)
    assert server.asked[1][0].startswith("bytes=")
    assert list(tmp_path.glob(".onetime-*")) == []


def test_a_place_that_cannot_be_written_costs_no_kept_download(
    onetime: Run, interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]]
) -> None:
    url, _ = link
    interrupted(signal.SIGTERM)
    for output in ("/proc/x", "/dev/null/x", "/sys/x"):
        assert onetime("get", url, "-o", output).returncode in (1, 2)
    assert onetime("get", url).returncode == 0
    assert (tmp_path / "report.bin").read_bytes() == CONTENT


def test_a_ticket_that_was_used_outlives_a_run_that_asks_nothing(onetime: Run, tmp_path: Path) -> None:
    tickets: list[bytes] = []
    room = [True]

    class Page(Quiet):
        def do_GET(self) -> None:
            body = json.dumps({"size": 1 if room[0] else 10**17}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            tickets.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(429)
            self.end_headers()

    with serving(Page) as address:
        url = f"{address}/-/{'x' * 22}"
        assert onetime("get", url).returncode == 4
        room[0] = False
        assert "no room" in onetime("get", url).stderr
        room[0] = True
        assert onetime("get", url).returncode == 4
    assert len(tickets) == 2
    assert tickets[0] == tickets[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_where_a_link_lets_nobody_go_on_nothing_is_left_behind(
    interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]], number: int
) -> None:
    link[1].lasts = 0
    assert "can't be gone on with" in interrupted(number).stderr
    assert list(tmp_path.glob(".onetime-*")) == []
    assert [each for each in (tmp_path / "home").rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_burst_of_signals_does_not_disturb_the_cleaning_up(
    interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]], number: int
) -> None:
    link[1].lasts = 0
    done = interrupted(number, times=200)
    assert (done.returncode, "can't be gone on with" in done.stderr) == (128 + number, True)
    assert list(tmp_path.glob(".onetime-*")) == []


def test_of_a_burst_of_signals_the_first_counts() -> None:
    end = Ending()
    with pytest.raises(Ended):
        end(signal.SIGTERM, None)
    end(signal.SIGTERM, None)
    end(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        Ending()(signal.SIGINT, None)


def test_without_a_home_an_ended_download_says_why_it_cannot_go_on(
    interrupted: Interrupted, tmp_path: Path, environment: dict[str, str]
) -> None:
    environment["HOME"] = "/dev/null"
    assert "home" in interrupted(signal.SIGTERM).stderr
    assert list(tmp_path.glob(".onetime-*")) == []


def test_a_lease_that_the_link_ends_is_dropped_with_its_file(
    onetime: Run, interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]]
) -> None:
    url, server = link
    interrupted(signal.SIGTERM)
    server.refusal = "resume"
    done = onetime("get", url)
    assert (done.returncode, done.stderr) == (4, "Over.\n")
    assert list(tmp_path.glob(".onetime-*")) == []
    assert list((tmp_path / "home").rglob("download-*")) == []


def test_a_lease_that_has_ended_is_dropped_by_the_next_download_of_anything(
    onetime: Run, interrupted: Interrupted, tmp_path: Path
) -> None:
    interrupted(signal.SIGTERM)
    [kept] = (tmp_path / "home").rglob("download-*")
    noted = json.loads(kept.read_text())
    kept.write_text(json.dumps(noted | {"ends": int(time.time()) - 1}))
    onetime("get", "http://127.0.0.1:9/other")
    assert list(tmp_path.glob(".onetime-*")) == []
    assert not kept.exists()


def test_two_runs_of_one_download_do_not_mix(
    onetime: Run, tmp_path: Path, environment: dict[str, str], link: tuple[str, type[Link]]
) -> None:
    url, server = link
    first = subprocess.Popen([PROGRAM, "get", url], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    assert server.half_sent.wait(30)
    second = onetime("get", url)
    assert (second.returncode, "busy" in second.stderr) == (1, True)
    server.go_on.set()
    assert first.wait(30) == 0
    assert (tmp_path / "report.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "noted",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({"ticket": "x"}),
        json.dumps(dict.fromkeys(("ticket", "link", "lease", "partial", "disposition", "checksum"), 7)),
    ],
)
def test_a_note_that_is_none_counts_as_none(tmp_path: Path, noted: str) -> None:
    kept = tmp_path / "download-x"
    kept.write_text(noted)
    assert Unfinished.read(kept).link == ""


def test_a_note_deletes_nothing_but_unfinished_downloads(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.tex"
    precious.write_text("x")
    Unfinished(partial=str(precious)).drop(None)
    assert precious.exists()


def test_a_disk_that_is_too_small_is_noticed_before_anything_is_used_up(onetime: Run, tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(Quiet):
        def do_GET(self) -> None:
            asked.append(self.path)

    with serving(Server) as address:
        done = onetime("get", f"{address}/x?x-link-size={10**17}")
    assert (done.returncode, asked) == (1, [])
    assert done.stderr.startswith("There is no room: the download needs 100000 TB, and . has ")
    assert done.stderr.endswith("Nothing was used up.\n")


def test_a_share_is_not_asked_for_what_there_is_no_room_for(onetime: Run) -> None:
    asked: list[str] = []

    class Page(Quiet):
        def do_GET(self) -> None:
            asked.append(self.headers.get("accept", ""))
            body = json.dumps({"size": 10**17}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Page) as address:
        done = onetime("get", f"{address}/-/{'x' * 22}")
    assert (done.returncode, asked) == (1, ["application/json"])
    assert "Nothing was used up." in done.stderr


def test_a_full_disk_keeps_what_there_is_and_says_which_command_goes_on(
    onetime: Run, tmp_path: Path, environment: dict[str, str], link: tuple[str, type[Link]]
) -> None:
    url, server = link
    server.go_on.set()
    limited = (
        f"ulimit -f 200; trap '' XFSZ; exec {PROGRAM} get {url}"  # blocks of 1 KiB: EFBIG, as a full disk
    )
    done = subprocess.run(
        ["bash", "-c", limited],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "205 kB of 1.0 MB are kept: the same command goes on with them until " in done.stderr
    assert onetime("get", url).returncode == 0
    assert (tmp_path / "report.bin").read_bytes() == CONTENT


def test_a_body_without_a_length_is_not_taken(onetime: Run, tmp_path: Path) -> None:
    class Endless(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while True:
                try:
                    self.wfile.write(b"10000\r\n" + bytes(65536) + b"\r\n")
                except OSError:
                    return

    with serving(Endless) as address:
        done = onetime("get", f"{address}/x", "--output", "x.bin")
    assert (done.returncode, "how long" in done.stderr) == (4, True)
    assert set(tmp_path.iterdir()) <= {tmp_path / "home"}


@pytest.mark.parametrize("size", ["9" * 19, "9" * 400])
def test_a_length_that_no_file_has_is_not_taken(onetime: Run, tmp_path: Path, size: str) -> None:
    class Server(Quiet):
        def do_GET(self) -> None:
            body = f'{{"size": {size}}}'.encode() if self.path.startswith("/-/") else b""
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)) if body else size)
            self.end_headers()
            self.wfile.write(body)

    with serving(Server) as address:
        done = onetime("get", f"{address}/x")
        assert (done.returncode, "how long" in done.stderr) == (4, True)
        assert onetime("get", f"{address}/-/{'x' * 22}").stderr != ""
    assert list(tmp_path.glob(".onetime-*")) == []


def test_no_more_is_taken_than_was_announced(onetime: Run, tmp_path: Path) -> None:
    class Endless(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            while True:
                try:
                    self.wfile.write(b"0123456789" * 10_000)
                except OSError:
                    return

    with serving(Endless) as address:
        done = onetime("get", f"{address}/x", "--output", "x.bin")
    assert (done.returncode, (tmp_path / "x.bin").read_bytes()) == (0, b"0123456789")


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.2:8080\\@127.0.0.1/x",
        "http://127.0.0.1\\.example.com/x",
        "http://127.0.0.1@192.0.2.2/x",
        "HTTP://192.0.2.2/x",
        "http://files.example.com/x",
        "https://files.example.com\\@127.0.0.1/x",
        "ftp://127.0.0.1/x",
        "//127.0.0.1/x",
        "https://[",
    ],
)
def test_an_address_that_can_be_read_two_ways_is_not_asked(onetime: Run, url: str) -> None:
    done = onetime("get", url)
    assert (done.returncode, done.stderr.startswith("That is no link: ")) == (4, True)


@pytest.mark.parametrize(
    "location",
    [
        "http://192.0.2.2:8080\\@127.0.0.1/x",
        "HTTP://192.0.2.2/x",
        "http://192.0.2.2/x",
        "//192.0.2.2/x",
        "/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_share_leads_to_nothing_but_a_link(onetime: Run, location: str) -> None:
    class Page(Quiet):
        def do_POST(self) -> None:
            self.send_response(303)
            self.send_header("Location", location)
            self.end_headers()

    with serving(Page) as address:
        done = onetime("get", f"{address}/-/{'x' * 22}")
    assert (done.returncode, done.stderr) == (4, "The share hands out no link.\n")


@pytest.mark.parametrize("pin", [" ", "2468"])
def test_a_pin_that_the_page_goes_on_missing_is_said_to_be_none(onetime: Run, pin: str) -> None:
    class Page(Quiet):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            self.send_response(403)
            self.send_header("x-share-status", "pin-missing")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serving(Page) as address:
        refused = onetime("get", f"{address}/-/{'x' * 22}", "--pin", pin)
    assert (refused.returncode, refused.stderr) == (4, "The page doesn't take this for a PIN.\n")


def test_what_a_server_says_moves_no_cursor(onetime: Run) -> None:
    class Server(Quiet):
        def do_GET(self) -> None:
            body = "\x1b[2J\x1b]0;evil\x07No.\u202e\n\rMore.".encode()
            self.send_response(403)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Server) as address:
        done = onetime("get", f"{address}/x")
    assert done.stderr == "\ufffd[2J\ufffd]0;evil\ufffdNo.\ufffd More.\n"


def test_a_reader_that_goes_away_is_no_traceback(
    tmp_path: Path, environment: dict[str, str], link: tuple[str, type[Link]]
) -> None:
    url, server = link
    server.go_on.set()
    piped = f"{PROGRAM} get {url} -o - | head -c 10 > first; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", piped],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (tmp_path / "first").read_bytes() == CONTENT[:10]
    assert (done.returncode, "Traceback" in done.stderr, "reads any more" in done.stderr) == (1, False, True)


@pytest.mark.parametrize("wrong", ["whole", "elsewhere", "longer"])
def test_a_part_is_not_taken_for_what_was_asked_for(onetime: Run, tmp_path: Path, wrong: str) -> None:
    class Liar(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            first = "range" not in self.headers
            self.send_response(206 if wrong == "whole" or not first else 200)
            self.send_header("Content-Length", "10" if first else "5")
            self.send_header("Set-Cookie", "onetime-lease=x; Max-Age=900; Path=/")
            self.send_header("Content-Range", "bytes 5-9/11" if wrong == "longer" else "bytes 0-4/10")
            self.end_headers()
            self.wfile.write(b"01234")
            self.close_connection = True

    with serving(Liar) as address:
        done = onetime("get", f"{address}/x", "--output", "x.bin")
    assert (done.returncode, "206" in done.stderr) == (4, True)
    assert not (tmp_path / "x.bin").exists()


@pytest.mark.parametrize(("name", "value"), [("Transfer-Encoding", "chunked"), ("Content-Length", "999")])
def test_a_rest_that_is_not_as_long_as_it_must_be_is_not_taken(
    onetime: Run, tmp_path: Path, name: str, value: str
) -> None:
    asked: list[str] = []

    class Endless(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.headers.get("range", ""))
            self.close_connection = True
            self.send_response(200 if len(asked) == 1 else 206)
            if len(asked) == 2:
                self.send_header(name, value)
            else:
                self.send_header("Content-Length", "10" if len(asked) == 1 else "5")
            self.send_header("Set-Cookie", "onetime-lease=x; Path=/")
            self.send_header("Content-Range", "bytes 5-9/10")
            self.end_headers()
            self.wfile.write({1: b"01234", 2: b"5\r\nwrong\r\n0\r\n\r\n"}.get(len(asked), b"56789"))

    with serving(Endless) as address:
        assert onetime("get", f"{address}/x", "--output", "x.bin").returncode == 0
    assert (tmp_path / "x.bin").read_text() == "0123456789"
    assert asked == ["", "bytes=5-", "bytes=5-"]


def test_no_lease_lasts_longer_than_s3_lets_any_link_live(
    interrupted: Interrupted, tmp_path: Path, link: tuple[str, type[Link]]
) -> None:
    link[1].lasts = 10**17
    ended = interrupted(signal.SIGTERM)
    assert (ended.returncode, "the same command goes on" in ended.stderr) == (143, True), ended.stderr
    [kept] = (tmp_path / "home").rglob("download-*")
    assert json.loads(kept.read_text())["ends"] <= time.time() + 7 * 86_400


def test_a_damaged_file_is_not_left_behind(onetime: Run, tmp_path: Path) -> None:
    class Liar(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "3")
            self.send_header("x-amz-meta-sha256", "0" * 64)
            self.end_headers()
            self.wfile.write(b"bad")

    with serving(Liar) as address:
        for output in ("x.bin", "-"):
            done = onetime("get", f"{address}/x", "--output", output)
            assert (done.returncode, "damaged" in done.stderr) == (6, True)
    assert set(tmp_path.iterdir()) <= {tmp_path / "home"}
    assert [each.name for each in (tmp_path / "home").iterdir()] == [".local"]
