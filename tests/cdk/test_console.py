"""`Console` in an app that isn't ours."""

import json
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from typing import Any

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    Brand,
    Console,
    Domain,
    LinkApi,
    Monitoring,
    OidcIssuer,
    OneTimeUrls,
    PrivateAssets,
    PropError,
    Shares,
    SignedUrls,
    SignIn,
    SignOut,
)
from tests.cdk.conftest import Strangers
from tests.stack.synthesis import Synthesised, flat

ISSUER = OidcIssuer("https://login.example.com/tenant", ["cli"])
POOL = OidcIssuer("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc", ["cli"])
SIGN_IN = SignIn(ISSUER, "console-client")


def doors(stack: Stack, auth: ApiAuth | None = None, **props: Any) -> dict[str, Any]:
    """An API that a console can call, and the door behind it, without shares unless `props` say otherwise."""
    api = LinkApi(stack, "Api", auth=auth or ApiAuth.open_to_everyone())
    return {"api": api, "links": OneTimeUrls(stack, "Links", **{"api": api, "shares": None, **props})}


def made(strangers: Strangers, auth: ApiAuth | None = None, **props: Any) -> Synthesised:
    stack = strangers.stack()
    Console(stack, "Console", **doors(stack, auth), **props)
    return strangers.synth()


def files(synthesised: Synthesised) -> dict[str, Any]:
    """What is published at the root: name to text, with references written as text."""
    documents: dict[str, Any] = flat(synthesised.one("Custom::Console")["Documents"])
    return documents


def config(synthesised: Synthesised) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files(synthesised)["config.json"])
    return read


def policy(synthesised: Synthesised) -> dict[str, list[str]]:
    """The page's own content security policy."""
    text = files(synthesised)["index.html"].partition('Security-Policy" content="')[2].partition('"')[0]
    return {words[0]: words[1:] for words in (each.split() for each in text.split(";"))}


def console_distribution(synthesised: Synthesised) -> tuple[str, dict[str, Any]]:
    """Its logical id and its configuration."""
    [found] = [
        (name, each["Properties"]["DistributionConfig"])
        for template in synthesised.templates.values()
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::CloudFront::Distribution"
        and each["Properties"]["DistributionConfig"].get("DefaultRootObject") == "index.html"
    ]
    return found


def url(synthesised: Synthesised) -> str:
    return f"https://<{console_distribution(synthesised)[0]}.DomainName>"


def only(synthesised: Synthesised, kind: str) -> str:
    """The logical id of the only resource of a type, as text."""
    [name] = [
        name
        for template in synthesised.templates.values()
        for name, each in template["Resources"].items()
        if each["Type"] == kind
    ]
    return f"<{name}>"


def references(node: Any) -> Iterator[str]:
    """Logical ids that a part of a template needs."""
    match node:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case dict():
            for each in node.values():
                yield from references(each)
        case list():
            for each in node:
                yield from references(each)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """With everything that goes with it, a Cognito user pool, signed URLs, alarms, and private assets beside
    it. Checked by cdk-nag and the CDK's own validation."""
    strangers = Strangers(tmp_path_factory.mktemp("whole"), checked=True)
    stack = strangers.stack()
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "us-east-1_abcdefghi")
    domain = cognito.UserPoolDomain(
        stack,
        "Domain",
        user_pool=pool,
        cognito_domain=cognito.CognitoDomainOptions(domain_prefix="files-of-ours"),
    )
    command = cognito.UserPoolClient.from_user_pool_client_id(stack, "Command", "command-client")
    both = doors(
        stack,
        ApiAuth.token(OidcIssuer.cognito(pool, [command])),
        max_lifetime=Duration.minutes(30),
        shares=Shares(max_life=Duration.days(7), upload_folders=["in/"]),
    )
    Console(
        stack,
        "Console",
        **both,
        signed=SignedUrls(
            stack, "Signed", api=both["api"], prefix="private/", max_url_lifetime=Duration.days(1)
        ),
        sign_in=SignIn.cognito(pool, domain),
        brand=Brand(name="Example", colour="#0a5c8f"),
        access_logs=AccessLogs(),
        monitoring=Monitoring(),
    )
    PrivateAssets(stack, "Private", issuer=OidcIssuer.cognito(pool, [command]), bucket=both["links"].bucket)
    return strangers.synth()


