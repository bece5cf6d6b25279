"""The launcher's decisions that need no process: options, environments, addresses, the shell's lines."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local_cloud import deployment, environment, shell, up
from local_cloud.children import listen, listen_beside
from local_cloud.identities import AccessKey
from local_cloud.ministack.api_cors import as_the_api_spells
from local_cloud.options import Options

OUTPUTS = {
    "ApiEndpoint": "http://127.0.0.1:1/_aws/execute-api/a",
    "GetUrlEndpoint": "http://127.0.0.1:1/_aws/execute-api/a/get-url",
    "DistributionUrl": "http://127.0.0.1:2",
    "AssetsBucketName": "bucket",
    "LinksTableName": "table",
    "Region": "eu-west-1",
    "AwsEndpointUrl": "http://127.0.0.1:1",
    "AccessKeyId": "AKIA",
    "SecretAccessKey": "it's $HOME `secret`",
}


def test_options_come_from_the_environment_and_empty_means_absent() -> None:
    assert Options.read({"PORT": "", "REGION": ""}, ".local") == Options(
        Path(".local"), 0, 0, "none", "us-east-1"
    )
    given = {"PORT": "1", "AWS_PORT": "2", "LOCAL_DIR": "x", "ISSUER_AUTH": "iam", "REGION": "eu-west-1"}
    assert Options.read(given, ".local") == Options(Path("x"), 1, 2, "iam", "eu-west-1")


@pytest.mark.parametrize("port", ["65536", "-1", "x", "1.5", "٣"])
def test_a_port_that_is_none_is_refused_by_the_variables_name(port: str) -> None:
    with pytest.raises(ValueError, match="AWS_PORT must be a port number"):
        Options.read({"AWS_PORT": port}, ".local")


@pytest.mark.parametrize(
    ("region", "near"),
    [("Frankfurt", "eu-west-1"), ("eu-wst-1", "eu-west-1"), ("EU-CENTRAL-1", "eu-central-1")],
)
def test_a_region_that_is_none_is_refused_in_one_sentence_with_one_that_is(
    monkeypatch: pytest.MonkeyPatch, region: str, near: str
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    with pytest.raises(ValueError, match=f"^REGION must be an AWS region such as {near}; it is '{region}'$"):
        Options.read({"REGION": region}, ".local")


@pytest.mark.parametrize("who", ["everyone", "JWT", "NONE"])
def test_an_issuer_auth_that_cannot_work_here_is_refused_in_one_sentence(who: str) -> None:
    with pytest.raises(ValueError, match=f"^ISSUER_AUTH must be none, iam or jwt; it is '{who}'$"):
        Options.read({"ISSUER_AUTH": who}, ".local")


def test_children_get_nothing_of_the_callers_aws_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY", "CDK_DEFAULT_ACCOUNT", "DOCKER_HOST"):
        monkeypatch.setenv(name, "the-callers-own")
    for given in (
        environment.cdk(tmp_path),
        environment.cdk_with_account(tmp_path, "http://127.0.0.1:1", "eu-west-1"),
        environment.ministack(tmp_path, 1),
    ):
        assert "the-callers-own" not in given.values()
        assert given["AWS_SHARED_CREDENTIALS_FILE"] == given["AWS_CONFIG_FILE"] == os.devnull
        assert Path(given["HOME"]).parent == Path(given["TMPDIR"]).parent == tmp_path


def test_locks_of_dead_and_killed_processes_in_the_cdks_cache_are_broken_and_others_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "JSII", tmp_path)
    with subprocess.Popen(["true"]) as ended:
        pass
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as killed:
        killed.kill()  # and not waited for, until the block ends
        holders = {"lib/1/a.lock": ended.pid, "lib/1/b.lock": killed.pid, "@scope/lib/1/c.lock": os.getpid()}
        for name, pid in holders.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(json.dumps({"pid": pid}))
        (tmp_path / "lib/1/odd.lock").write_text("")
        environment.break_locks({killed.pid})
    assert [name for name in holders if (tmp_path / name).exists()] == ["@scope/lib/1/c.lock"]


def test_the_mint_route_is_reached_by_ministacks_own_path() -> None:
    for said in (
        "https://ab12.execute-api.eu-west-1.amazonaws.com/get-url",
        "http://ab12.execute-api.localhost:1/get-url",
    ):
        assert (
            deployment.reachable(said, "http://127.0.0.1:9")
            == "http://127.0.0.1:9/_aws/execute-api/ab12/get-url"
        )


def test_each_distributions_address_is_the_edges_wherever_it_is_told() -> None:
    addresses = {
        "https://d1.cloudfront.net": "http://127.0.0.1:1",
        "https://d2.cloudfront.net": "http://127.0.0.2:1",
    }
    assert deployment.local("https://d2.cloudfront.net/-/session", addresses) == (
        "http://127.0.0.2:1/-/session"
    )
    assert deployment.local("https://files.example.com", addresses) == "https://files.example.com"


def test_a_further_listener_has_a_host_of_its_own_at_the_same_port_or_at_a_free_one() -> None:
    with listen(0) as first, listen_beside(first, 2) as second, listen_beside(first, 2) as third:
        port = first.getsockname()[1]
        assert second.getsockname() == ("127.0.0.2", port)
        assert third.getsockname()[0] == "127.0.0.2"
        assert third.getsockname()[1] != port


def test_the_shells_file_gives_every_value_back_as_it_is() -> None:
    script = shell.script(OUTPUTS, Path.cwd()) + "\nprintf '%s' \"$AWS_SECRET_ACCESS_KEY|$MINT|$LINKS\""
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("|") == [
        OUTPUTS["SecretAccessKey"],
        OUTPUTS["GetUrlEndpoint"],
        OUTPUTS["DistributionUrl"],
    ]


@pytest.mark.parametrize("times", [1, 2])
def test_a_shell_that_leaves_has_its_own_variables_back(tmp_path: Path, times: int) -> None:
    (tmp_path / "env").write_text(shell.script(OUTPUTS, tmp_path))
    enter = f'. "{tmp_path}/env" && ' * times
    own = {
        "PATH": os.environ["PATH"],
        "AWS_SECRET_ACCESS_KEY": "it's $HOME `mine`\nof two lines",
        "AWS_SESSION_TOKEN": "token",
        "AWS_PROFILE": "work",
        "AWS_REGION": "",
    }

    def left(script: str) -> set[str]:
        done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True, env=own)
        assert done.stderr == ""
        return set(done.stdout.split("\0"))

    assert left(f"{enter} {shell.LEAVE} && env -0") == left("env -0")
    inside = left(f"{enter} env -0")
    assert not [each for each in inside if each.startswith(("AWS_PROFILE", "AWS_SESSION_TOKEN"))]
    assert "AWS_REGION=eu-west-1" in inside


def test_a_printed_access_key_hides_its_secret() -> None:
    assert "s3cret" not in repr(AccessKey("AKIA", "s3cret"))


def test_an_apis_cors_is_spelt_as_its_own_api_spells_it() -> None:
    cors = {"AllowOrigins": ["https://a.example"], "MaxAge": 60}
    spelt = as_the_api_spells({"Name": "Api", "CorsConfiguration": cors})
    assert spelt == {
        "Name": "Api",
        "CorsConfiguration": {"allowOrigins": ["https://a.example"], "maxAge": 60},
    }
    assert as_the_api_spells({"Name": "Api"}) == {"Name": "Api"}


@pytest.mark.parametrize(
    ("who", "command"), [("none", "onetime share"), ("jwt", 'onetime --token "$TOKEN" share')]
)
def test_what_up_prints_has_the_consoles_address_first_and_shows_a_token_where_one_is_needed(
    who: str, command: str
) -> None:
    names = ("GetUrlEndpoint", "DistributionUrl", "PrivateUrl", "SignedDistributionUrl", "AwsEndpointUrl")
    outputs = {name: f"http://{name}" for name in names} | {
        "ConsoleUrl": "http://127.0.0.4:8080",
        "PrivatePrefix": "private/",
    }
    printed = up.guide(outputs, Options.read({"ISSUER_AUTH": who}, ".local"), 8.0)
    first = printed.partition("On this machine only:\n\n")[2].splitlines()[0]
    assert first.split() == ["console", "http://127.0.0.4:8080"]
    assert command in printed
    assert (".venv/bin/python -m local_cloud password member\n" in printed) == (who == "jwt")
    del outputs["ConsoleUrl"]
    assert "console" not in up.guide(outputs, Options.read({"ISSUER_AUTH": "iam"}, ".local"), 8.0)
