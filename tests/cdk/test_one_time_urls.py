"""`OneTimeUrls` in an app that isn't ours."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aws_cdk import Duration, Environment, NestedStack, RemovalPolicy, Size, Stack, Stage, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations as Said
from aws_cdk.assertions import Match

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    Domain,
    Events,
    LinkApi,
    Monitoring,
    OidcIssuer,
    OneTimeUrls,
    PropError,
    Shares,
)
from tests.cdk.conftest import Strangers
from tests.stack.synthesis import Synthesised, flat

EVERYTHING: dict[str, Any] = {
    "events": Events(email="sender@example.com", webhook_url="https://hooks.example.com/x", audit_trail=True),
    "access_logs": AccessLogs(reconcile=True),
    "monitoring": Monitoring(email="operations@example.com"),
}


def physical_names(made: Synthesised) -> list[tuple[str, str, str]]:
    """(region, type, name) of every resource that is given a name."""
    regions = {
        name: artifact["environment"].rpartition("/")[2]
        for name, artifact in made.manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    return [
        ("global" if "CloudFront" in kind else regions[stack], kind, name)
        for stack, template in made.templates.items()
        for kind, name in names_in(template, f"{made.folder}/{stack}")
    ]


def names_in(template: dict[str, Any], stack: str) -> Iterator[tuple[str, str]]:
    """(type, name) of what is named in a template, of the stack that has this id."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Policy":  # in a role, where its name is its own
            continue
        for key, value in flat(resource.get("Properties", {})).items():
            own = key == "Name" or key == f"{resource['Type'].split('::')[-1]}Name" or key == "TableName"
            if own and isinstance(value, str) and value != "$default" and not value.startswith("<"):
                yield resource["Type"], value.replace("<AWS::StackId>", stack)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """With everything, from another region."""
    strangers = Strangers(tmp_path_factory.mktemp("abroad"))
    OneTimeUrls(strangers.stack(region="eu-west-1"), "Links", **EVERYTHING)
    return strangers.synth()


@pytest.mark.parametrize(
    ("region", "stacks"),
    [
        ("us-east-1", ["Files"]),
        ("eu-west-1", ["Files", "Files-edge-eu-west-1", "Files-watch-eu-west-1"]),
    ],
)
def test_two_deployments_in_one_stack_share_an_imported_bucket_and_support_stacks_and_no_name(
    strangers: Strangers, region: str, stacks: list[str]
) -> None:
    stack = strangers.stack(region=region)
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "acme-files")
    for name in ("First", "Second"):
        OneTimeUrls(stack, name, bucket=bucket, **EVERYTHING)
    made = strangers.synth()
    assert sorted(made.templates) == stacks
    assert len(list(made.resources("AWS::Lambda::Version"))) == 2
    names = physical_names(made)
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert {kind for _, kind, _ in names} >= {"AWS::DynamoDB::GlobalTable", "AWS::SSM::Parameter"}


def test_stacks_of_one_account_share_no_name_whatever_their_construct_ids(
    another: Callable[[], Strangers],
) -> None:
    names: list[tuple[str, str, str]] = []
    for region in ("us-east-1", "eu-west-1", "eu-north-1"):
        for stage in ("dev", "prod"):
            app = another()  # an app for each stage, with the same construct ids
            OneTimeUrls(app.stack("App", region, stack_name=f"acme-{stage}"), "Links", **EVERYTHING)
            names += physical_names(app.synth())
    assert [name for name, number in Counter(names).items() if number > 1] == []


def test_constructs_of_the_same_id_in_different_places_share_no_name(strangers: Strangers) -> None:
    stack = strangers.stack()
    for parent in ("A", "B"):
        nested = NestedStack(stack, parent)
        OneTimeUrls(nested, "Links")
    for path in ("Stage", "Stage-Two"):
        stage = Stage(strangers.app, path)
        OneTimeUrls(Stack(stage, "Files", env=Environment(region="us-east-1")), "Links")
    strangers.app.synth()
    templates = [each for each in strangers.folder.rglob("*.template.json") if "Links" in each.read_text()]
    assert len(templates) == 4
    names = [name for each in templates for name in names_in(json.loads(each.read_text()), str(each))]
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert {kind for kind, _ in names} >= {"AWS::ApiGatewayV2::Api", "AWS::SSM::Parameter"}


