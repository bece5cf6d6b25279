"""Signed URLs in our own deployment, as its settings describe them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onetime_urls.protocol.rules import Rule, Rules
from stack.names import SettingsError
from stack.settings import Settings
from tests.stack.synthesis import Synthesised, synthesise

CHOSEN: dict[str, Any] = {
    "private_assets": "true",
    "private_rules": "shared/*, users/{sub}/*",
    "issuer_auth": "jwt",
    "signed_urls": True,
    "graphql": "true",
    "max_url_seconds": "7200",
    "session_seconds": 600,
    "signing_key_spec": "ECC_NIST_P256",
    "signing_keys": "second,first",
}


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(tmp_path_factory.mktemp("chosen"), validated=True, **CHOSEN)


def test_signed_urls_are_off_unless_asked_for(synthesised: Callable[[str], Synthesised]) -> None:
    default = synthesised("default")
    assert not list(default.resources("AWS::CloudFront::KeyGroup"))
    assert not list(default.resources("AWS::AppSync::GraphQLApi"))


def test_nobody_has_to_answer_for_anything(chosen: Synthesised) -> None:
    assert chosen.findings == []


def test_they_have_the_prefix_the_rules_and_the_issuer_of_private_assets(chosen: Synthesised) -> None:
    told = chosen.function("file_signer.handler.handler")["Environment"]["Variables"]
    assert told["KEY_PREFIX"] == "private/"
    rules = Rules.from_plain(json.loads(told["RULES"]))
    assert rules == Rules((Rule("shared/*"), Rule("users/{sub}/*")))
    assert "cognito-idp" in json.dumps(told["TOKEN_ISSUER"])
    assert told["TOKENS_ONLY"] == "true"
    assert (told["MAX_URL_SECONDS"], told["SESSION_SECONDS"]) == ("7200", "600")
    assert told["SIGNING_ALGORITHM"] == "ECDSA_SHA_256"


def test_both_keys_are_in_the_group(chosen: Synthesised) -> None:
    group = chosen.one("AWS::CloudFront::KeyGroup")["KeyGroupConfig"]
    assert len(group["Items"]) == 2


def test_the_outputs_say_where_all_of_it_is(chosen: Synthesised) -> None:
    assert {
        "SignedDistributionUrl",
        "FilesEndpoint",
        "UrlEndpoint",
        "GraphqlEndpoint",
        "SessionUrl",
    } <= chosen.outputs.keys()


def test_without_private_assets_and_tokens_there_are_no_sessions(tmp_path: Path) -> None:
    made = synthesise(tmp_path, signed_urls="true")
    assert "SessionUrl" not in made.outputs
    assert made.route("GET /url")["AuthorizationType"] == "AWS_IAM"


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"graphql": "true"}, "graphql needs signed_urls"),
        ({"max_url_seconds": "604801"}, "max_url_seconds is '604801'"),
        ({"session_seconds": "59"}, "session_seconds is '59'"),
        ({"signing_key_spec": "RSA_4096"}, "RSA_2048 or ECC_NIST_P256"),
        ({"signing_keys": "a_b"}, "signing_keys is 'a_b'"),
    ],
)
def test_what_cant_work_is_refused(context: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.from_context(context)
