"""What the command line makes of names, times and words that come from elsewhere."""

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onetime_urls.cli import state, words
from onetime_urls.cli.api_words import failure_of
from onetime_urls.cli.commands import app
from onetime_urls.cli.downloads.saving import safe_name
from onetime_urls.cli.options import seconds
from onetime_urls.cli.qr import _write
from onetime_urls.cli.short_ids import remember
from onetime_urls.cli.show import details, links, shares
from onetime_urls.client import Client, Invalid, Link, NotAllowed, Share


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="q1.pdf"', "q1.pdf"),
        ("attachment; filename=\"x\"; filename*=UTF-8''%C3%BCber%20uns.pdf", "über uns.pdf"),
        ('attachment; filename="../../etc/passwd"', "etc_passwd"),
        ('attachment; filename="/etc/passwd"', "etc_passwd"),
        ('attachment; filename="C:\\\\x.exe"', "C__x.exe"),
        ("attachment; filename*=UTF-8''%2E%2E%2Fx", "x"),
        ("attachment; filename*=UTF-8''a%00b%0Ac", "a_b_c"),
        ("attachment; filename*=UTF-8''a%E2%80%AEgpj.exe", "a_gpj.exe"),
        ('attachment; filename=".bashrc"', "bashrc"),
        ('attachment; filename=""', "download"),
        ("attachment", "download"),
        ("", "download"),
        (f'attachment; filename="{"x" * 500}"', "x" * 255),
        (f'attachment; filename="{"x" * 500}.pdf"', "x" * 251 + ".pdf"),
        (f'attachment; filename="{"x" * 250}.pdf"', "x" * 250 + ".pdf"),
    ],
)
def test_a_server_s_file_name_is_a_plain_name_in_this_folder(disposition: str, name: str) -> None:
    assert safe_name(disposition) == name


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800)])
def test_a_span_of_time_is_a_number_and_a_unit(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "0s", "7", "7w", "-1d", "1.5h", "7 d", "٧d"])
def test_any_other_span_is_a_wrong_option(text: str) -> None:
    result = CliRunner().invoke(app, ["link", "a.txt", "--expires", text])
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "1 minute and 30 seconds"),
        (3600, "1 hour"),
        (3661, "1 hour and 1 minute"),
        (2_592_000, "30 days"),
        (90_061, "1 day and 1 hour"),
    ],
)
def test_a_span_is_said_in_its_largest_units(length: int, said: str) -> None:
    assert words.span(length) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000_000, "1.0 MB"),
        (999_600, "1.0 MB"),
        (10**17, "100000 TB"),
    ],
)
def test_a_size_is_said_in_words(count: int, said: str) -> None:
    assert words.size(count) == said


LINK: dict[str, Any] = {
    "id": "a" * 64,
    "key": "a.txt",
    "size": 1,
    "state": "used",
    "issued_at": 0,
    "expires_at": 900,
    "max_claims": 1,
    "claims": [],
    "given_back": [],
}
SHARE: dict[str, Any] = {
    "id": "x" * 22,
    "url": "https://files.example.com/-/x",
    "key": "a.txt",
    "filename": "a.txt",
    "size": 1,
    "state": "ready",
    "created_at": 0,
    "expires_at": 900,
    "max_downloads": 1,
    "downloads": 0,
    "pin": False,
}
EVIL = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\r\n"


@pytest.mark.parametrize("agent", [r"x \[/] y", r"\[link=https://evil.example/]ok\[/link]", ":skull:"])
def test_what_a_visitor_calls_itself_is_shown_as_it_is(
    agent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"when": 0, "address": "192.0.2.1", "agent": agent, "link": "a" * 64}
    details(Share.from_json(SHARE | {"history": [line]}))
    assert agent in capsys.readouterr().out


