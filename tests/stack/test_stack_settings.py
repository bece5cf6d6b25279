"""Settings: what is taken, what is refused, and in which words."""

import os
import subprocess
import sys
from dataclasses import fields
from typing import Any

import pytest

from stack.names import SettingsError
from stack.settings import Settings
from tests.stack.synthesis import ROOT

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/01234567-89ab-cdef-0123-456789abcdef"
JWT = {"issuer_auth": "jwt", "jwt_issuer": "https://login.example.com/", "jwt_audience": "web"}
ZONE = {"hosted_zone_id": "Z0123456789", "hosted_zone_name": "example.com"}
DOMAIN = {"domain_name": "files.example.com", "certificate_arn": CERTIFICATE}


def refusal(**context: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_context(context)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


def test_without_any_setting_the_api_is_closed_data_is_kept_and_links_live_15_minutes() -> None:
    settings = Settings.from_context({})
    assert settings.stack_name == "OneTimeUrls"
    assert settings.region == "us-east-1"
    assert settings.issuer_auth == "iam"
    assert settings.disposable is False
    assert settings.access_logs is False
    assert settings.reconcile_logs is False
    assert settings.cors_origins == ()
    assert (settings.default_lifetime_seconds, settings.max_lifetime_seconds) == (900, 3600)


@pytest.mark.parametrize(
    ("name", "as_string", "as_json", "value"),
    [
        ("disposable", "true", True, True),
        ("access_logs", "false", False, False),
        ("max_lifetime_seconds", "1800", 1800, 1800),
        ("throttle_rate", "7", 7, 7),
        ("cors_origins", "https://a.example, https://b.example", ["https://a.example", "https://b.example"],
         ("https://a.example", "https://b.example")),
        ("cors_origins", '["https://a.example"]', ["https://a.example"], ("https://a.example",)),
        ("cors_origins", "[]", [], ()),
        ("upload_types", "application/pdf, image/*", ["application/pdf", "image/*"],
         ("application/pdf", "image/*")),
    ],
)  # fmt: skip
def test_a_setting_means_the_same_as_a_string_and_as_json(
    name: str, as_string: str, as_json: object, value: object
) -> None:
    for given in (as_string, as_json):
        assert getattr(Settings.from_context({name: given}), name) == value


@pytest.mark.parametrize("declared", fields(Settings), ids=lambda declared: declared.name)
def test_null_means_unset(declared: Any) -> None:
    assert getattr(Settings.from_context({declared.name: None}), declared.name) == declared.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stack_name", ""),
        ("stack_name", "1st"),
        ("stack_name", "a--b"),
        ("stack_name", "a-"),
        ("stack_name", "a_b"),
        ("stack_name", "a" * 41),
        ("stack_name", "a\nb"),
        ("stack_name", "ünits"),
        ("stack_name", 7),
        ("region", "eu-wset-1"),
        ("region", "cn-north-1"),
        ("region", "us-gov-west-1"),
        ("region", ""),
        ("region", ["us-east-1"]),
        ("disposable", "yes"),
        ("disposable", 1),
        ("disposable", "True"),
        ("issuer_auth", "IAM"),
        ("issuer_auth", "cognito"),
        ("jwt_issuer", "http://login.example.com"),
        ("jwt_issuer", "login.example.com"),
        ("jwt_audience", "web,,cli"),
        ("jwt_audience", {"web": 1}),
        ("cors_origins", "https://app.example.com/"),
        ("cors_origins", "https://app.example.com/path"),
        ("cors_origins", "app.example.com"),
        ("cors_origins", ""),
        ("cors_origins", "[https://app.example.com"),
        ("cors_origins", "https://a.example,https://a.example"),
        ("cors_origins", [["https://a.example"]]),
        ("upload_folders", "private"),
        ("upload_folders", "-/"),
        ("upload_folders", "-/mine/"),
        ("upload_folders", "a/*/"),
        ("upload_folders", "../"),
        ("upload_folders", "a/./"),
        ("upload_folders", "a//"),
        ("upload_folders", "/"),
        ("upload_folders", ""),
        ("upload_folders", "uploads/,uploads/"),
        ("upload_types", "pdf"),
        ("upload_types", "*/pdf"),
        ("upload_types", "Image/*"),
        ("upload_types", "image/p*"),
        ("upload_types", "text/plain; charset=utf-8"),
        ("default_lifetime_seconds", "0"),
        ("default_lifetime_seconds", "-1"),
        ("default_lifetime_seconds", "15m"),
        ("default_lifetime_seconds", "９00"),
        ("default_lifetime_seconds", 900.5),
        ("default_lifetime_seconds", True),
        ("max_lifetime_seconds", "3601"),
        ("max_lifetime_seconds", "9" * 30),
        ("record_retention_days", "0"),
        ("record_retention_days", "3651"),
        ("throttle_rate", "0"),
        ("throttle_rate", "10001"),
        ("throttle_burst", "5001"),
        ("price_class", "100"),
        ("domain_name", "example"),
        ("domain_name", "Files.example.com"),
        ("domain_name", "https://files.example.com"),
        ("domain_name", "files.example.com."),
        ("domain_name", "*.example.com"),
        ("domain_name", f"{'a' * 64}.example.com"),
        ("certificate_arn", CERTIFICATE.replace("us-east-1", "eu-west-1")),
        ("certificate_arn", "files.example.com"),
        ("hosted_zone_id", "/hostedzone/Z0123456789"),
        ("hosted_zone_name", "com"),
        ("web_acl_arn", WEB_ACL.replace("global", "regional")),
        ("web_acl_arn", WEB_ACL.replace("us-east-1", "eu-west-1")),
        ("access_logs", "on"),
        ("private_assets", "yes"),
        ("token_issuer", "http://login.example.com"),
        ("token_audience", "web,,cli"),
        ("private_prefix", ""),
        ("private_prefix", "private"),
        ("private_prefix", "/private/"),
        ("private_prefix", "a/../"),
        ("private_prefix", "a*/"),
        ("private_prefix", "uploads/"),
        ("private_prefix", "uploads/mine/"),
        ("private_prefix", "-/"),
        ("private_rules", "shared"),
        ("private_rules", "../*"),
        ("private_rules", "shared/* for"),
        ("private_rules", "shared/* for a||b"),
        ("private_rules", "shared/* a"),
        ("private_rules", "users/x-{sub}/*"),
        ("private_rules", {"shared/*": []}),
        ("bucket_name", "ab"),
        ("bucket_name", "a.bucket"),
        ("bucket_name", "Bucket"),
        ("bucket_name", "-bucket"),
        ("bucket_name", "bucket-"),
        ("bucket_name", "a" * 64),
        ("bucket_name", "xn--bucket"),
        ("bucket_name", "bucket-s3alias"),
        ("bucket_name", "files--use1-az4--x-s3"),
    ],
)
def test_a_value_that_cannot_work_is_refused_in_a_line_that_says_what_would(name: str, value: object) -> None:
    message = refusal(**{name: value})
    assert message.startswith(f"{name} is {value!r}"[:60])
    [declared] = (each for each in fields(Settings) if each.name == name)
    assert message.endswith(f", it must be {declared.metadata['allowed']}")


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"default_lifetime_seconds": 901, "max_lifetime_seconds": 900},
         "default_lifetime_seconds is 901, more than max_lifetime_seconds, which is 900"),
        ({"max_lifetime_seconds": 60},
         "default_lifetime_seconds is 900, more than max_lifetime_seconds, which is 60"),
        ({**JWT, "jwt_issuer": None}, "issuer_auth is jwt, which needs jwt_issuer"),
        ({**JWT, "jwt_audience": None}, "issuer_auth is jwt, which needs jwt_audience"),
        ({**JWT, "jwt_audience": []}, "issuer_auth is jwt, which needs jwt_audience"),
        ({**JWT, "issuer_auth": "iam"}, "jwt_issuer is set, but issuer_auth is iam"),
        ({"issuer_auth": "none", "jwt_audience": "web"}, "jwt_audience is set, but issuer_auth is none"),
        ({"upload_folders": "[]"}, "upload_folders must be 1 to 10 prefixes"),
        ({"upload_types": "[]"}, "upload_types is empty: */* lets every type in"),
        ({"token_issuer": "https://login.example.com"}, "token_issuer is set, but private_assets is false"),
        ({"token_audience": "web"}, "token_audience is set, but private_assets is false"),
        ({"private_assets": True, "token_issuer": "https://login.example.com"},
         "token_issuer needs token_audience"),
        ({"private_assets": True, "token_audience": "web"}, "token_audience needs token_issuer"),
        ({"private_assets": True, "private_rules": "shared/*,shared/a/*"},
         "private_rules: The rules 'shared/*' and 'shared/a/*' overlap: no object may lie under two rules."),
        ({"private_assets": True, "private_rules": "[]"},
         "private_rules: There must be a rule, such as '*' for all objects."),
        ({**JWT, "private_assets": True, "jwt_audience": None},
         "issuer_auth is jwt, which needs jwt_audience"),
        ({"cors_origins": "*,https://a.example"},
         "cors_origins names single origins beside *, which allows all"),
        ({"reconcile_logs": True}, "reconcile_logs needs access_logs"),
        ({**DOMAIN, "hosted_zone_id": "Z0123456789"}, "hosted_zone_id needs hosted_zone_name"),
        ({**DOMAIN, "hosted_zone_name": "example.com"}, "hosted_zone_name needs hosted_zone_id"),
        ({"brand_colour": "#0a5c8f"}, "brand_colour is set, but brand_name isn't"),
        ({"brand_logo": "logo.svg"}, "brand_logo is set, but brand_name isn't"),
        ({"certificate_arn": CERTIFICATE}, "certificate_arn is set, but domain_name isn't"),
        (ZONE, "hosted_zone_name is set, but domain_name isn't"),
        ({"domain_name": "files.example.com"},
         "domain_name needs certificate_arn, or hosted_zone_id and hosted_zone_name"),
        ({**ZONE, "domain_name": "files.example.org"},
         "domain_name is files.example.org, which isn't in the hosted zone example.com"),
        ({**ZONE, "domain_name": "filesexample.com"},
         "domain_name is filesexample.com, which isn't in the hosted zone example.com"),
    ],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(context: dict[str, Any], reason: str) -> None:
    assert refusal(**context) == reason


