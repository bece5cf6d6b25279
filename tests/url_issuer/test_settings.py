"""The environment, validated once."""

import pytest

from common.http_api.environment import SettingsError
from tests.url_issuer.world import ENVIRONMENT
from url_issuer.settings import Settings


def test_the_bucket_s_region_is_the_one_in_the_origin_s_name() -> None:
    elsewhere = ENVIRONMENT | {"ORIGIN_DOMAIN": "example-assets.s3.ap-southeast-2.amazonaws.com"}
    settings = Settings.from_environment(elsewhere)
    assert (settings.mint.bucket_region, settings.mint.region) == ("ap-southeast-2", "us-east-1")


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
@pytest.mark.parametrize("value", [None, "", " ", "x\n", "01", "\u0661"])
def test_a_missing_or_malformed_variable_is_named(name: str, value: str | None) -> None:
    environment = {other: kept for other, kept in ENVIRONMENT.items() if other != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUCKET_NAME", "with.dots"),
        ("DEFAULT_LIFETIME_SECONDS", "3601"),
        ("LINK_BASE_URL", "http://files.example.com"),
        ("LINK_BASE_URL", "https://files.example.com/"),
        ("LINK_BASE_URL", "https://files.example.com/prefix"),
        ("LINK_BASE_URL", "https://user@files.example.com"),
        ("DEFAULT_LIFETIME_SECONDS", "0"),
        ("MAX_CLAIMS", "0"),
        ("MAX_CLAIMS", "101"),
        ("MAX_LIFETIME_SECONDS", "604741"),
        ("MAX_RESUME_FACTOR", "0"),
        ("MAX_RESUME_SECONDS", "601141"),
        ("ORIGIN_DOMAIN", "another-bucket.s3.us-east-1.amazonaws.com"),
        ("ORIGIN_DOMAIN", "example-assets.s3.amazonaws.com"),
        ("ORIGIN_DOMAIN", "s3.us-east-1.amazonaws.com/example-assets"),
        ("SIGNER_ROLE_ARN", "arn:aws:iam::123456789012:user/someone"),
    ],
)
def test_a_value_that_could_not_make_working_links_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(ENVIRONMENT | {name: value})


@pytest.mark.parametrize(
    "url", ["https://files.example.com", "https://x.example:8443", "http://127.0.0.1:8080"]
)
def test_links_begin_with_an_https_host_or_with_loopback(url: str) -> None:
    assert Settings.from_environment(ENVIRONMENT | {"LINK_BASE_URL": url}).mint.base_url == url