def test_a_stack_with_a_region_but_no_account_synthesises_without_context(abroad: Synthesised) -> None:
    assert {
        name: artifact["environment"]
        for name, artifact in abroad.manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    } == {
        "Files": "aws://unknown-account/eu-west-1",
        "Files-edge-eu-west-1": "aws://unknown-account/us-east-1",
        "Files-watch-eu-west-1": "aws://unknown-account/us-east-1",
    }


def test_a_stack_without_a_region_is_refused_in_one_sentence(strangers: Strangers) -> None:
    with pytest.raises(
        PropError, match=r"^Files/Links: its stack has no region.*give the stack env="
    ) as raised:
        OneTimeUrls(strangers.stack(region=None), "Links")
    assert "\n" not in str(raised.value)


def test_what_is_off_is_not_there(strangers: Strangers) -> None:
    links = OneTimeUrls(strangers.stack(), "Links", shares=None)
    made = strangers.synth()
    assert links.shares_table is None
    assert links.event_bus is None
    assert links.alarms == []
    for kind in (
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Events::EventBus",
        "AWS::Logs::Delivery",
        "AWS::SNS::Topic",
    ):
        assert list(made.resources(kind)) == [], kind
    assert len(list(made.resources("AWS::DynamoDB::GlobalTable"))) == 1
    assert len(list(made.resources("AWS::Lambda::Function"))) == 4  # guard, issuer, admin, lister
    assert len(list(made.resources("AWS::SecretsManager::Secret"))) == 1  # the nonces' key
    assert {each["Properties"]["RouteKey"] for each in made.resources("AWS::ApiGatewayV2::Route")} == {
        "GET /get-url",
        "GET /objects",
        "GET /links",
        "GET /links/{id}",
        "DELETE /links/{id}",
    }


def test_every_function_is_watched_the_reconciler_the_publisher_and_the_missed_events_too(
    abroad: Synthesised,
) -> None:
    alarms = [each["Properties"] for each in abroad.resources("AWS::CloudWatch::Alarm")]
    watched = {
        flat(dimension["Value"])
        for alarm in alarms
        if alarm["MetricName"] == "Errors"
        for dimension in alarm["Dimensions"]
    }
    functions = [
        f"<{name}>"
        for template in abroad.templates.values()
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
        and resource["Properties"]["Handler"] != "edge_guard.handler.handler"
    ]
    assert watched == set(functions)
    assert len(functions) == 7
    assert "ApproximateNumberOfMessagesVisible" in {alarm["MetricName"] for alarm in alarms}
    for alarm in alarms:
        assert alarm["AlarmActions"]


def test_alarms_may_tell_their_topic_and_nobody_elses_may(abroad: Synthesised) -> None:
    allowed = [
        statement
        for policy in abroad.resources("AWS::SNS::TopicPolicy")
        for statement in flat(policy["Properties"]["PolicyDocument"]["Statement"])
        if statement["Effect"] == "Allow"
    ]
    assert {each["Principal"]["Service"] for each in allowed} == {
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
    }
    for statement in allowed:
        assert statement["Action"] == "sns:Publish"
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "<AWS::AccountId>"}
        assert statement["Condition"]["ArnLike"]["aws:SourceArn"]


def test_grant_mint_is_one_route_and_grant_manage_makes_nothing(strangers: Strangers) -> None:
    stack = strangers.stack()
    links = OneTimeUrls(stack, "Links")
    granted = {}
    for grant in (links.grant_mint, links.grant_list, links.grant_share, links.grant_manage):
        role = iam.Role(
            stack, grant.__name__, assumed_by=iam.AccountRootPrincipal(), description=grant.__name__
        )
        grant(role)
    made = strangers.synth()
    for name in ("grant_mint", "grant_list", "grant_share", "grant_manage"):
        [statement] = made.role(name).statements
        assert statement["Action"] == "execute-api:Invoke"
        resources = statement["Resource"]
        granted[name] = [each.partition("/")[2] for each in listed(resources)]
    assert granted == {
        "grant_mint": ["$default/GET/get-url"],
        "grant_list": ["$default/GET/objects"],
        "grant_share": [
            "$default/POST/shares",
            "$default/POST/uploads",
            "$default/POST/uploads/complete",
            "$default/POST/uploads/resume",
            "$default/POST/uploads/abort",
        ],
        "grant_manage": [
            "$default/GET/links",
            "$default/DELETE/links/*",
            "$default/GET/links/*",
            "$default/GET/shares",
            "$default/GET/shares/*",
            "$default/DELETE/shares/*",
        ],
    }