@pytest.mark.parametrize(
    "context",
    [
        JWT,
        DOMAIN,
        {**DOMAIN, **ZONE},
        {**ZONE, "domain_name": "example.com"},
        {"cors_origins": "*"},
        {"private_assets": True, "issuer_auth": "jwt"},
        {"private_assets": True, **JWT},
        {"private_assets": "true", "private_prefix": "files/private/"},
        {"private_rules": ["shared/*", "a for b/*", "finance/* for finance|audit", "users/{sub}/*"]},
        {"web_acl_arn": WEB_ACL, "bucket_name": "acme-files", "region": "ap-southeast-4"},
        {"default_lifetime_seconds": 3600},
    ],
)
def test_settings_that_go_together_are_taken(context: dict[str, Any]) -> None:
    Settings.from_context(context)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("disposeable", "did you mean disposable?"),
        ("price-class", "did you mean price_class?"),
        ("Region", "did you mean region?"),
        ("max_lifetime", "did you mean max_lifetime_seconds?"),
        ("flavour", "docs/settings.md lists them"),
    ],
)
def test_a_key_that_is_no_setting_is_refused_with_a_hint(key: str, hint: str) -> None:
    assert refusal(**{key: "x"}) == f"{key!r} is not a setting: {hint}"


def test_keys_of_the_cdk_and_its_cli_are_left_alone() -> None:
    Settings.from_context(
        {
            "@aws-cdk/core:enablePartitionLiterals": True,
            "aws:cdk:enable-path-metadata": True,
            "aws:cdk:bundling-stacks": ["**"],
            "availability-zones:account=111122223333:region=us-east-1": ["us-east-1a"],
            "acknowledged-issue-numbers": [1],
            "cli-telemetry": False,
        }
    )


def test_the_app_stops_at_a_wrong_setting_with_one_line_and_exit_code_1() -> None:
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": '{"max_lifetime_seconds": "7200"}'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == (
        "onetime-urls: max_lifetime_seconds is '7200', it must be a whole number from 1 to 3600\n"
    )
    assert done.stdout == ""
    assert done.returncode == 1