def test_a_stranger_synthesises_every_construct_and_nobody_has_to_answer_for_anything(
    whole: Synthesised,
) -> None:
    assert whole.findings == []


def test_no_resource_waits_for_one_that_waits_for_it(whole: Synthesised) -> None:
    [template] = whole.templates.values()
    needs = {
        name: {*references(each.get("Properties", {})), *_listed(each.get("DependsOn", []))}
        & template["Resources"].keys()
        for name, each in template["Resources"].items()
    }
    assert len([*TopologicalSorter(needs).static_order()]) == len(template["Resources"])


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def test_its_files_are_in_a_bucket_of_their_own_that_only_its_distribution_reads(whole: Synthesised) -> None:
    name, distribution = console_distribution(whole)
    [origin] = distribution["Origins"]
    assert origin["OriginAccessControlId"]
    bucket = whole.one("Custom::Console")["Bucket"]["Ref"]
    assert flat(origin["DomainName"]) == f"<{bucket}.RegionalDomainName>"
    [statement] = [
        each
        for found in whole.resources("AWS::S3::BucketPolicy")
        if found["Properties"]["Bucket"] == {"Ref": bucket}
        for each in found["Properties"]["PolicyDocument"]["Statement"]
        if each["Action"] == "s3:GetObject"
    ]
    assert flat(statement["Condition"]["StringEquals"]["aws:SourceArn"]).endswith(f"distribution/<{name}>")


def test_the_cache_keeps_what_the_file_lets_it_and_nothing_else_for_no_second(whole: Synthesised) -> None:
    [cached] = [
        each["Properties"]["CachePolicyConfig"]
        for each in whole.resources("AWS::CloudFront::CachePolicy")
        if each["Properties"]["CachePolicyConfig"]["Name"].endswith("-console")
    ]
    assert (cached["MinTTL"], cached["DefaultTTL"], cached["MaxTTL"]) == (0, 0, 365 * 86_400)
    key = cached["ParametersInCacheKeyAndForwardedToOrigin"]
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, True)
    assert key["QueryStringsConfig"]["QueryStringBehavior"] == "none"
    _, distribution = console_distribution(whole)
    assert {each["ErrorCachingMinTTL"] for each in distribution["CustomErrorResponses"]} == {0}
    assert distribution["DefaultCacheBehavior"]["Compress"] is True


def test_the_headers_policy_allows_own_scripts_and_styles_and_no_frame_form_or_sink(
    whole: Synthesised,
) -> None:
    [headers] = [
        each["Properties"]["ResponseHeadersPolicyConfig"]
        for each in whole.resources("AWS::CloudFront::ResponseHeadersPolicy")
        if each["Properties"]["ResponseHeadersPolicyConfig"]["Name"].endswith("-console")
    ]
    told = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    assert told["Override"] is True
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ):
        assert directive in told["ContentSecurityPolicy"].split("; ")
    assert "unsafe" not in told["ContentSecurityPolicy"]


def test_the_page_talks_with_the_api_the_issuer_and_the_buckets_and_shows_signed_files(
    whole: Synthesised,
) -> None:
    allowed = policy(whole)
    read = config(whole)
    signed = flat(
        whole.function("file_signer.handler.handler")["Environment"]["Variables"]["SIGNED_BASE_URL"]
    )
    bucket = flat(whole.function("share_admin.handler.handler")["Environment"]["Variables"]["BUCKET_NAME"])
    assert set(allowed["connect-src"]) == {
        "'self'",
        read["api"],
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi/",
        f"https://{only(whole, 'AWS::Cognito::UserPoolDomain')}.auth.us-east-1.amazoncognito.com",
        f"https://{bucket[:-1]}.RegionalDomainName>",
        signed,
    }
    assert allowed["img-src"] == ["'self'", "blob:", "data:", signed]
    assert allowed["media-src"] == ["blob:", signed]
    assert allowed["frame-src"] == ["blob:"]  # a PDF that the page holds
    for name in ("default-src", "base-uri", "form-action", "trusted-types"):
        assert allowed[name] == ["'none'"]


