"""What the construct tells the guard, and how the guard learns it."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import certifi
import pytest

from common.edge.connection import trust
from common.edge.fetch import at_endpoint, is_amazons
from onetime_urls.assets.asset import make_asset
from onetime_urls.assets.sources import find_sources
from onetime_urls.protocol.private_assets import GuardSettings, InvalidSettings
from onetime_urls.protocol.rules import Rule, Rules
from onetime_urls.protocol.tokens.claims import Issuer
from tests.assets import unpack
from tests.token_guard.world import Clock, IssuerServer, serving
from tests.tokens import CLIENT, ISSUER
from token_guard.settings import SSM_PAUSE, NotReadable, settings_reader

ISSUERS, EVERYTHING = (Issuer(ISSUER, (CLIENT,)),), Rules((Rule("*"),))
SETTINGS = GuardSettings(
    issuers=(
        *ISSUERS,
        Issuer("https://two.example.com", ("a", "b"), ("id",), "https://two.example.com/keys"),
    ),
    rules=Rules((Rule("shared/*"), Rule("users/{sub}/*", ("staff",))), "roles"),
    cookies=("token", "__Host-id"),
    amplify_clients=(CLIENT,),
    query_token=True,
    login_url="https://app.example.com/login?x=1",
    cors_origins=("https://app.example.com", "http://localhost:3000"),
    default_root_object="index.html",
)


@pytest.mark.parametrize("settings", [SETTINGS, GuardSettings(issuers=ISSUERS, rules=EVERYTHING)])
def test_settings_come_back_from_json_as_they_were(settings: GuardSettings) -> None:
    assert GuardSettings.from_plain(json.loads(json.dumps(settings.to_plain()))) == settings


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"issuers": ()}, "must be an issuer"),
        ({"issuers": ISSUERS * 2}, "named once"),
        ({"cookies": ("to ken",)}, "can't be the name of a cookie"),
        ({"cookies": ("a=b",)}, "can't be the name of a cookie"),
        ({"cookies": ("",)}, "can't be the name of a cookie"),
        ({"amplify_clients": ("a;b",)}, "can't be the name of a cookie"),
        ({"cors_origins": ("*",)}, "is no origin"),
        ({"cors_origins": ("null",)}, "is no origin"),
        ({"cors_origins": ("https://app.example.com/",)}, "is no origin"),
        ({"cors_origins": ("https://*.example.com",)}, "is no origin"),
        ({"login_url": "javascript:alert(1)"}, "login page"),
        ({"login_url": "//evil.example"}, "login page"),
        ({"login_url": "http://app.example.com/login"}, "login page .* must be an https URL"),
        ({"login_url": "http://localhost.example.com/login"}, "login page"),
        ({"login_url": "http://127.0.0.1.example.com"}, "login page"),
        ({"login_url": "https://app.example.com/login#top"}, "login page"),
        ({"login_url": "https://app.example.com/<script>"}, "login page"),
        ({"login_url": "https://app.example.com/\r\nSet-Cookie: a=b"}, "login page"),
        ({"default_root_object": "../index.html"}, "default root object"),
        ({"default_root_object": ""}, "default root object"),
    ],
)
def test_settings_that_can_not_work_are_refused_in_a_sentence(changed: dict[str, Any], why: str) -> None:
    fields: dict[str, Any] = {"issuers": ISSUERS, "rules": EVERYTHING}
    with pytest.raises(InvalidSettings, match=why) as refused:
        GuardSettings(**fields | changed)
    assert str(refused.value).endswith(".")


class Ssm(ThreadingHTTPServer):
    """Systems Manager with one parameter."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.asked = 200, list[str]()


class _Handler(BaseHTTPRequestHandler):
    server: Ssm
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(asked["Name"])
        body = json.dumps({"Parameter": {"Value": json.dumps(SETTINGS.to_plain())}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def ssm() -> Iterator[Ssm]:
    with Ssm() as server, serving(server):
        yield server


def test_settings_are_read_from_the_document_or_from_the_parameter_that_it_names(
    ssm: Ssm, clock: Clock
) -> None:
    environ = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ssm.server_port}",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
    }
    assert settings_reader({"settings": SETTINGS.to_plain()}, {}, "none.pem")() == SETTINGS
    read = settings_reader(
        {"parameter": "/guard", "region": "us-east-1"}, environ, "none.pem", monotonic=clock
    )
    ssm.status = 400
    for _ in range(5):
        with pytest.raises(NotReadable):
            read()
    assert ssm.asked == ["/guard"]  # once a second, however many ask
    ssm.status = 200
    clock.now += SSM_PAUSE
    assert read() == SETTINGS


def test_only_awss_own_services_are_held_to_amazons_roots() -> None:
    assert is_amazons("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a/.well-known/jwks.json")
    for url in (
        "https://amazonaws.com.evil.example/",
        "https://issuer.example.com/x.amazonaws.com/",
        "http://a.amazonaws.com/",
    ):
        assert not is_amazons(url)
    assert trust(certifi.where()).verify_mode is ssl.CERT_REQUIRED
    assert trust(None).check_hostname


def test_cognitos_keys_are_asked_for_where_awss_services_are_and_no_other_issuers() -> None:
    keys = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc/.well-known/jwks.json"
    here = "http://127.0.0.1:4566"
    assert at_endpoint(keys, here) == f"{here}/eu-west-1_abc/.well-known/jwks.json"
    assert at_endpoint(keys, None) == keys
    for other in (
        "https://cognito-idp.evil.example.com/keys",
        "https://login.example.com/cognito-idp.eu-west-1.amazonaws.com/keys",
        "http://cognito-idp.eu-west-1.amazonaws.com/keys",
    ):
        assert at_endpoint(other, here) == other


def test_the_handler_starts_from_the_files_beside_it_and_standard_library_alone(
    issuer: IssuerServer, tmp_path: Path
) -> None:
    """As in Lambda: an interpreter that sees the asset and nothing installed."""
    settings = GuardSettings(issuers=(issuer.trusted(),), rules=EVERYTHING)
    config = {"settings": settings.to_plain()}
    unpack(make_asset("token_guard", find_sources(), config=config), tmp_path)
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import json, token_guard.handler as made\n"
        "answer = made.handler({}, None)\n"
        "heavy = {'http.client', 'email', 'urllib.request', 'asyncio'} & set(sys.modules)\n"
        "print(json.dumps([answer['status'], sorted(heavy)]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == ["503", []]
    assert issuer.asked  # the keys were fetched as the module was loaded