@pytest.mark.parametrize("wide", [True, False])
def test_no_cell_moves_the_cursor(capsys: pytest.CaptureFixture[str], wide: bool) -> None:
    claim = dict.fromkeys(("id", "address", "agent", "edge", "outcome"), EVIL) | {"when": 0}
    link = Link.from_json(LINK | {"id": EVIL, "key": EVIL, "state": EVIL, "claims": [claim]})
    line = {"when": 0, "address": EVIL, "agent": EVIL, "link": EVIL, "replaces": EVIL}
    evil = dict.fromkeys(("id", "url", "key", "filename", "state", "note"), EVIL)
    share = Share.from_json(SHARE | evil | {"history": [line]})
    links([link], wide=wide)
    shares([share], wide=wide)
    details(link)
    details(share)
    shown = capsys.readouterr().out
    assert shown
    assert not set(shown) & set("\x1b\x07\u202e\x9b\r")


@pytest.mark.parametrize("evil", [EVIL, "\ud83d", f"x\n{'b' * 64}"])
def test_only_what_is_an_id_is_kept_for_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, evil: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    client = Client("https://api.example.com", region="us-east-1", token="t")
    remember(client, [evil, "a" * 64])
    assert [each.read_text() for each in tmp_path.rglob("ids-*")] == ["a" * 64]


def test_where_others_can_write_nothing_is_noted_or_gone_on_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    kept = state.note("download", "https://files.example.com/x")
    assert kept is not None
    kept.parent.chmod(0o777)
    assert state.note("download", "https://files.example.com/x") is None


def test_what_came_from_elsewhere_is_made_plain_and_what_languages_need_is_left() -> None:
    assert words.plain("नमस्ते می\u200cخواهم 👩\u200d🚀") == "नमस्ते می\u200cخواهم 👩\u200d🚀"
    assert (
        words.plain("a\x1b[31mb\u202ec\u2028d\udcffe\U000e0041") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffd"
    )


@pytest.mark.parametrize(
    ("code", "said", "shown"),
    [
        (
            "invalid_expires_in",
            "expires_in must be a whole number of seconds from 60 to 2592000.",
            "--expires must be from 1 minute to 30 days on this deployment.",
        ),
        (
            "invalid_max_downloads",
            "max_downloads must be a whole number from 1 to 20.",
            "--downloads must be a whole number from 1 to 20.",
        ),
        ("invalid_pin", "pin must be 4 to 64 characters.", "--pin must be 4 to 64 characters."),
        ("no_such_object", "key names no object.", "The bucket has no object with this key."),
        ("repeated_parameter", "key is repeated.", "key is repeated."),
    ],
)
def test_a_refusal_is_said_in_the_command_s_terms(code: str, said: str, shown: str) -> None:
    assert failure_of(Invalid(said, code=code, status=400)).sentence == shown


def test_a_caller_who_is_not_known_is_told_so() -> None:
    assert "credentials" in failure_of(NotAllowed("Forbidden", status=403)).sentence


def test_a_moment_of_today_is_a_clock_time_and_another_has_its_date() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
    assert words.until(now + 60, now).count(":") == 1
    assert "November" in words.until(now + 3 * 86_400, now)
    assert "2027" in words.until(now + 365 * 86_400, now)


def test_a_qr_code_is_read_as_what_it_was_drawn_of() -> None:
    drawn = io.StringIO()
    _write(drawn, "https://files.example.com/-/" + "x" * 22)
    rows = drawn.getvalue().splitlines()
    light, dark = "38;5;231;48;5;231", "38;5;16"
    assert light in rows[0]
    assert dark not in rows[0]
    assert dark in rows[3]


_SLOW = ("boto3", "botocore", "rich.console", "segno")


@pytest.mark.parametrize(
    ("arguments", "slow"),
    [
        (["--version"], [*_SLOW, "urllib3", "typer", "pydantic"]),
        (["get", "http://127.0.0.1:9/x"], _SLOW),
    ],
)
def test_what_takes_long_to_load_is_not_loaded_without_need(arguments: list[str], slow: list[str]) -> None:
    loaded = f"import sys; sys.argv = ['onetime', *{arguments}]\n"
    loaded += "from onetime_urls.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"
    loaded += f"print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
