"""The installed program against a local cloud."""

import json
import os
import pty
import re
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from onetime_urls.cli.downloads.share_page import size_on
from onetime_urls.cli.state import note
from onetime_urls.client import Client, Share
from tests.cli.conftest import Run
from tests.cli.program import PROGRAM, Program
from tests.client.servers import Quiet, serving
from tests.web import Deployment


def test_a_file_is_shared_fetched_once_and_then_used(run: Run, tmp_path: Path) -> None:
    content = secrets.token_bytes(100_000)
    (tmp_path / "über uns.bin").write_bytes(content)
    shared = run("share", "über uns.bin", "--note", "hello", "--json")
    assert shared.returncode == 0, shared.stderr
    made = json.loads(shared.stdout)
    assert made["url"].endswith(f"/-/{made['id']}")
    fetched = run("get", made["url"], "--output", "got.bin", "--json")
    assert fetched.returncode == 0, fetched.stderr
    told = json.loads(fetched.stdout)
    assert (told["size"], told["checked"]) == (len(content), True)
    assert (tmp_path / "got.bin").read_bytes() == content
    again = run("get", made["url"], "--output", "again.bin")
    assert (again.returncode, "used up" in again.stderr) == (4, True)
    assert not (tmp_path / "again.bin").exists()
    state = json.loads(run("status", made["id"], "--json").stdout)
    assert (state["state"], state["downloads"]) == ("used", 1)
    assert made["id"] in run("list").stdout


