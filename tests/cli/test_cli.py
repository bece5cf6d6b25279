"""The installed program against a local cloud."""

import json
import os
import pty
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from onetime_urls.cli.downloads.share_page import TRIES, size_on
from onetime_urls.cli.state import note
from tests.cli.conftest import PROGRAM, Run
from tests.client.servers import Quiet, serving
from tests.shared_cloud import Running
from tests.web import Deployment as Here


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


def test_a_pin_is_needed_and_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    url = run("share", "a.txt", "--pin", "2468", "--downloads", "2").stdout.strip()
    for given, said in (((), "needs a PIN"), (("--pin", "1111"), "PIN is wrong")):
        refused = run("get", url, *given, "--output", "b.txt")
        assert (refused.returncode, said in refused.stderr) == (4, True)
    right = run("get", url, "--pin", "2468", "--output", "b.txt")
    assert (right.returncode, (tmp_path / "b.txt").read_text()) == (0, "secret")


def test_a_share_that_the_api_refuses_is_not_uploaded_for_nothing(
    run: Run, tmp_path: Path, local_cloud: Running
) -> None:
    (tmp_path / "a.txt").write_text("x")
    here = Here.from_outputs(local_cloud.outputs)
    before = here.s3.list_objects_v2(Bucket=here.bucket, Prefix="uploads/")["KeyCount"]
    refused = run("share", "a.txt", "--expires", "90d")
    said = "--expires must be from 1 minute to 30 days on this deployment.\n"
    assert (refused.returncode, refused.stderr) == (4, said)
    assert here.s3.list_objects_v2(Bucket=here.bucket, Prefix="uploads/")["KeyCount"] == before


def test_a_share_and_a_link_are_named_by_their_whole_url_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    assert json.loads(run("status", made["url"], "--json").stdout)["id"] == made["id"]
    link = json.loads(run("link", made["key"], "--json").stdout)
    assert json.loads(run("revoke", link["url"], "--json").stdout)["state"] == "revoked"


def test_where_nothing_can_be_saved_nothing_is_used_up(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    refused = run("get", made["url"], "--output", "a.txt/b.txt")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 0


def test_a_link_is_made_revoked_and_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    key = json.loads(run("share", "a.txt", "--json").stdout)["key"]
    made = json.loads(run("link", key, "--expires", "10m", "--max-claims", "2", "--json").stdout)
    assert (made["max_claims"], made["expires_in"]) == (2, 600)
    assert run("get", made["url"], "--output", "once.txt").returncode == 0
    assert run("revoke", made["id"]).returncode == 0
    refused = run("get", made["url"], "--output", "twice.txt")
    assert (refused.returncode, "taken this link back" in refused.stderr) == (4, True)
    assert made["id"] in run("list", "--key", key).stdout


def test_a_file_that_is_there_is_not_replaced_unless_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("new")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "b.txt").write_text("old")
    kept = run("get", url, "--output", "b.txt")
    assert (kept.returncode, (tmp_path / "b.txt").read_text()) == (1, "old")
    assert run("get", url, "--output", "b.txt", "--force").returncode == 0
    assert (tmp_path / "b.txt").read_text() == "new"


def test_what_comes_under_a_name_that_is_taken_is_saved_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("new")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "a.txt").write_text("old")
    saved = run("get", url)
    assert (saved.returncode, "a (1).txt" in saved.stdout) == (0, True)
    assert [(tmp_path / name).read_text() for name in ("a.txt", "a (1).txt")] == ["old", "new"]


def test_a_share_whose_answer_was_lost_is_asked_again_and_counts_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    with losing(made["url"], first=1) as url:
        assert run("get", url, "--output", "b.txt").returncode == 0
    told = json.loads(run("status", made["id"], "--json").stdout)
    assert (told["downloads"], len(told["history"])) == (1, 1)


