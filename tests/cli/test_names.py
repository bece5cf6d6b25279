"""What the command line makes of names and addresses that come from elsewhere."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onetime_urls.cli.cli import app, path_of, plain, seconds, show
from onetime_urls.cli.deployment import find
from onetime_urls.cli.downloads import safe_name
from onetime_urls.cli.failures import Failure


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
        (f'attachment; filename="{"x" * 500}"', "x" * 200),
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
    ("id_", "path"), [("a" * 64, f"/links/{'a' * 64}"), ("Ab-_" * 5 + "xy", f"/shares/{'Ab-_' * 5}xy")]
)
def test_an_id_tells_a_link_from_a_share(id_: str, path: str) -> None:
    assert path_of(id_) == path


def test_a_whole_url_names_what_it_leads_to() -> None:
    link = f"https://files.example.com/a%20b?X-Amz-Expires=900&X-Amz-Signature={'a' * 64}"
    assert path_of(link) == f"/links/{'a' * 64}"
    assert path_of(f"https://files.example.com/-/{'x' * 22}") == f"/shares/{'x' * 22}"


@pytest.mark.parametrize("agent", [r"x \[/] y", r"\[link=https://evil.example/]ok\[/link]", ":skull:"])
def test_what_a_visitor_calls_itself_is_shown_as_it_is(
    agent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show({"history": [{"when": 0, "address": "192.0.2.1", "agent": agent}]}, as_json=False)
    assert agent in capsys.readouterr().out


@pytest.mark.parametrize("open_to_all", ["outputs.json", "."])
def test_a_local_cloud_that_anybody_may_have_put_there_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_to_all: str
) -> None:
    local = tmp_path / ".local"
    local.mkdir()
    outputs = dict.fromkeys(("ApiEndpoint", "AssetsBucketName", "AwsEndpointUrl"), "http://127.0.0.1:9")
    outputs |= {"Region": "us-east-1", "AccessKeyId": "x", "SecretAccessKey": "x"}
    (local / "outputs.json").write_text(json.dumps(outputs))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("LOCAL_DIR", raising=False)
    assert find(None, None, None, None).region == "us-east-1"
    (local / open_to_all).chmod(0o777)
    with pytest.raises(Failure):
        find(None, None, None, None)


@pytest.mark.parametrize("id_", ["", "a" * 63, "A" * 64, "../x", "a" * 23, "https://x.example/-/abc"])
def test_anything_else_is_no_id(id_: str) -> None:
    with pytest.raises(Failure):
        path_of(id_)


def test_what_came_from_elsewhere_moves_no_cursor_and_is_no_markup() -> None:
    assert plain("a\x1b[31mb\u202ec") == "a\ufffd[31mb\ufffdc"
