"""`SignedUrls` in an app that isn't ours."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    LinkApi,
    Monitoring,
    OidcIssuer,
    PropError,
    Rule,
    Sessions,
    SignedUrls,
    SigningKey,
)
from onetime_urls.protocol.rules import Rules
from tests.cdk.conftest import Strangers
from tests.stack.synthesis import Synthesised, flat

ISSUER = OidcIssuer("https://issuer.example.com/pool", ["client-1"], ["id"])


def made(strangers: Strangers, **props: Any) -> Synthesised:
    SignedUrls(strangers.stack(), "Signed", **props)
    return strangers.synth()


def signer(synthesised: Synthesised) -> dict[str, Any]:
    environment: dict[str, Any] = synthesised.function("file_signer.handler.handler")["Environment"][
        "Variables"
    ]
    return environment


def content_policy(synthesised: Synthesised) -> dict[str, Any]:
    """The response headers policy of the files."""
    configs = [
        each["Properties"]["ResponseHeadersPolicyConfig"]
        for each in synthesised.resources("AWS::CloudFront::ResponseHeadersPolicy")
    ]
    config: dict[str, Any]
    [config] = [each for each in configs if "Cross-Origin-Resource-Policy" in str(each)]
    return config


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """All of it, with what a stranger has to say and no more, checked by cdk-nag."""
    strangers = Strangers(tmp_path_factory.mktemp("whole"), checked=True)
    stack = strangers.stack()
    SignedUrls(
        stack,
        "Signed",
        prefix="private/",
        api=LinkApi(stack, "Api", auth=ApiAuth.token(OidcIssuer(ISSUER.url, ISSUER.audience))),
        issuer=ISSUER,
        rules=[Rule("shared/*"), Rule("users/{sub}/*")],
        graphql=True,
        cors_origins=["https://app.example.com"],
    )
    return strangers.synth()


def test_a_stranger_synthesises_it_and_nobody_has_to_answer_for_anything(whole: Synthesised) -> None:
    assert whole.findings == []


@pytest.mark.parametrize(
    ("spec", "algorithm"),
    [("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_256")],
)
def test_only_the_file_signers_role_may_sign_and_only_by_the_keys_algorithm(
    strangers: Strangers, spec: str, algorithm: str
) -> None:
    synthesised = made(strangers, signing_keys=[SigningKey("a", spec)])
    key = synthesised.one("AWS::KMS::Key", named="SignedSigningKeys")
    assert (key["KeySpec"], key["KeyUsage"]) == (spec, "SIGN_VERIFY")
    account, sign = flat(key["KeyPolicy"]["Statement"])
    assert account["Principal"]["AWS"].endswith(":root")
    # Neither by itself nor by a wildcard nor by a grant does IAM give the right to sign.
    assert not [each for each in account["Action"] if "*" in each or "Sign" in each or "Grant" in each]
    assert sign["Action"] == "kms:Sign"
    assert "FileSignerRole" in sign["Principal"]["AWS"]
    assert sign["Condition"] == {
        "StringEqualsIfExists": {"kms:SigningAlgorithm": algorithm, "kms:MessageType": "RAW"}
    }
    assert signer(synthesised)["SIGNING_ALGORITHM"] == algorithm
    assert signer(synthesised)["SIGNING_KEY_ARN"] == {
        "Fn::GetAtt": [_only(synthesised, "AWS::KMS::Key", "SignedSigningKeys"), "Arn"]
    }


def test_a_grant_to_sign_is_in_the_keys_policy_too(strangers: Strangers) -> None:
    stack = strangers.stack()
    signed = SignedUrls(stack, "Signed")
    role = iam.Role(stack, "Backend", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    signed.grant_sign(role)
    key = strangers.synth().one("AWS::KMS::Key", named="SignedSigningKeys")
    principals = [each["Principal"].get("AWS") for each in flat(key["KeyPolicy"]["Statement"])]
    assert any("Backend" in str(each) for each in principals)


def test_the_file_signer_may_list_the_prefix_and_read_nothing(whole: Synthesised) -> None:
    role = whole.role("File signer")
    actions = sorted(
        action
        for each in role.statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    )
    assert actions == ["kms:Sign", "logs:CreateLogStream", "logs:PutLogEvents", "s3:ListBucket"]
    [listing] = [each for each in role.statements if each["Action"] == "s3:ListBucket"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "private/*"}}
    assert role.managed == []


def test_no_private_key_is_anywhere_in_the_template(whole: Synthesised) -> None:
    assert "PRIVATE KEY" not in json.dumps(whole.templates)


def test_cloudfront_verifies_before_the_cache_and_no_function_runs_there(whole: Synthesised) -> None:
    config = whole.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviour = config["DefaultCacheBehavior"]
    assert behaviour["TrustedKeyGroups"] == [{"Ref": _only(whole, "AWS::CloudFront::KeyGroup")}]
    assert not behaviour.get("LambdaFunctionAssociations")
    assert not behaviour.get("FunctionAssociations")
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    [session] = config["CacheBehaviors"]
    assert session["PathPattern"] == "-/session"
    assert "TrustedKeyGroups" not in session


def test_all_that_s3_gets_of_a_query_is_the_disposition(whole: Synthesised) -> None:
    policies = {
        each["Properties"]["CachePolicyConfig"]["Name"].rpartition("-")[2]: each["Properties"][
            "CachePolicyConfig"
        ]["ParametersInCacheKeyAndForwardedToOrigin"]
        for each in whole.resources("AWS::CloudFront::CachePolicy")
    }
    assert policies["content"]["QueryStringsConfig"] == {
        "QueryStringBehavior": "whitelist",
        "QueryStrings": ["response-content-disposition"],
    }
    assert policies["content"]["HeadersConfig"]["HeaderBehavior"] == "none"
    assert policies["content"]["CookiesConfig"]["CookieBehavior"] == "none"


def test_what_s3_says_of_an_objects_storage_is_taken_out(whole: Synthesised) -> None:
    removed = [each["Header"] for each in content_policy(whole)["RemoveHeadersConfig"]["Items"]]
    assert "x-amz-server-side-encryption-aws-kms-key-id" in removed
    assert "x-amz-version-id" in removed
    assert len(removed) <= 10  # CloudFront's quota


def test_a_file_without_a_cache_control_is_kept_by_no_shared_cache_and_asked_for_each_time(
    whole: Synthesised,
) -> None:
    headers = content_policy(whole)["CustomHeadersConfig"]["Items"]
    [kept] = [each for each in headers if each["Header"] == "Cache-Control"]
    assert (kept["Value"], kept["Override"]) == ("private, no-cache", False)


def test_two_users_sessions_are_never_taken_for_one(whole: Synthesised) -> None:
    [policy] = [
        each["Properties"]["CachePolicyConfig"]
        for each in whole.resources("AWS::CloudFront::CachePolicy")
        if each["Properties"]["CachePolicyConfig"]["Name"].endswith("-session")
    ]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"]["Headers"] == ["Authorization"]
    assert key["CookiesConfig"]["Cookies"] == ["__Host-signed-session"]
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)


def test_files_and_urls_are_behind_the_apis_authoriser_and_the_session_is_open(whole: Synthesised) -> None:
    for route in ("GET /files", "GET /url"):
        assert whole.route(route)["AuthorizationType"] == "JWT"
    assert whole.route("ANY /-/session")["AuthorizationType"] == "NONE"


def test_without_an_issuer_there_are_no_sessions_and_every_caller_is_trusted(strangers: Strangers) -> None:
    synthesised = made(strangers)
    assert signer(synthesised)["TOKEN_ISSUER"] == ""
    assert signer(synthesised)["TOKENS_ONLY"] == "false"
    assert "CacheBehaviors" not in synthesised.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    routes = {each["Properties"]["RouteKey"] for each in synthesised.resources("AWS::ApiGatewayV2::Route")}
    assert routes == {"GET /files", "GET /url"}
    assert synthesised.route("GET /url")["AuthorizationType"] == "AWS_IAM"


def test_its_function_reads_what_it_is_told(whole: Synthesised) -> None:
    from file_signer.settings import Settings

    variables = {name: value for name, value in signer(whole).items() if isinstance(value, str)}
    settings = Settings.from_environment(
        {
            **variables,
            "AWS_REGION": "us-east-1",
            "BUCKET_NAME": "some-bucket",
            "SIGNED_BASE_URL": "https://d111111abcdef8.cloudfront.net",
            "SIGNING_KEY_ARN": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "KEY_PAIR_ID": "K2JCJMDEHXQW5F",
        }
    )
    assert settings.prefix == "private/"
    assert settings.rules == Rules((Rule("shared/*"), Rule("users/{sub}/*")))
    assert settings.issuer is not None
    assert settings.issuer.token_use == ("id",)
    assert settings.tokens_only
    assert settings.origins == ("https://app.example.com",)


def test_a_bucket_of_its_own_has_a_kms_key_of_its_own(whole: Synthesised) -> None:
    [rule] = whole.one("AWS::S3::Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_graphql_is_off_unless_it_is_asked_for(strangers: Strangers) -> None:
    assert not list(made(strangers).resources("AWS::AppSync::GraphQLApi"))


def test_graphql_has_the_apis_callers_and_bounds(whole: Synthesised) -> None:
    api = whole.one("AWS::AppSync::GraphQLApi")
    assert api["AuthenticationType"] == "OPENID_CONNECT"
    assert api["OpenIDConnectConfig"] == {"Issuer": ISSUER.url, "ClientId": r"client\-1"}
    assert api["QueryDepthLimit"] == 4
    assert api["ResolverCountLimit"] == 10
    assert api["IntrospectionConfig"] == "DISABLED"


@pytest.mark.parametrize("auth", [ApiAuth.iam(), ApiAuth.open_to_everyone()])
def test_graphql_is_never_open(strangers: Strangers, auth: ApiAuth) -> None:
    stack = strangers.stack()
    SignedUrls(stack, "Signed", api=LinkApi(stack, "Api", auth=auth), graphql=True)
    api = strangers.synth().one("AWS::AppSync::GraphQLApi")
    assert api["AuthenticationType"] == "AWS_IAM"


def test_a_new_key_is_known_everywhere_before_it_signs_and_the_old_one_still_verifies(
    another: Callable[[], Strangers],
) -> None:
    before = made(another(), signing_keys=[SigningKey("1")])
    after = made(another(), signing_keys=[SigningKey("2"), SigningKey("1")])
    old, new = _public_keys(before), _public_keys(after)
    assert old.items() <= new.items()  # what was there isn't changed: CloudFront couldn't
    assert _only(before, "AWS::CloudFront::KeyGroup") != _only(after, "AWS::CloudFront::KeyGroup")
    group = after.one("AWS::CloudFront::KeyGroup")["KeyGroupConfig"]
    assert {each["Ref"] for each in group["Items"]} == set(new)
    [added] = set(new) - set(old)
    assert signer(after)["KEY_PAIR_ID"] == {"Ref": added}
    # CloudFormation changes the function only after the distribution, which has to be deployed by then.
    [function] = [
        each
        for each in after.resources("AWS::Lambda::Function")
        if each["Properties"]["Handler"].startswith("file_signer.")
    ]
    assert _only(after, "AWS::CloudFront::Distribution") in function["DependsOn"]


def test_keys_of_two_regions_of_an_account_have_names_of_their_own(another: Callable[[], Strangers]) -> None:
    names = set()
    for region in ("us-east-1", "eu-west-1"):
        strangers = another()
        SignedUrls(strangers.stack(region=region), "Signed")
        made_there = strangers.synth()
        names.add(made_there.one("AWS::CloudFront::KeyGroup")["KeyGroupConfig"]["Name"])
        names.add(made_there.one("AWS::CloudFront::PublicKey")["PublicKeyConfig"]["Name"])
    assert len(names) == 4


def test_an_imported_bucket_is_listed_under_its_prefix(strangers: Strangers) -> None:
    stack = strangers.stack()
    bucket = s3.Bucket.from_bucket_attributes(stack, "Given", bucket_name="given", region="us-east-1")
    SignedUrls(stack, "Signed", bucket=bucket, prefix="a/b/")
    assert signer(strangers.synth())["KEY_PREFIX"] == "a/b/"


def test_a_stack_without_a_region_has_one_template_for_all(strangers: Strangers) -> None:
    SignedUrls(strangers.stack(region=None), "Signed", issuer=ISSUER)
    made_anywhere = strangers.synth()
    assert sorted(made_anywhere.templates) == ["Files"]
    name = flat(made_anywhere.one("AWS::CloudFront::KeyGroup")["KeyGroupConfig"]["Name"])
    assert "-<AWS::Region>-" in name


@pytest.mark.parametrize("props", [{"monitoring": Monitoring()}, {"access_logs": AccessLogs()}])
def test_a_stack_without_a_region_is_refused_where_something_belongs_in_us_east_1(
    strangers: Strangers, props: dict[str, Any]
) -> None:
    with pytest.raises(PropError, match=r"^Files/Signed.*: its stack has no region.*give the stack env="):
        SignedUrls(strangers.stack(region=None), "Signed", **props)


@pytest.mark.parametrize(
    ("props", "said"),
    [
        ({"signing_keys": []}, "signing_keys must be 1 to 5"),
        ({"signing_keys": [SigningKey("1"), SigningKey("1")]}, "names one key twice"),
        ({"signing_keys": [SigningKey("1", "RSA_4096")]}, "must be RSA_2048 or ECC_NIST_P256"),
        ({"signing_keys": [SigningKey("a_b")]}, "signing_keys.name"),
        ({"signing_keys": [SigningKey("a-" * 16 + "a")]}, "signing_keys.name"),
        ({"rules": [Rule("*"), Rule("a/*")]}, "overlap"),
        ({"rules": "*"}, "it must be a list of rules"),
        ({"rules": []}, "there must be a rule, such as .* for all objects$"),
        ({"issuer": []}, r"issuer is \[\], it must be OidcIssuer or None"),
        ({"api": 0}, "api is 0, it must be LinkApi or None"),
        ({"graphql": "no"}, "graphql is 'no', it must be True or False"),
        ({"sessions": None}, "sessions is None, it must be Sessions"),
        ({"max_url_lifetime": 0}, "max_url_lifetime must be a Duration of whole seconds"),
        ({"max_url_lifetime": Duration.days(8)}, "max_url_lifetime"),
        ({"sessions": Sessions(longest=Duration.seconds(59))}, "sessions.longest"),
        ({"sessions": Sessions(same_site="lax")}, "same_site"),
        ({"issuer": OidcIssuer("http://issuer.example.com", ["c"])}, "must be an https URL"),
        ({"issuer": ISSUER, "rules": [Rule(f"{n}/*") for n in range(9)]}, "have room for the cookies of 8"),
    ],
)
def test_what_cant_work_is_refused_at_synthesis(
    strangers: Strangers, props: dict[str, Any], said: str
) -> None:
    with pytest.raises(PropError, match=f"^Files/Signed: .*{said}"):
        SignedUrls(strangers.stack(), "Signed", **props)


def test_a_graphql_api_needs_to_know_whose_tokens_it_lets_in(strangers: Strangers) -> None:
    stack = strangers.stack()
    api = LinkApi(stack, "Api", auth=ApiAuth.token(OidcIssuer(ISSUER.url, [])))
    with pytest.raises(PropError, match=r"^Files/Signed: graphql needs the audience of the API's issuer"):
        SignedUrls(stack, "Signed", api=api, graphql=True)


def test_tokens_that_are_made_out_for_anybody_open_no_session(strangers: Strangers) -> None:
    SignedUrls(strangers.stack(), "Signed", issuer=OidcIssuer(ISSUER.url, []))
    with pytest.raises(RuntimeError, match=r"\[Files/Signed\] issuer needs an audience"):
        strangers.synth()


def _only(synthesised: Synthesised, kind: str, begins: str = "") -> str:
    found: list[str] = [
        logical_id
        for template in synthesised.templates.values()
        for logical_id, each in template["Resources"].items()
        if each["Type"] == kind and logical_id.startswith(begins)
    ]
    assert len(found) == 1
    return found[0]


def _public_keys(synthesised: Synthesised) -> dict[str, str]:
    return {
        logical_id: json.dumps(each)
        for template in synthesised.templates.values()
        for logical_id, each in template["Resources"].items()
        if each["Type"] in ("AWS::CloudFront::PublicKey",)
    }
