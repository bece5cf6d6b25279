"""The local cloud's users: what `python -m local_cloud token` prints is good where it should be, and with
what `password` prints they sign in to the console."""

import json
import os
import stat
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from local_cloud.cloud import LocalCloud
from tests.browser import chromium
from tests.web import Deployment, follow, send, split_url

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cloud(user_cloud: LocalCloud) -> LocalCloud:
    return user_cloud


def ask(folder: Path, *arguments: str, what: str = "token") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local_cloud", what, *arguments],
        cwd=ROOT,
        env={**os.environ, "LOCAL_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def tokens(cloud: LocalCloud, name: str) -> dict[str, Any]:
    done = ask(cloud.folder.path, name)
    assert (done.returncode, done.stderr) == (0, "")
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def mint(cloud: LocalCloud, key: str, token: str | None) -> Any:
    served = Deployment.from_outputs(cloud.outputs)
    bearer = {"authorization": f"Bearer {token}"} if token else {}
    return served.ask_api(f"key={key}", signed=False, **bearer)


def test_a_user_of_the_pool_mints_and_reads_and_a_user_of_another_pool_does_neither(
    cloud: LocalCloud,
) -> None:
    served = Deployment.from_outputs(cloud.outputs)
    for key in ("report", "private/shared/report"):
        served.s3.put_object(Bucket=served.bucket, Key=key, Body=b"figures")
    member, outsider = tokens(cloud, "member"), tokens(cloud, "outsider")
    private = cloud.outputs["PrivateUrl"]
    for kind in ("id_token", "access_token"):
        minted = mint(cloud, "report", member[kind])
        assert minted.status == 200
        assert follow(minted.json()["url"]).body == b"figures"
        assert mint(cloud, "report", outsider[kind]).status == 401
        read = send(private, "/shared/report", authorization=f"Bearer {member[kind]}")
        assert (read.status, read.body) == (200, b"figures")
        assert send(private, "/shared/report", authorization=f"Bearer {outsider[kind]}").status == 401
    assert mint(cloud, "report", None).status == 401


def test_an_outsiders_token_is_good_in_a_pool_of_its_own(cloud: LocalCloud) -> None:
    token = tokens(cloud, "outsider")["id_token"]
    [issuer] = {json.loads(_decoded(token.split(".")[1]))["iss"]}
    assert issuer != cloud.outputs["TokenIssuer"]
    pool = issuer.rpartition("/")[2]
    with urlopen(f"{cloud.outputs['AwsEndpointUrl']}/{pool}/.well-known/jwks.json") as answer:
        kids = [key["kid"] for key in json.load(answer)["keys"]]
    assert json.loads(_decoded(token.split(".")[0]))["kid"] in kids


def test_tokens_say_who_it_is_of_which_pool_and_group_and_for_how_long(cloud: LocalCloud) -> None:
    for name, groups in (("member", None), ("accountant", ["finance"])):
        printed = tokens(cloud, name)
        assert set(printed) == {"id_token", "access_token", "sub", "expires_in"}
        claims = json.loads(_decoded(printed["id_token"].split(".")[1]))
        assert claims["sub"] == printed["sub"]
        assert claims["iss"] == cloud.outputs["TokenIssuer"]
        assert claims["aud"] == cloud.outputs["UserPoolClientId"]
        assert claims.get("cognito:groups") == groups
        assert printed["expires_in"] == claims["exp"] - claims["iat"] == 3600


def test_whoever_is_not_there_and_a_cloud_that_is_not_up_are_told_in_one_line(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    nobody = ask(cloud.folder.path, "nobody")
    assert nobody.returncode == 1
    assert nobody.stderr.endswith("there is no 'nobody': name one of member, accountant, outsider\n")
    down = ask(tmp_path / "empty", "member")
    assert down.returncode == 1
    assert "no local cloud is up" in down.stderr
    assert ask(cloud.folder.path).returncode == 2


def test_passwords_are_for_their_owner_only(cloud: LocalCloud) -> None:
    assert stat.S_IMODE((cloud.folder.work / "users.json").stat().st_mode) == 0o600


@pytest.fixture(scope="module")
def console(cloud: LocalCloud) -> Iterator[Page]:
    """The console, with `member` signed in by what is printed."""
    printed = ask(cloud.folder.path, "member", what="password")
    assert (printed.returncode, printed.stderr) == (0, "")
    with chromium() as browser:
        page = browser.new_context().new_page()
        page.goto(cloud.outputs["ConsoleUrl"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Username").fill("member")
        page.get_by_label("Password").fill(printed.stdout.strip())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        yield page


def fetched(page: Page, method: str, url: str, body: str | None = None) -> int | str:
    """The status of what a page's script asks for, or the error that it gets."""
    told: int | str = page.evaluate(
        """([method, url, body]) =>
            fetch(url, {method, body}).then(got => got.status, failed => failed.name)""",
        [method, url, body],
    )
    return told


def test_a_user_signs_in_to_the_console_by_the_pools_own_pages(console: Page, cloud: LocalCloud) -> None:
    assert console.url.startswith(f"{cloud.outputs['ConsoleUrl']}/")
    assert "code=" not in console.url


def test_the_console_reaches_its_issuer_and_bucket_and_no_other_service(
    console: Page, cloud: LocalCloud
) -> None:
    aws, pool = cloud.outputs["AwsEndpointUrl"], cloud.outputs["UserPoolId"]
    assert fetched(console, "GET", f"{aws}/{pool}/.well-known/openid-configuration") == 200
    assert fetched(console, "POST", f"{aws}/oauth2/token") == 400
    part = f"{aws}/{cloud.outputs['AssetsBucketName']}/uploads/x?uploadId=1&partNumber=1"
    assert fetched(console, "PUT", part, "unsigned") == 403
    for method, path in (("GET", "/oauth2/userInfo"), ("POST", "/"), ("PUT", "/another-bucket/key")):
        assert fetched(console, method, aws + path) == "TypeError"


def test_every_door_of_the_api_takes_what_the_console_shows(console: Page, cloud: LocalCloud) -> None:
    served = Deployment.from_outputs(cloud.outputs)
    served.s3.put_object(Bucket=served.bucket, Key="private/shared/report", Body=b"figures")
    with console.expect_request("**/objects*") as asked:
        console.evaluate("location.hash = '#/files/private/shared/'")
    base, prefix = split_url(cloud.outputs["ApiEndpoint"])
    bearer = asked.value.headers["authorization"]
    for path in ("/links", "/shares", "/files?prefix=shared/", "/url?file=shared/report"):
        assert send(base, prefix + path, authorization=bearer).status == 200, path


def test_a_strangers_page_reaches_nothing_of_that(console: Page, cloud: LocalCloud) -> None:
    aws, pool = cloud.outputs["AwsEndpointUrl"], cloud.outputs["UserPoolId"]
    stranger = console.context.new_page()
    stranger.route(
        "http://127.0.0.4:1/", lambda route: route.fulfill(body="a page", content_type="text/html")
    )
    stranger.goto("http://127.0.0.4:1/")
    bucket = f"/{cloud.outputs['AssetsBucketName']}/uploads/x?uploadId=1&partNumber=1"
    for method, path in (
        ("GET", f"/{pool}/.well-known/openid-configuration"),
        ("POST", "/oauth2/token"),
        ("PUT", bucket),
    ):
        assert fetched(stranger, method, aws + path) == "TypeError"
    stranger.close()


def test_signing_out_ends_at_the_consoles_own_address(console: Page, cloud: LocalCloud) -> None:
    console.get_by_role("button", name="Sign out").click()
    console.get_by_role("button", name="Sign in").wait_for()
    assert console.url == f"{cloud.outputs['ConsoleUrl']}/"


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