def test_the_configuration_says_what_the_deployment_offers(whole: Synthesised) -> None:
    read = config(whole)
    pages = f"https://{only(whole, 'AWS::Cognito::UserPoolDomain')}.auth.us-east-1.amazoncognito.com"
    assert read["signIn"] == {
        "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi",
        "discovery": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi"
        "/.well-known/openid-configuration",
        "clientId": only(whole, "AWS::Cognito::UserPoolClient"),
        "scopes": ["openid", "email"],
        "token": "id",
        "signOut": {
            "url": f"{pages}/logout",
            "clientParameter": "client_id",
            "returnParameter": "logout_uri",
        },
    }
    assert read["signed"] == {"prefix": "private/", "maxSeconds": 86_400}
    assert read["uploads"] == {"folders": ["in/"], "maxBytes": 5 * 2**30, "types": ["*/*"]}
    assert read["shares"] == {"maxDays": 7, "maxDownloads": 20}
    assert read["once"] == {"defaultSeconds": 900, "maxSeconds": 1800}
    assert read["brand"] == {"name": "Example", "colour": "#0a5c8f"}


def test_the_page_names_the_files_of_its_own_version(whole: Synthesised) -> None:
    version = whole.one("Custom::Console")["Version"]
    page = files(whole)["index.html"]
    assert f'src="assets/{version}/app/main.js"' in page
    assert f'href="assets/{version}/design.css"' in page
    assert "assets/_/" not in page


def test_its_client_comes_back_to_exactly_its_address_by_the_code_flow_without_a_secret(
    whole: Synthesised,
) -> None:
    client = whole.one("AWS::Cognito::UserPoolClient")
    assert flat(client["CallbackURLs"]) == flat(client["LogoutURLs"]) == [f"{url(whole)}/"]
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "email"]
    assert client["GenerateSecret"] is False
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_SRP_AUTH"]


def test_the_api_accepts_the_clients_tokens_beside_those_of_others(whole: Synthesised) -> None:
    audience = whole.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert flat(audience) == ["command-client", only(whole, "AWS::Cognito::UserPoolClient")]


def test_who_signs_urls_verifies_tokens_for_the_same_clients_as_the_api(whole: Synthesised) -> None:
    told = flat(whole.function("file_signer.handler.handler")["Environment"]["Variables"]["TOKEN_ISSUER"])
    audience = whole.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert json.loads(told)["audience"] == flat(audience)


def test_a_token_that_signed_urls_wouldnt_take_is_refused(strangers: Strangers) -> None:
    stack = strangers.stack()
    both = doors(stack, ApiAuth.token(ISSUER))
    only_access = OidcIssuer(ISSUER.url, ISSUER.audience, ["access"])
    signed = SignedUrls(stack, "Signed", api=both["api"], issuer=only_access)
    with pytest.raises(PropError, match="Files/Signed: issuer names a token_use, without id"):
        Console(stack, "Console", **both, signed=signed, sign_in=SIGN_IN)