def test_a_pin_is_needed_and_a_wrong_one_is_told_with_the_tries_that_are_left(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("secret")
    url = run("share", "a.txt", "--pin", "-", given="2468\n").stdout.strip()
    refused = run("get", url, "-o", "b.txt")
    assert (refused.returncode, "needs a PIN" in refused.stderr) == (4, True)
    refused = run("get", url, "--pin", "-", "-o", "b.txt", given="1111\n")
    assert (refused.returncode, refused.stderr) == (4, "That PIN is wrong. 4 tries are left.\n")
    refused = run("get", url, "--pin", "1111", "-o", "b.txt")
    assert (refused.returncode, refused.stderr) == (4, "That PIN is wrong. 3 tries are left.\n")
    right = run("get", url, "--pin", "-", "-o", "b.txt", given="2468\n")
    assert (right.returncode, (tmp_path / "b.txt").read_text()) == (0, "secret")


def test_a_share_that_the_api_refuses_is_not_uploaded_for_nothing(
    run: Run, tmp_path: Path, deployment: Deployment
) -> None:
    name = f"{secrets.token_hex(8)}.txt"
    (tmp_path / name).write_text("x")
    refused = run("share", name, "--expires", "90d")
    said = "--expires must be from 1 minute to 30 days on this deployment.\n"
    assert (refused.returncode, refused.stderr) == (4, said)
    everything = deployment.s3.get_paginator("list_objects_v2")
    pages = everything.paginate(Bucket=deployment.bucket, Prefix="uploads/")
    there = {each["Key"].rpartition("/")[2] for page in pages for each in page.get("Contents", [])}
    assert name not in there


def test_a_share_and_a_link_are_named_by_their_whole_url_too(run: Run, client: Client, key: str) -> None:
    share, link = client.share(key), client.mint(key)
    assert json.loads(run("status", share.url, "--json").stdout)["id"] == share.id
    assert json.loads(run("revoke", link.url, "--json").stdout)["state"] == "revoked"


def test_where_nothing_can_be_saved_nothing_is_used_up(
    onetime: Run, tmp_path: Path, client: Client, key: str
) -> None:
    (tmp_path / "a.txt").write_text("x")
    share = client.share(key)
    refused = onetime("get", share.url, "--output", "a.txt/b.txt")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert downloads(client, share) == 0


def test_a_link_is_made_revoked_and_refused(run: Run, key: str) -> None:
    made = json.loads(run("link", key, "--expires", "10m", "--max-claims", "2", "--json").stdout)
    assert (made["max_claims"], made["expires_in"]) == (2, 600)
    assert run("get", made["url"], "--output", "once.txt").returncode == 0
    assert run("revoke", made["id"]).returncode == 0
    refused = run("get", made["url"], "--output", "twice.txt")
    assert (refused.returncode, "taken this link back" in refused.stderr) == (4, True)
    assert made["id"] in run("list", "--key", key).stdout


def test_a_file_that_is_there_is_not_replaced_unless_asked(
    onetime: Run, tmp_path: Path, client: Client, key: str
) -> None:
    url = client.share(key).url
    (tmp_path / "b.txt").write_text("old")
    kept = onetime("get", url, "--output", "b.txt")
    assert (kept.returncode, (tmp_path / "b.txt").read_text()) == (1, "old")
    assert onetime("get", url, "--output", "b.txt", "--force").returncode == 0
    assert (tmp_path / "b.txt").read_text() == "hello"


def test_what_comes_under_a_name_that_is_taken_is_saved_beside_it(
    onetime: Run, tmp_path: Path, client: Client, key: str
) -> None:
    (tmp_path / "a.txt").write_text("old")
    saved = onetime("get", client.share(key).url)
    assert (saved.returncode, "a (1).txt" in saved.stdout) == (0, True)
    assert [(tmp_path / name).read_text() for name in ("a.txt", "a (1).txt")] == ["old", "hello"]


def test_a_share_whose_answer_was_lost_is_asked_again_and_counts_once(
    onetime: Run, client: Client, key: str
) -> None:
    share = client.share(key)
    with losing(share.url) as (url, _):
        assert onetime("get", url, "--output", "b.txt").returncode == 0
    told = client.status(share.id)
    assert isinstance(told, Share)
    assert (told.downloads, len(told.history)) == (1, 1)


def test_a_download_that_one_run_lost_is_had_by_the_next(
    onetime: Run, program: Program, environment: dict[str, str], tmp_path: Path, client: Client, key: str
) -> None:
    share = client.share(key)
    with losing(share.url) as (url, lost):
        program.start(["get", url, "--output", "b.txt"], tmp_path, environment)
        assert lost.wait(30)
        os.kill(program.pid, signal.SIGTERM)
        ended = program.end()
        said = "Ended by the system. The same command tries again, and uses up nothing more.\n"
        assert (ended.returncode, ended.stderr) == (143, said)
        assert onetime("get", url, "--output", "b.txt").returncode == 0
    assert downloads(client, share) == 1
    assert list((tmp_path / "home").rglob("download-*")) == []


@contextmanager
def losing(page: str) -> Iterator[tuple[str, threading.Event]]:
    """The address of a share's page whose first answer doesn't arrive, and whether it was given."""
    lost = threading.Event()

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            answer = urllib3.request("POST", page, body=body, headers=headers, redirect=False)
            if lost.is_set():
                self.send_response(answer.status)
                self.send_header("Location", answer.headers["location"])
                self.end_headers()
            lost.set()

    with serving(Handler) as address:
        yield f"{address}{urlsplit(page).path}", lost


def downloads(client: Client, share: Share) -> int:
    """How often a share's file was downloaded by now."""
    told = client.status(share.id)
    assert isinstance(told, Share)
    return told.downloads


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("status", "nonsense"), 2, "begins like this"),
        (("status", "no"), 2, "64 hex digits"),
        (("revoke", "https://files.example.com/report.pdf?x=1"), 2, "elsewhere"),
        (("status", "0" * 64), 4, "no link with this id"),
        (("status", "-" + "a" * 21), 4, "no such share"),
        (("revoke", "--" + "a" * 20), 4, "no such share"),
        (("link", "no/such/object"), 4, "no object"),
        (("share", "missing.txt"), 2, "missing.txt"),
        (("get", "http://files.example.com/x"), 4, "https://"),
        (("get", "ftp://127.0.0.1/x"), 4, "https://"),
        (("get", "https://["), 4, "no link"),
        (("status", "https://["), 2, "64 hex digits"),
        (("get", "http://127.0.0.1:9/x"), 5, "reached"),
        (("--stack", "NoSuchStack", "--region", "us-east-1", "list"), 3, "NoSuchStack"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_status(
    run: Run, arguments: tuple[str, ...], status: int, said: str
) -> None:
    done = run(*arguments)
    assert done.returncode == status, done.stderr
    assert said.lower() in done.stderr.lower()
    assert done.stdout == ""


@pytest.mark.parametrize("status", [302, 403, 429])
def test_an_answer_that_is_not_the_pages_own_costs_no_ticket(
    onetime: Run, tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch, client: Client, key: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / ".local" / "state"))
    share = client.share(key)

    class Gateway(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            urllib3.request("POST", share.url, body=body, headers=headers, redirect=False)
            self.send_response(status)
            self.end_headers()

    path = urlsplit(share.url).path
    with serving(Gateway) as address:
        assert onetime("get", f"{address}{path}", "--output", "b.txt").returncode == 4
    [ticket] = (tmp_path / "home").rglob("download-*")
    kept = note("download", share.url)
    assert kept is not None
    ticket.rename(kept)
    assert onetime("get", share.url, "--output", "b.txt").returncode == 0
    assert downloads(client, share) == 1


def test_where_a_folder_has_the_name_the_file_is_saved_beside_it(
    onetime: Run, tmp_path: Path, client: Client, key: str
) -> None:
    (tmp_path / "a.txt").mkdir()
    saved = onetime("get", client.share(key).url, "--force")
    assert (saved.returncode, (tmp_path / "a (1).txt").read_text()) == (0, "hello")


def test_a_share_says_what_it_promises_and_prints_the_address_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(bytes(1_500_000))
    shared = run("share", "report.pdf", "--downloads", "2", "--pin", "2468")
    assert re.fullmatch(r"http://\S+/-/[\w-]{22}\n", shared.stdout)
    assert re.fullmatch(
        r"report\.pdf \(1\.5 MB\) can be downloaded twice, until \d+ \w+( \d{4})?, \d\d:\d\d, "
        r"with the PIN\.\n",
        shared.stderr,
    )
    fetched = run("get", shared.stdout.strip(), "--pin", "2468", "-o", "x.pdf")
    assert fetched.stdout == "x.pdf (1.5 MB, checksum verified)\n"


def test_a_share_s_page_says_how_large_the_file_is_before_it_is_asked_for(client: Client, key: str) -> None:
    share = client.share(key)
    assert size_on(share.url) == 5
    assert downloads(client, share) == 0


def test_a_pin_that_nobody_gives_is_asked_for_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    refused = run("share", "a.txt", "--pin", "-")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "no terminal" in refused.stderr


def test_standard_output_takes_a_download(onetime: Run, tmp_path: Path, client: Client, key: str) -> None:
    url = client.share(key).url
    fetched = onetime("get", url, "-o", "-")
    assert (fetched.returncode, fetched.stdout) == (0, "hello")
    assert fetched.stderr == "5 bytes, checksum verified\n"
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]
    assert onetime("get", url, "-o", "-", "--json").returncode == 2


