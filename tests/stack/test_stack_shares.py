"""Shares as they are deployed: the way to the page, its table, its functions and what these may do."""

from typing import Any

from onetime_urls.protocol.pages.layout import page_policy
from share_admin.settings import Settings as AdminSettings
from share_page.settings import Settings as PageSettings
from tests.stack.synthesis import Json, Synthesised, flat
from tests.stack.test_stack_distribution import config
from tests.stack.test_stack_permissions import (
    PARAMETER,
    READ_OBJECT,
    allow,
    reading,
    service,
    updating,
    without_names,
)

BUCKET = "<AssetsBucket252B3DF7.Arn>"
LINKS, SHARES = "<LinksTableFD6FA5FC.Arn>", "<SharesTable"


def page_origin(made: Synthesised) -> Json:
    [origin] = (each for each in config(made)["Origins"] if "CustomOriginConfig" in each)
    found: Json = origin
    return found


def statements(made: Synthesised, role: str) -> list[Json]:
    """What a role may do beside writing its own logs."""
    return [
        each
        for each in without_names(made.role(role).statements)
        if "logs:PutLogEvents" not in each["Action"]
    ]


def shares_table(made: Synthesised) -> str:
    """The ARN of the table of shares, as policies refer to it."""
    [name] = (name for name in made.templates["OneTimeUrls"]["Resources"] if name.startswith("SharesTable"))
    return f"<{name}.Arn>"


def test_so_many_visits_as_are_set_run_at_once_and_no_other_function_is_held_to_a_number(
    default: Synthesised, tailored: Synthesised
) -> None:
    def held(made: Synthesised) -> dict[str, Any]:
        functions = [each["Properties"] for each in made.resources("AWS::Lambda::Function")]
        most = "ReservedConcurrentExecutions"
        return {each["Handler"]: each[most] for each in functions if most in each}

    assert held(tailored) == {"share_page.handler.handler": 5}
    assert held(default) == {}


def test_pages_come_from_the_api_over_tls_with_the_secret_that_the_function_holds(every: Synthesised) -> None:
    origin = page_origin(every)
    assert flat(origin["DomainName"]).startswith("<MintApi")
    assert ".execute-api." in flat(origin["DomainName"])
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    [header] = origin["OriginCustomHeaders"]
    secret = flat(header["HeaderValue"])
    assert header["HeaderName"] == "x-share-origin"
    assert secret.startswith("{{resolve:secretsmanager:<ShareBehaviourOriginSecret")
    page = every.function("share_page.handler.handler")
    assert flat(page["Environment"]["Variables"]["ORIGIN_SECRET"]) == secret
    assert (
        every.one("AWS::SecretsManager::Secret", named="ShareBehaviourOrigin")["GenerateSecretString"][
            "PasswordLength"
        ]
        == 48
    )


def test_the_function_gets_the_viewers_address_from_cloudfront_and_the_ticket_alone_of_its_cookies(
    every: Synthesised,
) -> None:
    policy = every.one("AWS::CloudFront::OriginRequestPolicy", named="ShareBehaviour")
    found = policy["OriginRequestPolicyConfig"]
    assert found["HeadersConfig"]["Headers"] == [
        "Accept",
        "Accept-Language",
        "CloudFront-Viewer-Address",
        "Origin",
        "Sec-Fetch-Site",
        "User-Agent",
    ]
    assert found["CookiesConfig"] == {"CookieBehavior": "whitelist", "Cookies": ["__Secure-ticket"]}
    assert found["QueryStringsConfig"] == {"QueryStringBehavior": "none"}


def test_the_page_has_a_security_policy_without_script_and_with_its_own_form(every: Synthesised) -> None:
    policy = every.one("AWS::CloudFront::ResponseHeadersPolicy", named="ShareBehaviour")
    found = policy["ResponseHeadersPolicyConfig"]
    assert {each["Header"]: each["Value"] for each in found["CustomHeadersConfig"]["Items"]} == {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }
    security = found["SecurityHeadersConfig"]
    expected = page_policy("#0a5c8f" if "Acme-Links" in every.templates else None, forms="'self'")
    assert security["ContentSecurityPolicy"]["ContentSecurityPolicy"] == expected
    assert "script-src" not in expected
    assert expected.startswith("default-src 'none'; style-src 'sha256-")
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"


def test_the_table_of_shares_is_listed_by_indexes_of_keys_and_kept_like_the_other(
    default: Synthesised,
) -> None:
    table = default.one("AWS::DynamoDB::GlobalTable", named="Shares")
    assert table["TableName"] == "OneTimeUrls-shares"
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by-creation", "by-key"]
    for index in table["GlobalSecondaryIndexes"]:
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    [replica] = table["Replicas"]
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_page_may_count_hand_links_out_and_look_objects_up(default: Synthesised) -> None:
    write = ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"]
    role = default.role("Share page:")
    [signer] = (each["Resource"] for each in role.statements if each["Action"] == "sts:AssumeRole")
    assert statements(default, "Share page:") == [
        allow("sts:AssumeRole", signer),
        allow(READ_OBJECT, f"{BUCKET}/*"),
        allow("s3:ListBucket", BUCKET),
        allow(write, shares_table(default)),
        allow("dynamodb:PutItem", LINKS),
        allow("dynamodb:GetItem", LINKS) | reading(["signature", "claims", "revoked_at"]),
        allow("dynamodb:UpdateItem", LINKS) | updating("signature", "claims", "revoked_at"),
        allow("ssm:GetParameter", PARAMETER.format(region="us-east-1")),
    ]
    assert role.trusted == [service("lambda.amazonaws.com")]
    assert statements(default, "Share page's signer") == [allow(READ_OBJECT, f"{BUCKET}/*")]


def test_the_share_admin_may_keep_shares_and_revoke_links_but_hand_nothing_out(default: Synthesised) -> None:
    table = shares_table(default)
    keep = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"]
    [sign, *others] = statements(default, "Share admin")
    assert sign["Action"] == "sts:AssumeRole"
    assert others == [
        allow(READ_OBJECT, f"{BUCKET}/*"),
        allow("s3:ListBucket", BUCKET),
        allow(keep, table),
        allow("dynamodb:Query", f"{table}/index/by-creation"),
        allow("dynamodb:Query", f"{table}/index/by-key"),
        allow("dynamodb:UpdateItem", LINKS) | updating("signature", "revoked_at"),
    ]
    send = ["s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
    assert statements(default, "Signs uploads") == [allow(send, f"{BUCKET}/uploads/*")]


def test_the_edge_guard_never_touches_the_table_of_shares(default: Synthesised) -> None:
    assert SHARES not in str(default.role("Edge guard").statements)


def test_both_functions_understand_the_environment_that_the_stack_gives_them(
    default: Synthesised, tailored: Synthesised
) -> None:
    for made in (default, tailored):
        for handler, settings in (("share_admin", AdminSettings), ("share_page", PageSettings)):
            variables = flat(made.function(f"{handler}.handler.handler")["Environment"]["Variables"])
            resolved = {
                "BUCKET_NAME": "files",
                "ORIGIN_DOMAIN": "files.s3.us-east-1.amazonaws.com",
                "LINKS_TABLE_NAME": "links",
                "SHARES_TABLE_NAME": "shares",
                "LINK_BASE_URL": "https://d111111abcdef8.cloudfront.net",
                "SIGNER_ROLE_ARN": "arn:aws:iam::111122223333:role/signer",
                "UPLOADER_ROLE_ARN": "arn:aws:iam::111122223333:role/uploader",
                "AWS_REGION": "us-east-1",
            }
            assert settings.from_environment(variables | resolved)