def test_api_bucket_and_signed_files_let_its_pages_in_and_no_others(whole: Synthesised) -> None:
    origin = url(whole)
    api = whole.one("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert flat(api["AllowOrigins"]) == [origin]
    assert {"DELETE", "GET", "POST"} == set(api["AllowMethods"])
    assert "authorization" in api["AllowHeaders"]
    assert api["ExposeHeaders"] == ["retry-after"]
    [rule] = [
        rule
        for each in whole.resources("AWS::S3::Bucket")
        for rule in each["Properties"].get("CorsConfiguration", {}).get("CorsRules", [])
    ]
    assert flat(rule["AllowedOrigins"]) == [origin]
    assert (rule["AllowedMethods"], rule["ExposedHeaders"]) == (["PUT", "POST"], ["ETag"])
    [cors] = [
        flat(found["Properties"]["ResponseHeadersPolicyConfig"]["CorsConfig"])
        for found in whole.resources("AWS::CloudFront::ResponseHeadersPolicy")
        if "CorsConfig" in found["Properties"]["ResponseHeadersPolicyConfig"]
    ]
    assert cors["AccessControlAllowOrigins"] == {"Items": [origin]}
    assert cors["AccessControlAllowMethods"] == {"Items": ["GET", "HEAD"]}


def test_the_publisher_may_fill_the_consoles_bucket_and_nothing_else(whole: Synthesised) -> None:
    bucket = whole.one("Custom::Console")["Bucket"]["Ref"]
    statements = whole.role("Console publisher").statements
    assert {
        tuple(_listed(each["Action"])): each["Resource"] for each in statements if "Logs" not in each["Sid"]
    } == {
        ("s3:PutObject", "s3:DeleteObject"): f"<{bucket}.Arn>/*",
        ("s3:ListBucket",): f"<{bucket}.Arn>",
    }


def test_the_publisher_carries_what_it_publishes(whole: Synthesised) -> None:
    asset = whole.asset(whole.function("console_publisher.handler.handler"))
    published = asset / "console_publisher" / "published"
    assert (published / "app" / "main.js").is_file()
    assert b"--accent" in (published / "design.css").read_bytes()
    assert not (published / "index.html").exists()


def test_its_bucket_goes_with_the_stack_however_the_rest_stays(whole: Synthesised) -> None:
    bucket = whole.one("Custom::Console")["Bucket"]["Ref"]
    [template] = whole.templates.values()
    assert template["Resources"][bucket]["DeletionPolicy"] == "Delete"


def test_without_sign_in_shares_and_signed_urls_it_offers_none_of_them(strangers: Strangers) -> None:
    stack = strangers.stack()
    Console(stack, "Console", **doors(stack))
    synthesised = strangers.synth()
    read = config(synthesised)
    assert [read[name] for name in ("signIn", "signed", "shares", "uploads")] == [None] * 4
    assert read["brand"] == {}
    for bucket in synthesised.resources("AWS::S3::Bucket"):
        assert "CorsConfiguration" not in bucket["Properties"]


def test_any_issuers_client_is_named_and_its_further_addresses_too(strangers: Strangers) -> None:
    sign_in = SignIn(
        ISSUER,
        "console-client",
        scopes=["openid", "profile", "files"],
        shows="access",
        sign_out=SignOut("https://login.example.com/out", "client", "back"),
        origins=["https://tokens.example.com"],
    )
    synthesised = made(strangers, ApiAuth.token(ISSUER), sign_in=sign_in)
    told = config(synthesised)["signIn"]
    assert (told["issuer"], told["clientId"], told["token"]) == (ISSUER.url, "console-client", "access")
    assert told["signOut"]["url"] == "https://login.example.com/out"
    connected = policy(synthesised)["connect-src"]
    assert {f"{ISSUER.url}/", "https://tokens.example.com"} <= set(connected)
    audience = synthesised.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert audience == ["cli"]  # an access token is made out for the API


def test_a_pool_and_a_client_that_are_there_are_taken_as_they_are(strangers: Strangers) -> None:
    stack = strangers.stack()
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "us-east-1_abc")
    sign_in = SignIn.cognito(pool, "login.example.com", client_id="console-client")
    Console(stack, "Console", **doors(stack, ApiAuth.token(POOL)), sign_in=sign_in)
    synthesised = strangers.synth()
    assert not list(synthesised.resources("AWS::Cognito::UserPoolClient"))
    told = config(synthesised)["signIn"]
    assert (told["clientId"], told["signOut"]["url"]) == (
        "console-client",
        "https://login.example.com/logout",
    )
    assert "https://login.example.com" in policy(synthesised)["connect-src"]


def test_an_id_token_is_made_out_for_the_console_which_the_api_accepts(strangers: Strangers) -> None:
    synthesised = made(strangers, ApiAuth.token(ISSUER), sign_in=SIGN_IN)
    audience = synthesised.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert audience == ["cli", "console-client"]


