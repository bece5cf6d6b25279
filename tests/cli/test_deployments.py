"""Which deployment a command works on, and whom it trusts to say so."""

import json
from pathlib import Path
from typing import Any

import pytest

from onetime_urls.cli.deployments import Named, find
from onetime_urls.cli.failures import Failure
from tests.cli.conftest import Run
from tests.client.servers import Asked, answering

EMPTY: tuple[int, Any] = (200, {"shares": []})
OUTPUTS = {
    "ApiEndpoint": "http://127.0.0.1:9",
    "AssetsBucketName": "b",
    "AwsEndpointUrl": "http://127.0.0.1:9",
    "Region": "us-east-1",
    "AccessKeyId": "AKIDEXAMPLE",
    "SecretAccessKey": "x",
}


def planted(folder: Path, **outputs: str | None) -> None:
    """Somebody's `.local/outputs.json`."""
    (folder / ".local").mkdir(exist_ok=True)
    found = {name: value for name, value in (OUTPUTS | outputs).items() if value is not None}
    (folder / ".local" / "outputs.json").write_text(json.dumps(found))


def configured(folder: Path, text: str) -> None:
    path = folder / "home" / ".config" / "onetime"
    path.mkdir(parents=True)
    (path / "deployments.toml").write_text(text)


@pytest.mark.parametrize(
    "outputs",
    [
        {"ApiEndpoint": "http://192.0.2.2"},
        {"ApiEndpoint": "https://api.example.com"},
        {"ApiEndpoint": "http://192.0.2.2\\@127.0.0.1"},
        {"AwsEndpointUrl": "http://192.0.2.2"},
        {"AwsEndpointUrl": "https://s3.example.com"},
        {"AwsEndpointUrl": None},
        {"AwsEndpointUrl": None, "ApiEndpoint": "https://api.example.com"},
    ],
)
def test_a_planted_file_leads_to_no_other_machine(
    onetime: Run, tmp_path: Path, outputs: dict[str, str]
) -> None:
    planted(tmp_path, **outputs)
    done = onetime("--token", "secret", "list")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "192.0.2.2" not in done.stderr


def test_a_planted_file_gets_no_token_that_stands_in_the_environment(
    onetime: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    environment["ONETIME_TOKEN"] = "secret"
    with answering(EMPTY, EMPTY) as (address, asked):
        planted(tmp_path, ApiEndpoint=address)
        assert onetime("list").returncode == 0
        assert onetime("--token", "typed", "list").returncode == 0
    assert "secret" not in str(asked)
    assert asked[1].headers["authorization"] == "Bearer typed"


def test_what_a_planted_api_says_moves_no_cursor(onetime: Run, tmp_path: Path) -> None:
    share: dict[str, Any] = dict.fromkeys(("id", "url", "key", "filename", "state"), "\x1b[2J\u202e")
    share |= dict.fromkeys(("size", "created_at", "expires_at", "max_downloads", "downloads"), 1)
    evil = {"\x1b[2J": 1, "error": "\x1b[2J", "message": "\x1b[2J"}
    with answering((200, {"shares": [share | {"pin": False}]}), (403, evil)) as (address, _):
        planted(tmp_path, ApiEndpoint=address)
        shown, refused = onetime("list"), onetime("list")
    assert "\x1b" not in shown.stdout + shown.stderr + refused.stderr
    assert "[2J" in shown.stdout
    assert "[2J" in refused.stderr


@pytest.mark.parametrize("open_to_all", ["outputs.json", "."])
def test_a_local_cloud_that_anybody_may_have_put_there_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_to_all: str
) -> None:
    planted(tmp_path)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("LOCAL_DIR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert find(Named()).region == "us-east-1"
    (tmp_path / ".local" / open_to_all).chmod(0o777)
    with pytest.raises(Failure):
        find(Named())


@pytest.mark.parametrize(
    "arguments", [["--profile", "work"], ["--region", "eu-west-1"], ["--deployment", "x", "--stack", "y"]]
)
def test_an_option_that_would_mean_nothing_is_refused(
    onetime: Run, tmp_path: Path, arguments: list[str]
) -> None:
    planted(tmp_path)
    done = onetime(*arguments, "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["PROFILE", "REGION"])
def test_so_is_one_in_the_environment(
    onetime: Run, tmp_path: Path, environment: dict[str, str], name: str
) -> None:
    planted(tmp_path)
    environment[f"ONETIME_{name}"] = "x"
    done = onetime("list")
    assert (done.returncode, f"ONETIME_{name}" in done.stderr) == (2, True)


def test_an_option_that_is_given_wins_over_the_local_cloud(onetime: Run, tmp_path: Path) -> None:
    planted(tmp_path)
    done = onetime("--stack", "NoSuchStack", "--profile", "nobody", "list")
    assert (done.returncode, "nobody" in done.stderr) == (3, True)


def test_what_is_typed_wins_over_the_environment(
    onetime: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    environment["ONETIME_STACK"] = "NoSuchStack"
    with answering(EMPTY) as (address, asked):
        planted(tmp_path, ApiEndpoint=address)
        assert onetime("--deployment", "local", "list").returncode == 0
    assert len(asked) == 1


def test_a_shell_that_sends_aws_to_the_local_cloud_is_told_how_to_leave(
    onetime: Run, environment: dict[str, str]
) -> None:
    environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    done = onetime("--stack", "OneTimeUrls", "--region", "us-east-1", "list")
    assert (done.returncode, "unset AWS_ENDPOINT_URL" in done.stderr) == (3, True)


def asked_through(onetime: Run, tmp_path: Path, text: str, *arguments: str) -> list[Asked]:
    with answering(EMPTY) as (address, asked):
        configured(tmp_path, text.format(address=address))
        done = onetime(*arguments, "list")
    assert done.returncode == 0, done.stderr
    return asked


def test_a_deployment_has_a_name_of_its_own(onetime: Run, tmp_path: Path) -> None:
    text = '[staging]\nendpoint = "{address}"\nregion = "eu-west-1"\nbucket = "b"\n'
    [asked] = asked_through(onetime, tmp_path, text, "--token", "abc", "--deployment", "staging")
    assert (asked.path, asked.headers["authorization"]) == ("/shares", "Bearer abc")


def test_the_one_that_is_called_default_is_taken_where_nothing_is_named(onetime: Run, tmp_path: Path) -> None:
    text = '[default]\nendpoint = "{address}"\nregion = "eu-west-1"\n'
    assert len(asked_through(onetime, tmp_path, text)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "can't be read"),
        ("staging = 7", "table"),
        ("[staging]\n", "a stack, or an endpoint"),
        ('[staging]\nstack = "A"\nendpoint = "B"\n', "a stack, or an endpoint"),
        ('[staging]\nstack = "A"\ntokn = "B"\n', "has tokn"),
        ('[other]\nstack = "A"\n', "local, other"),
        ('[staging]\nendpoint = "http://192.0.2.2"\nregion = "x"\n', "https://"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_in_a_sentence(
    onetime: Run, tmp_path: Path, text: str, said: str
) -> None:
    configured(tmp_path, text)
    done = onetime("--deployment", "staging", "list")
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (3, True, 1), done.stderr
