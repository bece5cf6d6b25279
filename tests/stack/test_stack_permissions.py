"""Who may do what: each role's whole permissions, to the letter."""

from collections.abc import Iterable
from typing import Any

from onetime_urls.protocol.links.views import VISIBLE
from tests.stack.synthesis import Json, Synthesised, flat

PARAMETER = "arn:aws:ssm:us-east-1:<AWS::AccountId>:parameter/onetime-urls/{region}/OneTimeUrls/links-table"
READ_OBJECT = ["s3:GetObject", "s3:GetObjectVersion"]
TABLE = "arn:aws:dynamodb:{region}:<AWS::AccountId>:table/OneTimeUrls-links"


def allow(actions: str | list[str], resource: str) -> Json:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def reading(attributes: Iterable[str]) -> Json:
    return {
        "Condition": {
            "ForAllValues:StringEquals": {"dynamodb:Attributes": list(attributes)},
            "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
        }
    }


def updating(*attributes: str) -> Json:
    return {
        "Condition": {
            "ForAllValues:StringEquals": {"dynamodb:Attributes": list(attributes)},
            "StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"},
        }
    }


def without_names(statements: list[Json]) -> list[Json]:
    return [{key: value for key, value in each.items() if key != "Sid"} for each in statements]


def service(name: str) -> Json:
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": name}}


def guard_statements(region: str, function: Json) -> list[Json]:
    own_logs = f"/aws/lambda/us-east-1.{flat(function['FunctionName'])}"
    return [
        allow(
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            f"arn:aws:logs:*:<AWS::AccountId>:log-group:{own_logs}:*",
        ),
        allow("dynamodb:UpdateItem", TABLE.format(region=region)),
        allow("ssm:GetParameter", PARAMETER.format(region=region)),
    ]


def test_the_guard_may_update_one_table_read_one_parameter_and_write_its_own_logs_in_every_region(
    default: Synthesised, abroad: Synthesised
) -> None:
    for made, region in ((default, "us-east-1"), (abroad, "eu-west-1")):
        role = made.role("Edge guard")
        function = made.function("edge_guard.handler.handler")
        assert without_names(role.statements) == guard_statements(region, function)
        assert role.trusted == [service("lambda.amazonaws.com"), service("edgelambda.amazonaws.com")]
        assert role.managed == []


def test_the_issuer_may_add_records_look_objects_up_assume_the_signer_and_write_its_own_logs(
    default: Synthesised,
) -> None:
    role = default.role("Issuer")
    assert without_names(role.statements) == [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "<UrlIssuerLogs40D95653.Arn>"),
        allow("sts:AssumeRole", "<UrlIssuerSigner2999A70E.Arn>"),
        allow(READ_OBJECT, "<AssetsBucket252B3DF7.Arn>/*"),
        allow("s3:ListBucket", "<AssetsBucket252B3DF7.Arn>"),
        allow("dynamodb:PutItem", "<LinksTableFD6FA5FC.Arn>"),
        allow("ssm:GetParameter", PARAMETER.format(region="us-east-1")),
    ]
    assert role.trusted == [service("lambda.amazonaws.com")]
    assert role.managed == []


def test_the_link_admin_may_ask_for_no_claim_token_or_fingerprint_and_name_nothing_but_the_revocation(
    default: Synthesised,
) -> None:
    role = default.role("Link admin")
    table = "<LinksTableFD6FA5FC.Arn>"
    logs, query, query_all, read, revoke = without_names(role.statements)
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert query == allow("dynamodb:Query", f"{table}/index/by-key")
    assert query_all == allow("dynamodb:Query", f"{table}/index/by-time")
    assert not {"claim_token", "fingerprint"} & set(VISIBLE)
    assert read == allow("dynamodb:GetItem", table) | reading(VISIBLE)
    assert revoke == allow("dynamodb:UpdateItem", table) | updating("signature", "revoked_at")
    assert role.trusted == [service("lambda.amazonaws.com")]
    assert role.managed == []


def test_the_object_lister_may_list_the_bucket_and_read_nothing_in_it(default: Synthesised) -> None:
    role = default.role("Object lister")
    logs, listing = without_names(role.statements)
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert listing == allow("s3:ListBucket", "<AssetsBucket252B3DF7.Arn>")
    assert role.trusted == [service("lambda.amazonaws.com")]
    assert role.managed == []


