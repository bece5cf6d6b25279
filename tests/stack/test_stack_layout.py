"""What is in which stack and region, what is logged from where, and whether the templates are sound."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import CfnResource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

import app
from tests.log_reconciler.invented import logged
from tests.stack.combinations import COMBINATIONS
from tests.stack.synthesis import Synthesised, flat, new_app

EDGE_STACK, LOGS_STACK = "OneTimeUrls-edge-eu-west-1", "OneTimeUrls-watch-eu-west-1"


def artifacts(made: Synthesised) -> dict[str, Any]:
    """The stacks in the assembly's manifest."""
    return {
        name: found
        for name, found in made.manifest["artifacts"].items()
        if found["type"] == "aws:cloudformation:stack"
    }


def test_in_us_east_1_there_is_one_stack_with_any_settings(
    default: Synthesised, disposable: Synthesised, tailored: Synthesised
) -> None:
    assert list(default.templates) == ["OneTimeUrls"]
    assert list(disposable.templates) == ["OneTimeUrls"]
    assert list(tailored.templates) == ["Acme-Links"]


def test_no_account_is_needed_and_the_region_is_the_settings(
    default: Synthesised, abroad: Synthesised
) -> None:
    assert {name: found["environment"] for name, found in artifacts(default).items()} == {
        "OneTimeUrls": "aws://unknown-account/us-east-1"
    }
    assert {name: found["environment"] for name, found in artifacts(abroad).items()} == {
        "OneTimeUrls": "aws://unknown-account/eu-west-1",
        EDGE_STACK: "aws://unknown-account/us-east-1",
        LOGS_STACK: "aws://unknown-account/us-east-1",
    }


def test_elsewhere_the_guards_stack_comes_first_and_the_logs_stack_last(abroad: Synthesised) -> None:
    assert EDGE_STACK in artifacts(abroad)["OneTimeUrls"]["dependencies"]
    assert "OneTimeUrls" in artifacts(abroad)[LOGS_STACK]["dependencies"]


def test_elsewhere_bucket_table_and_api_are_at_home_and_the_guard_is_in_us_east_1(
    abroad: Synthesised,
) -> None:
    for kind in ("AWS::S3::Bucket", "AWS::ApiGatewayV2::Api"):
        abroad.one(kind, stack="OneTimeUrls")
    for table in ("Links", "Shares"):
        abroad.one("AWS::DynamoDB::GlobalTable", stack="OneTimeUrls", named=table)
    [guard] = abroad.resources("AWS::Lambda::Function", stack=EDGE_STACK)
    assert guard["Properties"]["Handler"] == "edge_guard.handler.handler"
    abroad.one("AWS::Lambda::Version", stack=EDGE_STACK)
    names = {
        found["Properties"]["Name"] for found in abroad.resources("AWS::SSM::Parameter", stack=EDGE_STACK)
    }
    assert "/onetime-urls/eu-west-1/OneTimeUrls/links-table" in names


def test_elsewhere_the_distribution_runs_the_version_in_us_east_1(abroad: Synthesised) -> None:
    behaviour = abroad.one("AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    arns = [
        each["LambdaFunctionARN"]["Fn::GetStackOutput"] for each in behaviour["LambdaFunctionAssociations"]
    ]
    [arn, *others] = arns
    assert others == [arn]
    version = abroad.templates[EDGE_STACK]["Outputs"][arn["OutputName"]]["Value"]["Ref"]
    assert (arn["StackName"], arn["Region"]) == (EDGE_STACK, "us-east-1")
    assert abroad.templates[EDGE_STACK]["Resources"][version]["Type"] == "AWS::Lambda::Version"
    for template in abroad.templates.values():  # which would need a function of its own to read it
        assert not [each for each in template["Resources"].values() if each["Type"].startswith("Custom::")]


def test_the_outputs_are_those_that_tools_rely_on(every: Synthesised) -> None:
    between_stacks = "PublishOutput"  # how the CDK names the outputs that its stacks read from each other
    named = {name for name in every.outputs if not name.startswith(between_stacks)}
    assert named == {
        "ApiEndpoint",
        "GetUrlEndpoint",
        "DistributionUrl",
        "AssetsBucketName",
        "LinksTableName",
        "SharesTableName",
        "Region",
        "IssuerAuth",
    }


def test_the_region_output_is_where_the_bucket_and_table_are(
    default: Synthesised, abroad: Synthesised
) -> None:
    assert default.templates["OneTimeUrls"]["Outputs"]["Region"]["Value"] == "us-east-1"
    assert abroad.templates["OneTimeUrls"]["Outputs"]["Region"]["Value"] == "eu-west-1"


def test_access_logs_are_off_unless_they_are_set(default: Synthesised, tailored: Synthesised) -> None:
    for made in (default, tailored):
        assert list(made.resources("AWS::Logs::Delivery")) == []


def test_access_logs_are_delivered_from_us_east_1_without_query_cookie_or_referrer(
    disposable: Synthesised, abroad: Synthesised
) -> None:
    for made, stack, distribution in (
        (disposable, "OneTimeUrls", "<Distribution20DB6340>"),
        (abroad, LOGS_STACK, None),
    ):
        delivery = made.one("AWS::Logs::Delivery", stack=stack)
        assert {"cs-uri-stem", "x-edge-request-id", "sc-status"} <= set(delivery["RecordFields"])
        for field in delivery["RecordFields"]:
            assert not any(word in field.lower() for word in ("query", "cookie", "referer", "range-header"))
        source = made.one("AWS::Logs::DeliverySource", stack=stack)
        assert source["LogType"] == "ACCESS_LOGS"
        assert source["Name"] == delivery["DeliverySourceName"]
        [of] = source["ResourceArn"]["Fn::Join"][1][-1:]
        if distribution:
            assert flat(of) == distribution
        else:
            assert of["Fn::GetStackOutput"]["StackName"] == "OneTimeUrls"
            assert of["Fn::GetStackOutput"]["Region"] == "eu-west-1"
        destination = made.one("AWS::Logs::DeliveryDestination", stack=stack)
        assert "DistributionLogs" in flat(destination["DestinationResourceArn"])