def test_a_download_that_one_run_lost_is_had_by_the_next(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    with losing(made["url"], first=TRIES) as url:
        assert run("get", url, "--output", "b.txt").returncode == 5
        assert run("get", url, "--output", "b.txt").returncode == 0
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 1
    assert list((tmp_path / "home").rglob("download-*")) == []


@contextmanager
def losing(page: str, *, first: int) -> Iterator[str]:
    """The address of a share's page whose first answers don't arrive."""
    left = [first]

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            answer = urllib3.request("POST", page, body=body, headers=headers, redirect=False)
            left[0] -= 1
            if left[0] < 0:
                self.send_response(answer.status)
                self.send_header("Location", answer.headers["location"])
                self.end_headers()

    with serving(Handler) as address:
        yield f"{address}{urlsplit(page).path}"


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
    run: Run, tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / ".local" / "state"))
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)

    class Gateway(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {"content-type": self.headers["content-type"]}
            urllib3.request("POST", made["url"], body=body, headers=headers, redirect=False)
            self.send_response(status)
            self.end_headers()

    path = urlsplit(made["url"]).path
    with serving(Gateway) as address:
        assert run("get", f"{address}{path}", "--output", "b.txt").returncode == 4
    [ticket] = (tmp_path / "home").rglob("download-*")
    kept = note("download", made["url"])
    assert kept is not None
    ticket.rename(kept)
    assert run("get", made["url"], "--output", "b.txt").returncode == 0
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 1


def test_where_a_folder_has_the_name_the_file_is_saved_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    url = run("share", "a.txt").stdout.strip()
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.txt").mkdir()
    saved = run("get", url, "--force")
    assert (saved.returncode, (tmp_path / "a (1).txt").read_text()) == (0, "x")


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


def test_a_share_s_page_says_how_large_the_file_is_before_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    assert size_on(made["url"]) == 5
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 0


def test_a_wrong_pin_is_told_with_the_tries_that_are_left(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    url = run("share", "a.txt", "--pin", "-", input="2468\n").stdout.strip()
    refused = run("get", url, "--pin", "-", "-o", "b.txt", input="1111\n")
    assert refused.stderr == "That PIN is wrong. 4 tries are left.\n"
    assert run("get", url, "--pin", "-", "-o", "b.txt", input="2468\n").returncode == 0


def test_a_pin_that_nobody_gives_is_asked_for_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("secret")
    refused = run("share", "a.txt", "--pin", "-")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "no terminal" in refused.stderr


def test_standard_output_takes_a_download(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n")
    url = run("share", "a.txt").stdout.strip()
    before = set(tmp_path.iterdir())
    fetched = run("get", url, "-o", "-")
    assert (fetched.returncode, fetched.stdout) == (0, "hello\n")
    assert fetched.stderr == "6 bytes, checksum verified\n"
    assert set(tmp_path.iterdir()) == before
    assert run("get", url, "-o", "-", "--json").returncode == 2


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


def test_what_a_list_shows_other_commands_take(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    link = json.loads(run("link", made["key"], "--json").stdout)
    assert json.loads(run("status", made["id"][:8], "--json").stdout)["id"] == made["id"]
    assert json.loads(run("status", link["id"][:12], "--json").stdout)["id"] == link["id"]
    for file in (tmp_path / "home").rglob("ids-*"):
        assert file.stat().st_mode & 0o077 == 0
        file.unlink()
    unknown = run("revoke", link["id"][:12])
    assert (unknown.returncode, "--key" in unknown.stderr) == (2, True)
    revoked = run("revoke", link["id"][:12], "--key", made["key"], "--json")
    assert json.loads(revoked.stdout)["state"] == "revoked"


def test_a_table_fits_80_columns_and_an_empty_one_says_so(
    run: Run, tmp_path: Path, local_cloud: Running
) -> None:
    name = "a rather long name for a file, as people give them " * 3 + ".pdf"
    (tmp_path / name).write_text("x")
    made = json.loads(run("share", name, "--json").stdout)
    run("link", made["key"])
    for arguments, first in ((["list"], made["id"][:8]), (["list", "--key", made["key"]], "")):
        shown = at_a_terminal(tmp_path, *arguments)
        lines = shown.splitlines()
        assert all(len(line) <= 80 for line in lines)
        assert any(
            re.match(rf"{re.escape(first)}\S*  ready  +\d{{4}}-\d\d-\d\d \d\d:\d\d  0/1", each)
            for each in lines
        )
    assert made["id"] in at_a_terminal(tmp_path, "list", "--wide").replace("\n", "")
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


def at_a_terminal(folder: Path, *arguments: str) -> str:
    """What the program shows on a terminal of 80 columns."""
    ours, its = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "COLUMNS": "80", "TERM": "xterm"}
    with subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, env=environment, stdin=its, stdout=its, stderr=its
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


def test_what_is_no_file_is_refused_and_nobody_waits(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "/dev/zero", "folder", "missing"):
        refused = run("share", name)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    (tmp_path / "a.txt").write_text("x")
    made = json.loads(run("share", "a.txt", "--json").stdout)
    for output in ("pipe", "/dev/null"):
        refused = run("get", made["url"], "--force", "-o", output)
        assert (refused.returncode, "-o -" in refused.stderr) == (2, True)
    assert json.loads(run("status", made["id"], "--json").stdout)["downloads"] == 0


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