def test_the_reconciler_may_read_what_the_link_admin_may_and_change_nothing_but_claims(
    abroad: Synthesised,
) -> None:
    role = abroad.role("Reconciler")
    table = TABLE.format(region="eu-west-1")
    logs, query, read, note = without_names(role.statements)
    assert "LogReconcilerLogs" in logs["Resource"]
    assert query == allow("dynamodb:Query", f"{table}/index/by-key")
    assert read == allow("dynamodb:GetItem", table) | reading(VISIBLE)
    assert note == allow("dynamodb:UpdateItem", table) | updating("signature", "claims")
    assert role.trusted == [service("lambda.amazonaws.com")]
    assert role.managed == []


def test_only_the_access_logs_group_may_invoke_the_reconciler(abroad: Synthesised) -> None:
    [permission] = abroad.resources("AWS::Lambda::Permission", stack="OneTimeUrls-watch-eu-west-1")
    assert permission["Properties"]["Principal"] == "logs.amazonaws.com"
    assert "DistributionLogs" in flat(permission["Properties"]["SourceArn"])


def test_the_signer_may_only_read_objects_and_only_the_issuer_may_be_it(default: Synthesised) -> None:
    role = default.role("Signs one-time")
    assert without_names(role.statements) == [allow(READ_OBJECT, "<AssetsBucket252B3DF7.Arn>/*")]
    assert role.trusted == [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "<UrlIssuerRoleDABE7864.Arn>"}}
    ]
    assert role.managed == []


def test_for_an_imported_bucket_the_same_permissions_name_that_bucket(tailored: Synthesised) -> None:
    assert without_names(tailored.role("Signs one-time").statements) == [
        allow(READ_OBJECT, "arn:aws:s3:::acme-files/*")
    ]
    assert allow("s3:ListBucket", "arn:aws:s3:::acme-files") in without_names(
        tailored.role("Issuer").statements
    )


def test_there_are_no_other_roles_in_us_east_1_and_no_other_policies(
    default: Synthesised, disposable: Synthesised, tailored: Synthesised
) -> None:
    for made, number in (
        (default, 9),
        (disposable, 9),
        (tailored, 12),
    ):  # the publisher, the webhook, the mail
        assert len(list(made.resources("AWS::IAM::Role"))) == number
        assert len(list(made.resources("AWS::IAM::Policy"))) == number
        assert list(made.resources("AWS::IAM::ManagedPolicy")) == []


def test_elsewhere_there_are_no_more_roles_than_functions_and_signers_need(abroad: Synthesised) -> None:
    assert len(list(abroad.resources("AWS::IAM::Role", stack="OneTimeUrls"))) == 8
    assert len(list(abroad.resources("AWS::IAM::Role", stack="OneTimeUrls-edge-eu-west-1"))) == 1
    assert len(list(abroad.resources("AWS::IAM::Role", stack="OneTimeUrls-watch-eu-west-1"))) == 1


def test_only_their_own_routes_may_invoke_functions_and_nothing_may_invoke_the_guard_by_policy(
    every: Synthesised,
) -> None:
    permissions = [
        flat(found["Properties"])
        for found in every.resources("AWS::Lambda::Permission")
        if found["Properties"]["Principal"] != "logs.amazonaws.com"
    ]
    for permission in permissions:
        assert permission["Action"] == "lambda:InvokeFunction"
        assert permission["Principal"] == "apigateway.amazonaws.com"
    invoked = {
        (permission["SourceArn"].partition("/*/*")[2], permission["FunctionName"].partition("Function")[0])
        for permission in permissions
    }
    assert invoked == {
        ("/get-url", "<UrlIssuer"),
        ("/objects", "<ObjectLister"),
        ("/links", "<LinkAdmin"),
        ("/links/{id}", "<LinkAdmin"),
        ("/-/{id}", "<SharePage"),
        ("/shares", "<ShareAdmin"),
        ("/shares/{id}", "<ShareAdmin"),
        ("/uploads", "<ShareAdmin"),
        ("/uploads/complete", "<ShareAdmin"),
        ("/uploads/resume", "<ShareAdmin"),
        ("/uploads/abort", "<ShareAdmin"),
    }


def test_nothing_in_any_role_is_allowed_on_every_resource(every: Synthesised) -> None:
    statements = [
        statement
        for template in every.templates.values()
        for resource in template["Resources"].values()
        if resource["Type"].startswith("AWS::IAM::")
        for document in documents(resource["Properties"])
        for statement in document["Statement"]
    ]
    assert len(statements) > 20
    for statement in statements:
        actions = as_list(statement["Action"])
        assert not [action for action in actions if action == "*" or action.endswith(":*")]
        assert "*" not in as_list(statement["Resource"])


def documents(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """What a role or a policy allows; who may assume a role is another matter."""
    inline = [each["PolicyDocument"] for each in properties.get("Policies", [])]
    return inline + ([properties["PolicyDocument"]] if "PolicyDocument" in properties else [])


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