def test_the_console_may_be_the_only_client_there_is(strangers: Strangers) -> None:
    stack = strangers.stack()
    nobody = OidcIssuer(ISSUER.url, [])
    both = doors(stack, ApiAuth.token(nobody))
    signed = SignedUrls(stack, "Signed", api=both["api"])
    Console(stack, "Console", **both, signed=signed, sign_in=SignIn(nobody, "console-client"))
    synthesised = strangers.synth()
    audience = synthesised.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    told = synthesised.function("file_signer.handler.handler")["Environment"]["Variables"]["TOKEN_ISSUER"]
    assert audience == json.loads(flat(told))["audience"] == ["console-client"]


def test_a_logo_is_published_as_a_file_of_its_version(strangers: Strangers, tmp_path: Any) -> None:
    logo = tmp_path / "ours.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    synthesised = made(strangers, brand=Brand(name="Example", logo=logo))
    version = synthesised.one("Custom::Console")["Version"]
    assert config(synthesised)["brand"]["logo"] == f"assets/{version}/logo.svg"
    asset = synthesised.asset(synthesised.function("console_publisher.handler.handler"))
    assert (asset / "console_publisher" / "published" / "logo.svg").read_bytes() == logo.read_bytes()


def test_another_brand_is_another_version(another: Callable[[], Strangers]) -> None:
    plain, coloured = made(another()), made(another(), brand=Brand(name="Example", colour="#0a5c8f"))
    assert plain.one("Custom::Console")["Version"] != coloured.one("Custom::Console")["Version"]


def test_a_domain_of_its_own_is_its_address_and_has_its_records(strangers: Strangers) -> None:
    stack = strangers.stack(region="eu-west-1")
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    domain = Domain(name="console.example.com", hosted_zone=zone)
    console = Console(stack, "Console", **doors(stack), domain=domain)
    synthesised = strangers.synth()
    assert console.url == "https://console.example.com"
    certificate = synthesised.one("AWS::CertificateManager::Certificate", stack="Files-edge-eu-west-1")
    assert certificate["DomainName"] == "console.example.com"
    assert synthesised.one("AWS::ApiGatewayV2::Api")["CorsConfiguration"]["AllowOrigins"] == [console.url]
    names = {each["Properties"]["Name"] for each in synthesised.resources("AWS::Route53::RecordSet")}
    assert names == {"console.example.com."}


def test_elsewhere_everything_but_certificate_logs_and_alarms_is_at_home(strangers: Strangers) -> None:
    stack = strangers.stack(region="eu-west-1")
    Console(stack, "Console", **doors(stack), access_logs=AccessLogs(), monitoring=Monitoring())
    synthesised = strangers.synth()
    synthesised.one("Custom::Console", stack="Files")
    assert console_distribution(synthesised)[0] in synthesised.templates["Files"]["Resources"]
    assert list(synthesised.resources("AWS::Logs::Delivery", stack="Files-watch-eu-west-1"))


def test_two_in_one_stack_each_have_names_and_an_origin_of_their_own(strangers: Strangers) -> None:
    stack = strangers.stack()
    both = doors(stack)
    first, second = (Console(stack, name, **both) for name in ("First", "Second"))
    synthesised = strangers.synth()
    origins = synthesised.one("AWS::ApiGatewayV2::Api")["CorsConfiguration"]["AllowOrigins"]
    assert flat(origins) == flat(stack.resolve([first.url, second.url]))
    names = [
        each["Properties"]["CachePolicyConfig"]["Name"]
        for each in synthesised.resources("AWS::CloudFront::CachePolicy")
    ]
    assert len(set(names)) == len(names)


def test_the_owner_of_a_given_bucket_is_told_what_lets_pages_upload(strangers: Strangers) -> None:
    stack = strangers.stack()
    bucket = s3.Bucket.from_bucket_name(stack, "Given", "acme-files")
    Console(stack, "Console", **doors(stack, bucket=bucket, shares=Shares()))
    strangers.synth()
    told = (strangers.folder / "Files.metadata.json").read_text()
    assert "Its owner has to add this to its CORS configuration" in told
    assert "ExposeHeaders" in told


