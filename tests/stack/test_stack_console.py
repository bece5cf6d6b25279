"""The console in our own deployment, as its settings describe it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from stack.names import SettingsError
from stack.settings import Settings
from tests.stack.synthesis import Synthesised, flat, synthesise

POOL: dict[str, Any] = {
    "issuer_auth": "jwt",
    "private_assets": "true",
    "signed_urls": "true",
    "console": "true",
    "access_logs": True,
    "brand_name": "Example",
}
OTHER_ISSUER: dict[str, Any] = {
    "issuer_auth": "jwt",
    "jwt_issuer": "https://login.example.com/tenant",
    "jwt_audience": "cli",
    "console": True,
    "console_client_id": "console-client",
}


def config(synthesised: Synthesised) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(flat(synthesised.one("Custom::Console")["Documents"])["config.json"])
    return read


@pytest.fixture(scope="module")
def with_pool(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(tmp_path_factory.mktemp("pool"), validated=True, **POOL)


def test_the_console_is_off_unless_asked_for(synthesised: Callable[[str], Synthesised]) -> None:
    default = synthesised("default")
    assert not list(default.resources("Custom::Console"))
    assert "ConsoleUrl" not in default.outputs


def test_nobody_has_to_answer_for_anything(with_pool: Synthesised) -> None:
    assert with_pool.findings == []


def test_the_pool_has_sign_in_pages_and_a_client_for_the_console_alone(with_pool: Synthesised) -> None:
    prefix = flat(with_pool.one("AWS::Cognito::UserPoolDomain")["Domain"])
    assert re.fullmatch(r"onetime-[0-9a-f]{8}-<AWS::AccountId>", prefix)
    clients = [each["Properties"] for each in with_pool.resources("AWS::Cognito::UserPoolClient")]
    [console] = [each for each in clients if each["AllowedOAuthFlowsUserPoolClient"]]
    [command] = [each for each in clients if each is not console]
    assert flat(console["CallbackURLs"]) == [f"{flat(with_pool.outputs['ConsoleUrl']['Value'])}/"]
    assert "CallbackURLs" not in command


def test_the_api_accepts_tokens_of_both_clients(with_pool: Synthesised) -> None:
    audience = with_pool.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert len(set(flat(audience))) == 2
    assert config(with_pool)["signIn"]["clientId"] in flat(audience)


def test_a_pool_without_a_console_has_no_sign_in_pages(tmp_path: Any) -> None:
    synthesised = synthesise(tmp_path, **{**POOL, "console": "false"})
    assert not list(synthesised.resources("AWS::Cognito::UserPoolDomain"))


def test_it_carries_the_deployments_brand_and_doors(with_pool: Synthesised) -> None:
    read = config(with_pool)
    assert read["brand"] == {"name": "Example"}
    assert read["signed"]["prefix"] == "private/"


def test_another_issuers_client_is_the_operators(tmp_path: Any) -> None:
    synthesised = synthesise(tmp_path, **OTHER_ISSUER)
    told = config(synthesised)["signIn"]
    assert (told["issuer"], told["clientId"], told["signOut"]) == (
        "https://login.example.com/tenant",
        "console-client",
        None,
    )
    audience = synthesised.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert audience == ["cli", "console-client"]


def test_a_cognito_pool_of_the_operators_signs_in_and_out_at_its_own_domain(tmp_path: Any) -> None:
    pool = {
        **OTHER_ISSUER,
        "jwt_issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc",
        "console_sign_in_domain": "login.example.com",
    }
    synthesised = synthesise(tmp_path, **pool)
    assert config(synthesised)["signIn"]["signOut"] == {
        "url": "https://login.example.com/logout",
        "clientParameter": "client_id",
        "returnParameter": "logout_uri",
    }
    page = flat(synthesised.one("Custom::Console")["Documents"])["index.html"]
    assert " https://login.example.com;" in page


@pytest.mark.parametrize(
    ("context", "sentence"),
    [
        ({"console": "true"}, "console needs issuer_auth = jwt or none: a browser has no IAM credentials"),
        ({"console_client_id": "c"}, "console_client_id is set, but console is false"),
        (
            {"console": True, "issuer_auth": "none", "console_client_id": "c"},
            "console_client_id is set, but issuer_auth is none",
        ),
        (
            {"console": True, "issuer_auth": "jwt", "private_assets": True, "console_client_id": "c"},
            "console_client_id is set, but the stack's own user pool gets a client by itself",
        ),
        (
            {**OTHER_ISSUER, "console_sign_in_domain": "login.example.com"},
            "console_sign_in_domain goes with a Cognito user pool as the issuer, and only with that",
        ),
        (
            {**OTHER_ISSUER, "jwt_issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"},
            "console_sign_in_domain goes with a Cognito user pool as the issuer, and only with that",
        ),
        (
            {"console": True, "issuer_auth": "none", "console_sign_in_domain": "login.example.com"},
            "console_sign_in_domain needs console_client_id",
        ),
        (
            {name: value for name, value in OTHER_ISSUER.items() if name != "console_client_id"},
            "console needs console_client_id: a client that it signs people in as",
        ),
        (
            {
                "console": True,
                "issuer_auth": "jwt",
                "private_assets": True,
                "token_issuer": "https://login.example.com",
                "token_audience": "web",
            },
            "console needs console_client_id: a client that it signs people in as",
        ),
    ],
)
def test_settings_that_dont_go_together_are_refused_in_one_sentence(
    context: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context(context)
    assert str(refused.value) == sentence