def test_a_name_of_254_bytes_keeps_its_extension(run: Run, tmp_path: Path) -> None:
    name = "x" * 250 + ".pdf"
    (tmp_path / name).write_text("x")
    made = json.loads(run("share", name, "--json", "--downloads", "2").stdout)
    assert made["filename"] == name
    assert made["key"].endswith(".pdf")
    for expected in ("x" * 247 + " (1).pdf", "x" * 247 + " (2).pdf"):
        assert run("get", made["url"]).returncode == 0
        assert (tmp_path / expected).read_text() == "x"


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null", ""])
def test_a_home_that_cannot_be_written_is_done_without(
    run: Run, tmp_path: Path, environment: dict[str, str], home: str
) -> None:
    environment["HOME"] = home
    (tmp_path / "a.txt").write_text("x")
    shared = run("share", "a.txt")
    assert shared.returncode == 0, shared.stderr
    fetched = run("get", shared.stdout.strip(), "-o", "b.txt")
    assert (fetched.returncode, (tmp_path / "b.txt").read_text()) == (0, "x")


def test_what_a_list_shows_other_commands_take(run: Run, tmp_path: Path, client: Client, key: str) -> None:
    share = client.share(key)
    link = json.loads(run("link", key, "--json").stdout)
    assert json.loads(run("status", share.id[:8], "--json").stdout)["id"] == share.id
    assert json.loads(run("status", link["id"][:12], "--json").stdout)["id"] == link["id"]
    for file in (tmp_path / "home").rglob("ids-*"):
        assert file.stat().st_mode & 0o077 == 0
        file.unlink()
    unknown = run("revoke", link["id"][:12])
    assert (unknown.returncode, "--key" in unknown.stderr) == (2, True)
    revoked = run("revoke", link["id"][:12], "--key", key, "--json")
    assert json.loads(revoked.stdout)["state"] == "revoked"


