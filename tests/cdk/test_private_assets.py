"""`PrivateAssets` in an app that isn't ours."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Duration, Fn
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations as Said
from aws_cdk.assertions import Match

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    Domain,
    LinkApi,
    Monitoring,
    NewBucket,
    OidcIssuer,
    PrivateAssets,
    PropError,
    Rule,
)
from onetime_urls.protocol.private_assets import GuardSettings
from tests.cdk.conftest import Strangers
from tests.cdk.test_one_time_urls import listed, physical_names
from tests.stack.synthesis import ROOT, Json, Synthesised, flat

ISSUER = OidcIssuer("https://login.example.com/tenant", ["web"])
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
EVERYTHING: dict[str, Any] = {
    "issuer": [ISSUER, OidcIssuer("https://accounts.example.org", ["a", "b"], token_use=["access"])],
    "rules": [Rule("shared/*"), Rule("finance/*", ["finance"]), Rule("users/{sub}/*")],
    "cookies": ["token", "__Secure-session"],
    "query_token": True,
    "login_url": "https://app.example.com/login",
    "cors_origins": ["https://app.example.com"],
    "cross_origin_resource_policy": "same-origin",
    "default_root_object": "shared/index.html",
    "error_pages": {404: "errors/not found.html"},
    "cache_for": Duration.hours(1),
    "access_logs": AccessLogs(),
    "monitoring": Monitoring(email="operations@example.com", refusals=20),
    "price_class": cloudfront.PriceClass.PRICE_CLASS_ALL,
    "geo_restriction": cloudfront.GeoRestriction.denylist("AQ"),
    "web_acl_id": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/01234567-89ab-cdef-0123-456789abcdef",
}


def config(made: Synthesised) -> Json:
    """The distribution's own."""
    read: Json = made.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    return read