@pytest.fixture(scope="module")
def doors_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[ApiAuth | None], dict[str, Any]]:
    """Gives the same doors to all who have the same callers in mind."""
    made: dict[str, dict[str, Any]] = {}

    def give(auth: ApiAuth | None) -> dict[str, Any]:
        if str(auth) not in made:
            made[str(auth)] = doors(Strangers(tmp_path_factory.mktemp("doors")).stack(), auth)
        return made[str(auth)]

    return give


CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("auth", "props", "sentence"),
    [
        (ApiAuth.iam(), {}, "api's callers sign requests with IAM credentials"),
        (ApiAuth.token(ISSUER), {}, "api's callers show tokens: say with sign_in"),
        (None, {"sign_in": SIGN_IN}, "sign_in is given, but api is open to everyone"),
        (
            ApiAuth.token(ISSUER),
            {"sign_in": SignIn(OidcIssuer("https://other.example.com", ["a"]), "c")},
            "sign_in has another issuer than api",
        ),
        (ApiAuth.token(ISSUER), {"sign_in": SignIn(ISSUER)}, "sign_in has to name a client, or a user pool"),
        (
            ApiAuth.token(ISSUER),
            {"sign_in": SignIn(ISSUER, "c", scopes=["email"])},
            "sign_in.scopes must have openid",
        ),
        (
            ApiAuth.token(ISSUER),
            {"sign_in": SignIn(ISSUER, "c", shows="both")},  # type: ignore[arg-type]  # wrong on purpose
            "sign_in.shows is 'both', it must be id or access",
        ),
        (
            ApiAuth.token(ISSUER),
            {"sign_in": SignIn(ISSUER, "c", origins=["tokens.example.com; script-src *"])},
            "sign_in.origins is 'tokens.example.com; script-src *'",
        ),
        (
            ApiAuth.token(ISSUER),
            {"sign_in": SignIn(ISSUER, "c", origins=["*"])},
            "sign_in.origins is '*', it must be origins such as https://login.example.com",
        ),
        (
            ApiAuth.token(POOL),
            {"sign_in": SignIn(POOL, "c")},
            "sign_in has a Cognito user pool as its issuer, and not the domain of its sign-in pages",
        ),
        (None, {"sign_in": "console-client"}, "sign_in is 'console-client', it must be SignIn or None"),
        (None, {"links": "links"}, "links is 'links', it must be OneTimeUrls"),
        (None, {"brand": "Example"}, "brand is 'Example', it must be Brand or None"),
        (None, {"access_logs": AccessLogs(reconcile=True)}, "access_logs.reconcile is for one-time links"),
        (None, {"web_acl_id": "acl"}, "web_acl_id is 'acl'"),
    ],
)
def test_what_cant_work_is_refused_at_synthesis(
    doors_once: Callable[[ApiAuth | None], dict[str, Any]],
    auth: ApiAuth | None,
    props: dict[str, Any],
    sentence: str,
) -> None:
    both = doors_once(auth)
    stack = Stack.of(both["api"])
    with pytest.raises(PropError) as refused:
        Console(stack, "Console", **{**both, **props})
    stack.node.try_remove_child("Console")
    assert str(refused.value).startswith(f"Files/Console: {sentence}")
    assert "\n" not in str(refused.value)


def test_doors_of_another_api_or_stack_are_refused(strangers: Strangers) -> None:
    stack = strangers.stack()
    both = doors(stack)
    with pytest.raises(PropError, match="links has another API than the console: give both the same"):
        Console(
            stack,
            "Other",
            api=LinkApi(stack, "OtherApi", auth=ApiAuth.open_to_everyone()),
            links=both["links"],
        )
    with pytest.raises(PropError, match="signed has another API"):
        Console(stack, "Signing", **both, signed=SignedUrls(stack, "Signed"))
    with pytest.raises(PropError, match="api is in the stack Files, and each would need the other's address"):
        Console(strangers.stack("Elsewhere"), "Console", **both)


def test_a_certificate_of_another_region_is_refused(strangers: Strangers) -> None:
    stack = strangers.stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    with pytest.raises(PropError, match="CloudFront takes those of us-east-1 only"):
        Console(
            stack,
            "Console",
            **doors(stack),
            domain=Domain(name="console.example.com", certificate=certificate),
        )