def test_an_api_with_tokens_has_nothing_to_grant(strangers: Strangers) -> None:
    stack = strangers.stack()
    issuer = OidcIssuer("https://login.example.com/", ["web"])
    api = LinkApi(stack, "Api", auth=ApiAuth.token(issuer))
    links = OneTimeUrls(stack, "Links", api=api, shares=None)
    role = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())
    with pytest.raises(PropError, match=r"^Files/Api: its callers show a token"):
        links.grant_mint(role)


def test_an_api_is_shared_by_one_of_each_door_only(strangers: Strangers) -> None:
    stack = strangers.stack()
    api = LinkApi(stack, "Api")
    OneTimeUrls(stack, "First", api=api, shares=None)
    with pytest.raises(PropError, match=r"GET /get-url is answered by Files/First/UrlIssuer.* already"):
        OneTimeUrls(stack, "Second", api=api, shares=None)


def test_the_owner_of_a_given_bucket_is_told_and_nothing_is_changed_on_it(strangers: Strangers) -> None:
    stack = strangers.stack()
    bucket = s3.Bucket(stack, "Bucket", enforce_ssl=False)
    OneTimeUrls(stack, "Links", bucket=bucket)
    Said.from_stack(stack).has_info("/Files/Links", Match.string_like_regexp("deny SigV2"))
    made = strangers.synth()
    assert list(made.resources("AWS::S3::BucketPolicy")) == []