def test_a_table_fits_80_columns_and_an_empty_one_says_so(
    run: Run, tmp_path: Path, environment: dict[str, str], client: Client
) -> None:
    name = "a rather long name for a file, as people give them " * 3 + ".pdf"
    (tmp_path / name).write_text("x")
    key = client.upload(tmp_path / name).key
    share, _ = client.share(key, filename=name), client.mint(key)
    for arguments, first in ((["list"], share.id[:8]), (["list", "--key", key], "")):
        shown = at_a_terminal(tmp_path, environment, *arguments)
        lines = shown.splitlines()
        assert all(len(line) <= 80 for line in lines)
        assert any(
            re.match(rf"{re.escape(first)}\S*  ready  +\d{{4}}-\d\d-\d\d \d\d:\d\d  0/1", each)
            for each in lines
        )
    assert share.id in at_a_terminal(tmp_path, environment, "list", "--wide").replace("\n", "")
    empty = run("list", "--key", "no/such/key")
    assert (empty.stdout, empty.stderr) == ("", "There are no links of this object.\n")


def test_a_qr_code_has_both_colours_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    drawn = run("share", "a.txt", "--qr")
    rows = [line for line in drawn.stderr.splitlines() if "\u2580" in line]
    assert len(rows) > 15
    for row in rows:
        assert re.fullmatch(r"(\x1b\[38;5;(16|231);48;5;(16|231)m\u2580)+\x1b\[0m", row)
    assert "\u2580" not in drawn.stdout


def at_a_terminal(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """What the program shows on a terminal of 80 columns."""
    ours, its = pty.openpty()
    its_environment = environment | {"COLUMNS": "80", "TERM": "xterm"}
    with subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, env=its_environment, stdin=its, stdout=its, stderr=its
    ) as running:
        os.close(its)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # nobody writes to it any more
                break
    os.close(ours)
    assert running.returncode == 0
    return shown.decode().replace("\r\n", "\n")


def test_what_is_no_file_is_refused_and_nobody_waits(
    run: Run, tmp_path: Path, client: Client, key: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "/dev/zero", "folder", "missing"):
        refused = run("share", name)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    share = client.share(key)
    for output in ("pipe", "/dev/null"):
        refused = run("get", share.url, "--force", "-o", output)
        assert (refused.returncode, "-o -" in refused.stderr) == (2, True)
    assert downloads(client, share) == 0


def test_a_name_that_is_no_text_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.txt")
    (tmp_path / name).write_text("x")
    for arguments in (["share", name], ["link", name], ["list", "--key", name]):
        refused = run(*arguments)
        assert (refused.returncode, "UTF-8" in refused.stderr) == (2, True)
    assert run("status", name).returncode == 2


def test_a_file_is_uploaded_into_a_folder_listed_and_linked(run: Run, tmp_path: Path) -> None:
    folder = f"private/{secrets.token_hex(4)}/"
    (tmp_path / "a.txt").write_text("x")
    key = run("upload", "a.txt", "--folder", folder).stdout.strip()
    assert key == f"{folder}a.txt"
    taken = run("upload", "a.txt", "--folder", folder)
    said = "There is a file of that name already, and nothing is overwritten.\n"
    assert (taken.returncode, taken.stderr) == (4, said)
    wrong = run("upload", "a.txt", "--folder", "reports/")
    assert (wrong.returncode, wrong.stderr.startswith("--folder must be one of ")) == (4, True)
    listed = json.loads(run("ls", folder, "--json").stdout)
    assert (listed["folders"], [each["key"] for each in listed["objects"]]) == ([], [key])
    assert key in run("ls", folder, "--flat").stdout
    assert folder in run("ls", "private/").stdout
    assert run("ls", f"{folder}none").stdout == ""
    made = json.loads(run("link", key, "--json").stdout)
    for arguments in ((key,), ("--key", key), ("--links",)):
        assert made["id"] in run("list", *arguments).stdout
    both = run("list", key, "--links")
    assert (both.returncode, both.stderr.count("\n")) == (2, 1)
