"""Our deployment with private assets."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from onetime_urls.protocol.private_assets import GuardSettings
from tests.stack.synthesis import Json, Synthesised, flat, synthesise

ELSEWHERE = {
    "region": "eu-west-1",
    "private_assets": True,
    "token_issuer": "https://login.example.com/tenant",
    "token_audience": ["web"],
    "private_prefix": "members/",
    "private_rules": "shared/*, finance/* for finance|audit, users/{sub}/*",
    "cors_origins": "https://app.example.com",
    "access_logs": True,
    "alarm_email": "ops@example.com",
    "refusals_alarm": 7,
}
OWN_POOL = {"private_assets": "true", "issuer_auth": "jwt"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Synthesised]:
    """Gives a combination of settings, synthesised once."""
    known: dict[str, Synthesised] = {}

    def give(**context: object) -> Synthesised:
        name = json.dumps(context)
        if name not in known:
            known[name] = synthesise(tmp_path_factory.mktemp("private"), validated=True, **context)
        return known[name]

    return give


def guard_config(made: Synthesised) -> Json:
    folder: Path = made.asset(made.function("token_guard.handler.handler"))
    read: Json = json.loads((folder / "token_guard" / "config.json").read_text())
    return read


def test_private_assets_are_off_unless_asked_for(default: Synthesised) -> None:
    assert len(list(default.resources("AWS::CloudFront::Distribution"))) == 1
    assert list(default.resources("AWS::CloudFront::OriginAccessControl")) == []
    assert list(default.resources("AWS::Cognito::UserPool")) == []
    assert "PrivateUrl" not in default.outputs


@pytest.mark.parametrize("context", [ELSEWHERE, OWN_POOL])
def test_they_have_a_distribution_of_their_own_on_the_same_bucket(
    made: Callable[..., Synthesised], context: Json
) -> None:
    private = made(**context)
    assert private.findings == []
    assert len(list(private.resources("AWS::CloudFront::Distribution"))) == 2
    assert len(list(private.resources("AWS::S3::Bucket"))) == 1
    assert private.outputs["PrivateUrl"]["Value"] != private.outputs["DistributionUrl"]["Value"]
    prefix = context.get("private_prefix", "private/")
    assert private.outputs["PrivatePrefix"]["Value"] == prefix
    policy = flat(private.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"])
    read, tell_missing = (each for each in policy if each["Effect"] == "Allow")
    assert read["Resource"].endswith(f"/{prefix}*")
    assert "PrivateAssets" in read["Condition"]["StringEquals"]["aws:SourceArn"]
    assert tell_missing["Condition"]["StringLikeIfExists"] == {"s3:prefix": f"{prefix}*"}


def test_the_operators_issuer_rules_and_origins_reach_the_guard(made: Callable[..., Synthesised]) -> None:
    settings = GuardSettings.from_plain(guard_config(made(**ELSEWHERE))["settings"])
    [issuer] = settings.issuers
    assert (issuer.url, tuple(issuer.audience)) == (ELSEWHERE["token_issuer"], ("web",))
    assert [(each.pattern, each.groups) for each in settings.rules.rules] == [
        ("shared/*", ()),
        ("finance/*", ("finance", "audit")),
        ("users/{sub}/*", ()),
    ]
    assert settings.cors_origins == ("https://app.example.com",)
    outputs = made(**ELSEWHERE).outputs
    assert outputs["TokenIssuer"]["Value"] == ELSEWHERE["token_issuer"]
    assert "UserPoolId" not in outputs


def test_every_page_may_call_the_api_but_none_reads_with_cookies(made: Callable[..., Synthesised]) -> None:
    settings = GuardSettings.from_plain(
        guard_config(
            made(**{**ELSEWHERE, "cors_origins": "*"})  # an origin has to be named for that
        )["settings"]
    )
    assert settings.cors_origins == ()


def test_without_an_issuer_there_is_a_pool_that_nobody_signs_up_to(made: Callable[..., Synthesised]) -> None:
    private = made(**OWN_POOL)
    pool = private.one("AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["DeletionProtection"] == "ACTIVE"
    client = private.one("AWS::Cognito::UserPoolClient")
    flows = set(client["ExplicitAuthFlows"])
    assert flows == {"ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert not client.get("GenerateSecret")
    issuer = flat(private.outputs["TokenIssuer"]["Value"])
    assert issuer.startswith("https://cognito-idp.us-east-1.amazonaws.com/<UsersPool")
    assert {"UserPoolId", "UserPoolClientId"} <= set(private.outputs)


def test_with_jwt_the_api_takes_the_tokens_of_private_assets(made: Callable[..., Synthesised]) -> None:
    private = made(**OWN_POOL)
    authorizer = private.one("AWS::ApiGatewayV2::Authorizer")
    assert authorizer["AuthorizerType"] == "JWT"
    told = flat(authorizer["JwtConfiguration"])
    assert told["Issuer"] == flat(private.outputs["TokenIssuer"]["Value"])
    assert told["Audience"] == [flat(private.outputs["UserPoolClientId"]["Value"])]


def test_the_guards_settings_are_where_only_it_reads_them(made: Callable[..., Synthesised]) -> None:
    private = made(**OWN_POOL)
    told = guard_config(private)
    [_, read] = private.role("Token guard").statements
    assert read["Action"] == "ssm:GetParameter"
    folder = told["parameter"].rpartition("/")[0]
    assert read["Resource"].endswith(f"{folder}/*")
    readers = [
        statement
        for template in private.templates.values()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        if folder in str(flat(statement["Resource"]))
    ]
    assert len(readers) == 1


def test_logs_and_alarms_are_as_for_links(made: Callable[..., Synthesised]) -> None:
    private = made(**ELSEWHERE)
    assert len(list(private.resources("AWS::Logs::Delivery"))) == 2
    thresholds = [each["Properties"]["Threshold"] for each in private.resources("AWS::CloudWatch::Alarm")]
    assert thresholds.count(7) == 2