def test_an_encrypted_buckets_key_is_there_for_signers_and_uploads(strangers: Strangers) -> None:
    stack = strangers.stack()
    key = kms.Key(stack, "Key")
    OneTimeUrls(stack, "Links", bucket=s3.Bucket(stack, "Bucket", encryption_key=key))
    made = strangers.synth()
    for described, action in (("Signs one-time", "kms:Decrypt"), ("Signs uploads", "kms:GenerateDataKey*")):
        actions = [
            action
            for statement in made.role(described).statements
            for action in (
                [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
            )
        ]
        assert action in actions


def test_metrics_are_methods_and_take_options_as_the_cdks_do(strangers: Strangers) -> None:
    links = OneTimeUrls(strangers.stack(), "Links")
    assert links.metric_refused(period=Duration.minutes(1)).metric_name == "ConditionalCheckFailedRequests"
    assert links.metric_requests().region == "us-east-1"
    assert links.metric_viewer_errors(label="5xx").label == "5xx"
    assert links.metric_throttled().statistic == "Sum"
    assert links.metric_claim_latency().statistic == "p99"
    minted = links.metric_minted(label="Links")
    assert isinstance(minted, cloudwatch.MathExpression)
    assert minted.label == "Links"
    assert len(minted.using_metrics) == 2  # the issuer's and the share page's


def test_events_can_go_to_a_bus_that_is_there_already(strangers: Strangers) -> None:
    stack = strangers.stack()
    bus = events.EventBus(stack, "Bus")
    links = OneTimeUrls(stack, "Links", events=Events(bus=bus), shares=None)
    assert links.event_bus == bus
    assert len(list(strangers.synth().resources("AWS::Events::EventBus"))) == 1


def test_a_domains_certificate_is_made_in_us_east_1_or_given(strangers: Strangers) -> None:
    stack = strangers.stack(region="eu-west-1")
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    domain = Domain(name="files.example.com", hosted_zone=zone)
    OneTimeUrls(stack, "Made", domain=domain, shares=None)
    arn = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
    given = acm.Certificate.from_certificate_arn(stack, "Given", arn)
    domain = Domain(name="other.example.com", certificate=given)
    OneTimeUrls(stack, "Other", domain=domain, shares=None)
    made = strangers.synth()
    [certificate] = made.resources("AWS::CertificateManager::Certificate")
    assert certificate in made.templates["Files-edge-eu-west-1"]["Resources"].values()
    records = [each["Properties"]["Name"] for each in made.resources("AWS::Route53::RecordSet")]
    assert records == ["files.example.com."] * 2


def test_one_construct_of_a_stack_adds_the_outputs(strangers: Strangers) -> None:
    stack = strangers.stack()
    OneTimeUrls(stack, "First", shares=None).add_outputs()
    second = OneTimeUrls(stack, "Second", shares=None)
    with pytest.raises(PropError, match=r"^Files/Second: the stack has an output ApiEndpoint already"):
        second.add_outputs()


@pytest.mark.parametrize(
    ("props", "sentence"),
    [
        ({"max_claims": 0}, "max_claims is 0, it must be a whole number from 1 to 100"),
        ({"max_claims": True}, "max_claims is True, it must be a whole number from 1 to 100"),
        (
            {"max_lifetime": Duration.hours(2)},
            "max_lifetime is 2 hours, it must be from 1 second to 1 hour",
        ),
        (
            {"default_lifetime": Duration.minutes(9), "max_lifetime": Duration.minutes(8)},
            "default_lifetime is 9 minutes, it must be from 1 second to 8 minutes",
        ),
        ({"max_lifetime": 900}, "max_lifetime must be a Duration of whole seconds"),
        ({"max_lifetime": Duration.millis(1500)}, "max_lifetime must be a Duration of whole seconds"),
        ({"max_resume": Duration.hours(1)}, "max_resume is 1 hour, it must be from 0 seconds to 30 minutes"),
        ({"max_resume_factor": 11}, "max_resume_factor is 11, it must be a whole number from 1 to 10"),
        (
            {"record_retention": Duration.hours(1)},
            "record_retention is 1 hour, it must be from 1 day to 3650 days",
        ),
        ({"shares": Shares(max_life=Duration.hours(30))}, "shares.max_life must be whole days"),
        (
            {"shares": Shares(max_downloads=101)},
            "shares.max_downloads is 101, it must be a whole number from 1 to 100",
        ),
        (
            {"shares": Shares(upload_folders=["private"])},
            "shares.upload_folders is 'private', it must be segments of letters, digits and !_.'()~- that "
            "each end with a slash, and not under -/",
        ),
        (
            {"shares": Shares(upload_folders=[])},
            "shares.upload_folders has 0 folders, 1 to 10 are possible",
        ),
        (
            {"shares": Shares(upload_types="image/*")},
            "shares.upload_types is a list of media types: */* lets every type in",
        ),
        (
            {"shares": Shares(upload_types=["image"])},
            "shares.upload_types is 'image', it must be a media type such as application/pdf, image/* or */*",
        ),
        (
            {"shares": Shares(max_upload=Size.tebibytes(6))},
            "shares.max_upload in bytes is 6597069766656, it must be a whole number from 1 to 5497558138880",
        ),
        (
            {"shares": Shares(reserved_concurrency=0)},
            "shares.reserved_concurrency is 0, it must be a whole number from 1 to 10000",
        ),
        ({"events": Events(email="nobody")}, "events.email is 'nobody', it must be an e-mail address"),
        (
            {"events": Events(webhook_url="http://hooks.example.com")},
            "events.webhook_url is 'http://hooks.example.com', it must be an https:// address",
        ),
        (
            {"monitoring": Monitoring(refusals=0)},
            "monitoring.refusals is 0, it must be a whole number from 1",
        ),
        *(
            ({prop: value}, f"{prop} is {value!r}, it must be {kind}")
            for prop, kind in {
                "bucket": "a bucket, such as s3.Bucket.from_bucket_name(…)",
                "api": "LinkApi or None",
                "shares": "Shares or None",
                "events": "Events or None",
                "access_logs": "AccessLogs or None",
                "monitoring": "Monitoring or None",
                "domain": "Domain or None",
                "geo_restriction": "GeoRestriction or None",
                "price_class": "PriceClass",
                "removal_policy": "RemovalPolicy",
            }.items()
            for value in (True, False, "", "yes", 0)
        ),
        *(
            ({prop: no_duration}, f"{prop} must be a Duration of whole seconds")
            for prop in ("default_lifetime", "max_lifetime", "max_resume", "record_retention")
            for no_duration in (0, False, "", "15m")
        ),
        ({"price_class": None}, "price_class is None, it must be PriceClass"),
        (
            {"max_lifetime": Duration.seconds(Token.as_number({"Ref": "Lifetime"}))},
            "max_lifetime is known at deployment only, it must be from 1 second to 1 hour",
        ),
        (
            {"max_claims": Token.as_number({"Ref": "Claims"})},
            "max_claims is known at deployment only, it must be a whole number from 1 to 100",
        ),
        ({"shares": Shares(max_upload=5)}, "shares.max_upload is 5, it must be Size"),  # type: ignore[arg-type]  # wrong on purpose
        (
            {"shares": Shares(uniform_answers="no")},  # type: ignore[arg-type]  # wrong on purpose
            "shares.uniform_answers is 'no', it must be True or False",
        ),
        (
            {"access_logs": AccessLogs(reconcile="no")},  # type: ignore[arg-type]  # wrong on purpose
            "access_logs.reconcile is 'no', it must be True or False",
        ),
        ({"events": Events(email="")}, "events.email is '', it must be an e-mail address"),
        ({"events": Events(webhook_url="")}, "events.webhook_url is '', it must be an https:// address"),
        (
            {"events": Events(bus="default")},  # type: ignore[arg-type]  # wrong on purpose
            "events.bus is 'default', it must be an event bus, such as events.EventBus(…)",
        ),
        ({"monitoring": Monitoring(email="nobody")}, "monitoring.email is 'nobody', it must be an e-mail"),
        ({"web_acl_id": ""}, "web_acl_id is '', it must be the ARN of a WAF web ACL for CloudFront, in us-"),
        (
            {"web_acl_id": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b"},
            "web_acl_id is 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b', it must be the ARN",
        ),
        (
            {"domain": Domain(name="files.example.com", certificate="arn:x")},  # type: ignore[arg-type]  # wrong on purpose
            "domain.certificate is 'arn:x', it must be a certificate of acm",
        ),
        (
            {"domain": Domain(name="files.example.com", hosted_zone="example.com")},  # type: ignore[arg-type]  # wrong on purpose
            "domain.hosted_zone is 'example.com', it must be a hosted zone of route53",
        ),
        (
            {"domain": Domain(name="Files.example.com")},
            "domain.name is 'Files.example.com', it must be a",
        ),
        (
            {"domain": Domain(name="files.example.com")},
            "domain needs a certificate, or a hosted_zone to make one through",
        ),
    ],
)
def test_a_prop_that_cannot_work_is_refused_in_one_sentence_with_the_constructs_path(
    strangers: Strangers, props: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PropError) as refused:
        OneTimeUrls(strangers.stack(), "Links", **{"shares": None, **props})
    assert str(refused.value).startswith(f"Files/Links: {sentence}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("props", "sentence"),
    [
        ({"auth": "none"}, "auth must be ApiAuth.iam(), ApiAuth.token(…) or ApiAuth.open_to_everyone()"),
        ({"auth": False}, "auth must be ApiAuth.iam(), ApiAuth.token(…) or ApiAuth.open_to_everyone()"),
        (
            {"auth": ApiAuth.token(OidcIssuer("http://login.example.com", ["web"]))},
            "auth is 'http://login.example.com', it must be an https:// address",
        ),
        (
            {"cors_origins": "https://app.example.com"},
            "cors_origins is 'https://app.example.com', it must be a list of origins such as https://app",
        ),
        ({"cors_origins": None}, "cors_origins is None, it must be a list of origins"),
        (
            {"auth": ApiAuth(issuer=OidcIssuer("https://login.example.com", ["web"]), everyone=True)},
            "auth names an issuer and opens the API to everyone: make it by ApiAuth.token(…) or",
        ),
        ({"auth": ApiAuth(everyone="no")}, "auth.everyone is 'no', it must be True or False"),  # type: ignore[arg-type]  # wrong on purpose
        (
            {"auth": ApiAuth(issuer="https://login.example.com")},  # type: ignore[arg-type]  # wrong on purpose
            "auth.issuer is 'https://login.example.com', it must be OidcIssuer or None",
        ),
        (
            {"auth": ApiAuth.token(OidcIssuer("https://login.example.com", [""]))},
            "auth.issuer.audience is '', it must be client ids",
        ),
        ({"cors_origins": ["*", "https://a.example"]}, "cors_origins names single origins beside *"),
        (
            {"cors_origins": ["app.example.com"]},
            "cors_origins is 'app.example.com', it must be an origin",
        ),
        ({"throttle_rate": 0}, "throttle_rate is 0, it must be a whole number from 1 to 10000"),
    ],
)
def test_an_api_is_never_opened_by_a_mistake(
    strangers: Strangers, props: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PropError) as refused:
        LinkApi(strangers.stack(), "Api", **props)
    assert str(refused.value).startswith(f"Files/Api: {sentence}")


def test_an_api_whose_callers_tokens_may_be_made_out_for_anybody_is_not_synthesised(
    strangers: Strangers,
) -> None:
    LinkApi(strangers.stack(), "Api", auth=ApiAuth.token(OidcIssuer("https://login.example.com", [])))
    with pytest.raises(RuntimeError, match=r"\[Files/Api\] auth accepts tokens .* name its audience"):
        strangers.synth()


def test_no_issuer_is_not_taken_for_callers_with_iam_permissions() -> None:
    with pytest.raises(TypeError, match=r"^ApiAuth.token takes an OidcIssuer, not None$"):
        ApiAuth.token(None)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2"])
def test_an_api_that_the_distribution_cannot_ask_is_refused(strangers: Strangers, region: str) -> None:
    api = LinkApi(strangers.stack("Shared", region), "Api")
    with pytest.raises(PropError, match=r"^Files/Links: api is in the stack Shared, .*: make it in Files$"):
        OneTimeUrls(strangers.stack(region="eu-west-1"), "Links", api=api)


def test_an_api_is_for_callers_with_iam_permissions_unless_it_is_said_otherwise(strangers: Strangers) -> None:
    OneTimeUrls(strangers.stack(), "Links", shares=None)
    routes = strangers.synth().resources("AWS::ApiGatewayV2::Route")
    assert {each["Properties"]["AuthorizationType"] for each in routes} == {"AWS_IAM"}


def test_a_bucket_that_links_cannot_be_signed_for_is_refused(strangers: Strangers) -> None:
    stack = strangers.stack(region="eu-west-1")
    dotted = s3.Bucket.from_bucket_name(stack, "Dotted", "files.example.com")
    with pytest.raises(PropError, match=r"^Files/A: bucket is 'files.example.com', it must be .*without"):
        OneTimeUrls(stack, "A", bucket=dotted)
    away = s3.Bucket.from_bucket_attributes(stack, "Away", bucket_name="files", region="us-east-1")
    with pytest.raises(PropError, match=r"^Files/B: bucket is in us-east-1, it must be in the stack's"):
        OneTimeUrls(stack, "B", bucket=away)


def test_a_certificate_that_cloudfront_does_not_take_is_refused(strangers: Strangers) -> None:
    stack = strangers.stack(region="eu-west-1")
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
    given = acm.Certificate.from_certificate_arn(stack, "Given", arn)
    domain = Domain(name="files.example.com", certificate=given)
    with pytest.raises(PropError, match=rf"^Files/A: domain.certificate is {arn}, CloudFront takes th"):
        OneTimeUrls(stack, "A", domain=domain)


def test_what_is_kept_and_what_goes_is_the_users_choice(strangers: Strangers) -> None:
    OneTimeUrls(strangers.stack(), "Links", removal_policy=RemovalPolicy.DESTROY)
    made = strangers.synth()
    for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::Logs::LogGroup"):
        assert {each["DeletionPolicy"] for each in made.resources(kind)} == {"Delete"}


def test_names_keep_within_aws_limits_whatever_the_stack_is_called(strangers: Strangers) -> None:
    OneTimeUrls(strangers.stack("a" * 100, "ap-southeast-4"), "B" * 100, **EVERYTHING)
    named = physical_names(strangers.synth())
    assert {"AWS::Lambda::Function", "AWS::DynamoDB::GlobalTable"} <= {kind for _, kind, _ in named}
    for _, kind, name in named:
        limit = 60 if "::Logs::Delivery" in kind else 64 if kind == "AWS::Lambda::Function" else 128
        shown = re.sub(r"/\S*\.split\(.*", "0" * 12, name)  # a part of the stack's id
        assert len(shown) <= limit, (kind, name)