def test_logs_are_reconciled_where_they_arrive_and_only_if_that_is_set(
    default: Synthesised, disposable: Synthesised, abroad: Synthesised
) -> None:
    for made in (default, disposable):
        assert list(made.resources("AWS::Logs::SubscriptionFilter")) == []
    subscription = abroad.one("AWS::Logs::SubscriptionFilter", stack=LOGS_STACK)
    assert subscription["FilterPattern"] == ""
    assert "DistributionLogs" in flat(subscription["LogGroupName"])
    [function] = abroad.resources("AWS::Lambda::Function", stack=LOGS_STACK)
    variables = flat(function["Properties"]["Environment"]["Variables"])
    assert variables["LINKS_TABLE_ARN"] == (
        "arn:aws:dynamodb:eu-west-1:<AWS::AccountId>:table/OneTimeUrls-links"
    )
    assert variables["MAX_LIFETIME_SECONDS"] == "3600"


def test_what_the_reconciler_reads_is_what_is_delivered(abroad: Synthesised) -> None:
    delivered = set(abroad.one("AWS::Logs::Delivery", stack=LOGS_STACK)["RecordFields"])
    assert logged().keys() <= delivered


def test_only_log_delivery_for_this_account_may_write_the_access_logs(disposable: Synthesised) -> None:
    [policy] = disposable.resources("AWS::Logs::ResourcePolicy")
    [statement] = json.loads(flat(policy["Properties"]["PolicyDocument"]))["Statement"]
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"].startswith("<LogsDistributionLogs")
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "<AWS::AccountId>"}


def test_cdk_nag_and_the_cdks_own_validation_find_nothing_unanswered(every: Synthesised) -> None:
    assert every.findings == []


def test_the_answers_to_cdk_nag_are_these_and_no_more(default: Synthesised, tailored: Synthesised) -> None:
    rules = {rule.split("[")[0] for rule in default.acknowledged}
    assert rules == {"S1", "CFR1", "CFR2", "CFR3", "CFR4", "CFR7", "IAM5", "APIG4", "SMG4"}
    rules = {rule.split("[")[0] for rule in tailored.acknowledged}
    assert rules == {
        "CFR1",
        "CFR3",
        "IAM5",
        "APIG4",
        "SMG4",
        "SQS3",
    }  # the rule CFR7 sees no S3 in an imported bucket


def test_a_bucket_without_tls_would_stop_the_synthesis(tmp_path: Path) -> None:
    made = new_app(tmp_path)
    s3.Bucket(app.compose(made), "Careless")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        made.synth()
    assert [found["ruleName"] for found in Synthesised(tmp_path).findings] == [
        "AwsSolutions-S1",
        "AwsSolutions-S10",
    ]


def test_a_property_that_cloudformation_does_not_take_would_stop_the_synthesis(tmp_path: Path) -> None:
    made = new_app(tmp_path, validated=True)
    CfnResource(Stack(made, "Odd"), "Queue", type="AWS::SQS::Queue", properties={"DelaySeconds": "soon"})
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        made.synth()
    [found] = Synthesised(tmp_path).findings
    assert found["description"] == "DelaySeconds: 'soon' is not of type 'integer'"


def test_a_wildcard_more_in_the_guards_role_would_stop_the_synthesis(tmp_path: Path) -> None:
    made = new_app(tmp_path)
    role = (
        app.compose(made)
        .node.find_child("Default")
        .node.find_child("Edge")
        .node.find_child("Guard")
        .node.find_child("Default")
        .node.find_child("Role")
    )
    assert isinstance(role, iam.Role)
    role.add_to_policy(iam.PolicyStatement(actions=["dynamodb:GetItem"], resources=["*"]))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        made.synth()
    [found] = Synthesised(tmp_path).findings
    assert found["ruleName"] == "AwsSolutions-IAM5[Resource::*]"


def test_cfn_lint_finds_nothing_in_any_template(synthesised: Callable[[str], Synthesised]) -> None:
    templates = [path for name in COMBINATIONS for path in synthesised(name).paths]
    assert len(templates) >= len(COMBINATIONS)
    # W3005: the CDK writes a dependency out even where a reference implies it. Nothing else is left out.
    done = subprocess.run(
        ["cfn-lint", "--ignore-checks", "W3005", "--regions", "us-east-1", "eu-west-1", "--", *templates],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_every_feature_flag_of_the_cdk_is_set_so_that_the_cli_has_nothing_to_remark(
    default: Synthesised,
) -> None:
    """It counts those that are neither set nor behave as is recommended. cdk.json says no where a yes would
    change the template and nothing for the better: a log group that a function at the edge never writes to,
    policies in another order, a version's hash with the layers that there aren't."""
    flags = default.manifest["artifacts"]["aws-cdk-lib/feature-flag-report"]["properties"]["flags"]
    unset = [
        name
        for name, flag in flags.items()
        if "userValue" not in flag
        and flag["recommendedValue"] != flag.get("unconfiguredBehavesLike", {}).get("v2", False)
    ]
    assert unset == []