def let_in(made: Synthesised) -> list[Json]:
    """What the bucket's policy lets CloudFront do."""
    policy = flat(made.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"])
    return [each for each in policy if each["Effect"] == "Allow"]


def guard_config(made: Synthesised) -> Json:
    """What lies beside the guard's code."""
    asset = made.asset(made.function("token_guard.handler.handler"))
    read: Json = json.loads((asset / "token_guard" / "config.json").read_text())
    return read


def test_one_issuer_is_all_that_it_takes(strangers: Strangers) -> None:
    stack = strangers.stack()
    assets = PrivateAssets(stack, "Assets", issuer=ISSUER)
    assert assets.bucket.node.path.startswith("Files/Assets/")
    assert assets.distribution.node.path.startswith("Files/Assets/")
    made = strangers.synth()
    assert flat(stack.resolve(assets.url)).startswith("https://<Assets")
    settings = GuardSettings.from_plain(guard_config(made)["settings"])
    assert [rule.pattern for rule in settings.rules.rules] == ["*"]
    assert [each.url for each in settings.issuers] == [ISSUER.url]
    assert assets.alarms == []


def test_the_distribution_reads_its_own_prefix_and_no_other_distribution_does(strangers: Strangers) -> None:
    stack = strangers.stack()
    bucket = s3.Bucket(stack, "Bucket", enforce_ssl=True)
    PrivateAssets(stack, "Assets", issuer=ISSUER, bucket=bucket, prefix="private/files/")
    made = strangers.synth()
    [distribution] = (
        name
        for name, resource in made.templates["Files"]["Resources"].items()
        if resource["Type"] == "AWS::CloudFront::Distribution"
    )
    itself = f"arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<{distribution}>"
    cloudfront_itself = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}}
    assert let_in(made) == [
        cloudfront_itself
        | {
            "Action": "s3:GetObject",
            "Resource": "<Bucket83908E77.Arn>/private/files/*",
            "Condition": {"StringEquals": {"aws:SourceArn": itself}},
        },
        cloudfront_itself
        | {
            "Action": "s3:ListBucket",
            "Resource": "<Bucket83908E77.Arn>",
            "Condition": {
                "StringEquals": {"aws:SourceArn": itself},
                "StringLikeIfExists": {"s3:prefix": "private/files/*"},
            },
        },
    ]
    [origin] = config(made)["Origins"]
    assert origin["OriginPath"] == "/private/files"
    control = made.one("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["OriginAccessControlOriginType"]) == ("always", "s3")
    assert "OriginAccessControl" in flat(origin["OriginAccessControlId"])
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_the_cache_has_no_token_cookie_or_query_in_its_key_and_none_goes_to_s3(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER, cache_for=Duration.minutes(7))
    made = strangers.synth()
    policy = made.one("AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert {policy[name] for name in ("MinTTL", "DefaultTTL", "MaxTTL")} == {420}
    behaviour = config(made)["DefaultCacheBehavior"]
    assert "OriginRequestPolicyId" not in behaviour
    assert "CacheBehaviors" not in config(made)
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"


def test_one_numbered_version_of_the_guard_decides_before_the_cache(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER)
    made = strangers.synth()
    associated = config(made)["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    assert [each["EventType"] for each in associated] == ["viewer-request", "origin-response"]
    [version] = {flat(each["LambdaFunctionARN"]) for each in associated}
    assert "CurrentVersion" in version
    function = made.function("token_guard.handler.handler")
    assert (function["MemorySize"], function["Timeout"]) == (128, 5)
    assert "Environment" not in function


def test_the_guard_may_write_its_own_log_and_read_nothing(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER)
    [logs] = strangers.synth().role("Token guard").statements
    assert logs["Action"] == ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_settings_with_a_pool_of_the_same_app_are_in_a_parameter_that_only_the_guard_reads(
    strangers: Strangers, region: str
) -> None:
    stack = strangers.stack(region=region)
    pool = cognito.UserPool(stack, "Pool")
    client = pool.add_client("Client")
    issuer = OidcIssuer.cognito(pool, [client])
    PrivateAssets(stack, "Assets", issuer=issuer, amplify_clients=[client])
    made = strangers.synth()
    parameter = made.one("AWS::SSM::Parameter", stack="Files")
    told = guard_config(made)
    assert told == {"parameter": parameter["Name"], "region": region}
    [_, read] = made.role("Token guard").statements
    assert read["Action"] == "ssm:GetParameter"
    folder = told["parameter"].rpartition("/")[0]
    assert read["Resource"].endswith(f":ssm:{region}:<AWS::AccountId>:parameter{folder}/*")
    assert folder.endswith("/token-guard")
    known = flat(parameter["Value"]).replace("<Pool", "Pool").replace(">", "")
    settings = GuardSettings.from_plain(json.loads(known))
    [found] = settings.issuers
    assert found.url.startswith(f"https://cognito-idp.{region}.amazonaws.com/Pool")
    assert found.keys_url == f"{found.url}/.well-known/jwks.json"
    assert found.audience == settings.amplify_clients
    [distribution] = made.resources("AWS::CloudFront::Distribution")
    assert any("Settings" in name for name in distribution["DependsOn"])


def test_other_rules_are_another_version_of_the_guard_and_the_one_before_still_reads_its_own(
    another: Any,
) -> None:
    names, readable = set(), set()
    for rules in ([Rule("*")], [Rule("shared/*")]):
        app = another()
        stack = app.stack()
        pool = cognito.UserPool(stack, "Pool")
        PrivateAssets(
            stack, "Assets", issuer=OidcIssuer.cognito(pool, [pool.add_client("Client")]), rules=rules
        )
        made = app.synth()
        names.add(guard_config(made)["parameter"])
        readable.add(made.role("Token guard").statements[1]["Resource"])
    assert len(names) == 2
    assert len(readable) == 1


def test_a_new_bucket_is_private_encrypted_as_asked_and_keeps_to_its_lifecycle(strangers: Strangers) -> None:
    stack = strangers.stack()
    rule = s3.LifecycleRule(id="cold", transitions=[
        s3.Transition(storage_class=s3.StorageClass.GLACIER, transition_after=Duration.days(90))
    ])  # fmt: skip
    new = NewBucket(versioned=False, lifecycle_rules=[rule], encryption_key=kms.Key(stack, "Key"))
    PrivateAssets(stack, "Assets", issuer=ISSUER, new_bucket=new)
    made = strangers.synth()
    bucket = made.one("AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert "VersioningConfiguration" not in bucket
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert [each["Id"] for each in rules] == ["abort-incomplete-uploads", "cold"]
    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert encryption["BucketKeyEnabled"]


def test_a_key_lets_the_accounts_distributions_decrypt_and_nobody_elses(strangers: Strangers) -> None:
    stack = strangers.stack()
    new = NewBucket(encryption_key=kms.Key(stack, "Key"))
    PrivateAssets(stack, "Assets", issuer=ISSUER, new_bucket=new)
    _, decrypt = flat(strangers.synth().one("AWS::KMS::Key")["KeyPolicy"]["Statement"])
    assert decrypt == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {
            "StringLike": {
                "aws:SourceArn": "arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/*"
            }
        },
    }


def test_the_owner_of_an_imported_bucket_and_key_is_told_what_to_add(strangers: Strangers) -> None:
    stack = strangers.stack()
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:111122223333:key/abc")
    bucket = s3.Bucket.from_bucket_attributes(stack, "B", bucket_name="acme-files", encryption_key=key)
    PrivateAssets(stack, "Assets", issuer=ISSUER, bucket=bucket, prefix="private/")
    made = strangers.synth()
    assert list(made.resources("AWS::S3::BucketPolicy")) == []
    for action in ("s3:GetObject.*acme-files/private/\\*", "s3:ListBucket", "kms:Decrypt"):
        Said.from_stack(stack).has_info("*", Match.string_like_regexp(f"Nothing is changed.*{action}"))


def test_what_every_answer_carries_keeps_it_from_other_sites_and_from_scripts(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER)
    policy = strangers.synth().one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    assert "ContentSecurityPolicy" not in security  # the guard sets the object's own
    assert security["ContentTypeOptions"] == {"Override": True}
    [own] = policy["CustomHeadersConfig"]["Items"]
    assert own == {"Header": "Cross-Origin-Resource-Policy", "Override": True, "Value": "same-site"}
    assert "CorsConfig" not in policy


def test_scripts_of_named_origins_may_read_with_credentials(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", **EVERYTHING)
    made = strangers.synth()
    policy = made.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    cors = policy["CorsConfig"]
    assert cors["AccessControlAllowOrigins"] == {"Items": ["https://app.example.com"]}
    assert cors["AccessControlAllowCredentials"]
    assert "*" not in cors["AccessControlAllowHeaders"]["Items"]
    assert config(made)["DefaultCacheBehavior"]["AllowedMethods"] == ["GET", "HEAD", "OPTIONS"]


def test_all_that_the_distribution_can_be_asked_for_reaches_it(strangers: Strangers) -> None:
    stack = strangers.stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    domain = Domain(name="assets.example.com", certificate=certificate)
    assets = PrivateAssets(stack, "Assets", domain=domain, **EVERYTHING)
    assert assets.url == "https://assets.example.com"
    made = config(strangers.synth())
    assert made["Aliases"] == ["assets.example.com"]
    assert made["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert made["PriceClass"] == "PriceClass_All"
    assert made["WebACLId"] == EVERYTHING["web_acl_id"]
    assert made["Restrictions"]["GeoRestriction"] == {"RestrictionType": "blacklist", "Locations": ["AQ"]}
    assert made["DefaultRootObject"] == "shared/index.html"
    pages = {each["ErrorCode"]: each.get("ResponsePagePath") for each in made["CustomErrorResponses"]}
    assert pages.pop(404) == "/errors/not%20found.html"
    assert set(pages.values()) == {None}
    assert {each["ErrorCachingMinTTL"] for each in made["CustomErrorResponses"]} == {0}
    assert made["DefaultCacheBehavior"]["Compress"]


def test_everything_the_guard_can_be_told_reaches_it(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", **EVERYTHING)
    settings = GuardSettings.from_plain(guard_config(strangers.synth())["settings"])
    assert [each.token_use for each in settings.issuers] == [(), ("access",)]
    assert [rule.groups for rule in settings.rules.rules] == [(), ("finance",), ()]
    assert settings.cookies == ("token", "__Secure-session")
    assert settings.query_token
    assert settings.login_url == "https://app.example.com/login"
    assert settings.cors_origins == ("https://app.example.com",)
    assert settings.default_root_object == "shared/index.html"


def test_the_log_has_no_query_cookie_or_referrer(strangers: Strangers) -> None:
    PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER, access_logs=AccessLogs())
    fields = strangers.synth().one("AWS::Logs::Delivery")["RecordFields"]
    assert not {"cs-uri-query", "cs(Cookie)", "cs(Referer)"} & set(fields)


def test_alarms_are_where_cloudfronts_metrics_are_and_tell_whom_they_should(strangers: Strangers) -> None:
    assets = PrivateAssets(strangers.stack(region="eu-west-1"), "Assets", **EVERYTHING)
    assert len(assets.alarms) == 2
    made = strangers.synth()
    alarms = list(made.resources("AWS::CloudWatch::Alarm", stack="Files-watch-eu-west-1"))
    assert len(alarms) == 2
    assert {each["Properties"]["Threshold"] for each in alarms} == {20, 5}
    assert all(each["Properties"]["AlarmActions"] for each in alarms)
    assert list(made.resources("AWS::CloudWatch::Dashboard", stack="Files"))


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_several_of_one_stack_share_a_bucket_and_no_name(strangers: Strangers, region: str) -> None:
    stack = strangers.stack(region=region)
    first = PrivateAssets(stack, "First", **EVERYTHING)
    PrivateAssets(stack, "Second", bucket=first.bucket, prefix="second/", **EVERYTHING)
    made = strangers.synth()
    names = physical_names(made)
    assert [name for name, number in Counter(names).items() if number > 1] == []
    resources = [each for grant in let_in(made) for each in listed(grant["Resource"])]
    assert len([each for each in resources if each.endswith("/second/*")]) == 1
    sids = [each.get("Sid") for each in made.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]]
    assert [sid for sid, number in Counter(filter(None, sids)).items() if number > 1] == []


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_cdk_nag_and_the_cdks_own_validation_find_nothing_unanswered(tmp_path: Path, region: str) -> None:
    strangers = Strangers(tmp_path, checked=True)
    stack = strangers.stack(region=region)
    PrivateAssets(stack, "Everything", **EVERYTHING)
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", Fn.import_value("client"))
    PrivateAssets(stack, "Least", issuer=ISSUER, amplify_clients=[client])
    assert strangers.synth().findings == []


def test_a_bucket_of_another_stack_of_the_app_is_refused(strangers: Strangers) -> None:
    bucket = s3.Bucket(strangers.stack("Data"), "Bucket")
    with pytest.raises(PropError, match=r"^Files/Assets: bucket is made in the stack Data, "):
        PrivateAssets(strangers.stack(), "Assets", issuer=ISSUER, bucket=bucket)


@pytest.mark.parametrize(
    ("props", "sentence"),
    [
        ({"rules": [Rule("a/*"), Rule("a/b/*")]},
         "the rules 'a/*' and 'a/b/*' overlap: no object may lie under two rules"),
        ({"rules": [Rule("users/{sub}/*"), Rule("users/shared/*")]}, "overlap"),
        ({"rules": []}, "there must be a rule, such as '*' for all objects"),
        ({"rules": "*"}, "rules is '*', it must be a list of rules, such as Rule("),
        ({"rules": ["*"]}, """rules is ['*'], it must be a list of rules, such as Rule("users/{sub}/*")"""),
        ({"rules": None}, "rules is None, it must be a list of rules"),
        ({"issuer": None}, "issuer is None, it must be a list of OidcIssuer, or one"),
        ({"issuer": ["https://login.example.com"]}, "it must be a list of OidcIssuer, or one"),
        ({"cookies": [None]}, "cookies is [None], it must be a list of names of cookies"),
        ({"amplify_clients": ["web"]}, "amplify_clients is 'web', it must be clients of a Cognito user pool"),
        ({"amplify_clients": None}, "amplify_clients is None, it must be a list of clients"),
        ({"query_token": "no"}, "query_token is 'no', it must be True or False"),
        ({"login_url": 5}, "login_url is 5, it must be an address"),
        ({"cors_origins": None}, "cors_origins is None, it must be a list of origins"),
        ({"compress": "no"}, "compress is 'no', it must be True or False"),
        ({"error_pages": [404]}, "error_pages is [404], it must be Mapping or None"),
        ({"cache_for": 0}, "cache_for must be a Duration of whole seconds"),
        ({"new_bucket": True}, "new_bucket is True, it must be NewBucket or None"),
        ({"new_bucket": NewBucket(versioned="no")}, "new_bucket.versioned is 'no', it must be True or False"),  # type: ignore[arg-type]  # wrong on purpose
        ({"monitoring": True}, "monitoring is True, it must be Monitoring or None"),
        ({"web_acl_id": "mine"}, "web_acl_id is 'mine', it must be the ARN of a WAF web ACL"),
        ({"issuer": OidcIssuer("http://login.example.com", ["web"])}, "must be an https URL"),
        ({"issuer": OidcIssuer("http://127.0.0.1:8080/pool", ["web"])}, "must be an https URL"),
        ({"issuer": OidcIssuer("https://login.example.com", [])}, "needs an audience"),
        ({"issuer": []}, "there must be an issuer whose tokens count"),
        ({"issuer": [ISSUER, ISSUER]}, "each issuer may be named once, with all of its audiences"),
        ({"cookies": ["a b"]}, "can't be the name of a cookie"),
        ({"cookies": "token"}, "cookies is 'token', it must be a list of names of cookies"),
        ({"login_url": "javascript:alert(1)"}, "login page"),
        ({"login_url": "http://app.example.com/login"}, "must be an https URL, or http on loopback"),
        ({"issuer": OidcIssuer("https://login.example.com", ["web"], ["refresh"])},
         "the token_use of https://login.example.com is 'refresh', it must be id or access"),
        ({"cors_origins": ["*"]}, "it must be an origin such as https://app.example.com"),
        ({"cors_origins": "https://app.example.com"}, "it must be a list of origins"),
        ({"cross_origin_resource_policy": "any"}, "same-origin, same-site or cross-origin"),
        ({"prefix": "private"}, "prefix is 'private', it must be empty, or segments"),
        ({"prefix": "/private/"}, "prefix is '/private/'"),
        ({"prefix": "a/../b/"}, "prefix is 'a/../b/'"),
        ({"prefix": "./"}, "prefix is './'"),
        ({"prefix": "a//"}, "prefix is 'a//'"),
        ({"prefix": "*/"}, "prefix is '*/'"),
        ({"prefix": "a%2fb/"}, "prefix is 'a%2fb/'"),
        ({"prefix": f"{'a' * 200}/"}, "prefix is "),
        ({"default_root_object": "/index.html"}, "must not begin with a slash"),
        ({"default_root_object": "../index.html"}, "'.' or '..'"),
        ({"error_pages": {401: "sign-in.html"}}, "error_pages names 401, CloudFront has pages for 400, 403"),
        ({"error_pages": {404: "a\nb"}}, "control characters"),
        ({"cache_for": Duration.seconds(0)}, "cache_for is 0 seconds, it must be from 1 second to 365 days"),
        ({"cache_for": Duration.days(366)}, "cache_for is"),
        ({"access_logs": AccessLogs(reconcile=True)}, "access_logs.reconcile is for one-time links"),
        ({"monitoring": Monitoring(refusals=0)}, "monitoring.refusals is 0"),
        ({"domain": Domain(name="assets.example.com")}, "domain needs a certificate, or a hosted_zone"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_in_one_sentence_with_the_constructs_path(
    strangers: Strangers, props: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PropError) as raised:
        PrivateAssets(strangers.stack(), "Assets", **{"issuer": ISSUER, **props})
    message = str(raised.value)
    assert message.startswith("Files/Assets: ")
    assert sentence in message
    assert "\n" not in message


def test_a_new_bucket_beside_a_given_one_is_refused(strangers: Strangers) -> None:
    stack = strangers.stack()
    bucket = s3.Bucket.from_bucket_name(stack, "B", "acme-files")
    with pytest.raises(PropError, match="new_bucket describes a bucket to be made, but one is given"):
        PrivateAssets(stack, "Assets", issuer=ISSUER, bucket=bucket, new_bucket=NewBucket())


def test_a_stack_without_a_region_is_refused_and_one_without_an_account_is_not(strangers: Strangers) -> None:
    with pytest.raises(PropError, match=r"^Files/Assets: its stack has no region"):
        PrivateAssets(strangers.stack(region=None), "Assets", issuer=ISSUER)
    PrivateAssets(strangers.stack("Elsewhere", "ap-southeast-2"), "Assets", **EVERYTHING)
    assert "Elsewhere-edge-ap-southeast-2" in strangers.synth().templates


def test_an_api_is_not_closed_by_a_use_of_tokens_that_it_cannot_see(strangers: Strangers) -> None:
    issuer = OidcIssuer("https://login.example.com", ["web"], token_use=["access"])
    with pytest.raises(PropError, match="token_use, which the authoriser of an HTTP API doesn't look at"):
        LinkApi(strangers.stack(), "Api", auth=ApiAuth.token(issuer))


def test_an_issuer_that_is_wholly_a_reference_is_checked_as_far_as_it_is_known(strangers: Strangers) -> None:
    stack = strangers.stack()
    pool = cognito.UserPool(stack, "Pool")
    PrivateAssets(stack, "Assets", issuer=OidcIssuer(pool.user_pool_provider_url, ["web"]))
    value = flat(strangers.synth().one("AWS::SSM::Parameter")["Value"])
    assert '"url": "<PoolD3F588B8.ProviderURL>"' in value


def test_the_environment_of_a_pool_elsewhere_names_its_region(strangers: Strangers) -> None:
    stack = strangers.stack()
    pool = cognito.UserPool.from_user_pool_arn(
        stack, "Pool", "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_abc"
    )
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "client-id")
    PrivateAssets(stack, "Assets", issuer=OidcIssuer.cognito(pool, [client]))
    [issuer] = GuardSettings.from_plain(guard_config(strangers.synth())["settings"]).issuers
    assert issuer.url == "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"


def test_the_pages_example_deploys_as_it_is_printed() -> None:
    page = (ROOT / "docs" / "private-assets.md").read_text()
    [example] = (each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "App()" in each)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 our own page
    names["stack"].node.root.synth()
