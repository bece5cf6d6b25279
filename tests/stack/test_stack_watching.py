"""Alarms, the dashboard, events and who is told of them."""

import json
from typing import Any

from tests.stack.synthesis import Json, Synthesised, flat


def alarms(made: Synthesised, stack: str) -> dict[str, Json]:
    """The alarms of one stack by what they are called there."""
    return {
        name: resource["Properties"]
        for name, resource in made.templates[stack]["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def metrics(made: Synthesised, stack: str) -> set[tuple[str, str]]:
    return {(each["Namespace"], each["MetricName"]) for each in alarms(made, stack).values()}


HOME = {
    ("AWS/DynamoDB", "ConditionalCheckFailedRequests"),
    ("AWS/DynamoDB", "SystemErrors"),
    ("AWS/DynamoDB", "WriteThrottleEvents"),
    ("AWS/ApiGateway", "5xx"),
    ("AWS/Lambda", "Errors"),
    ("OneTimeUrls", "Unavailable"),
}


def test_throttling_refusals_errors_and_what_viewers_get_raise_alarms(default: Synthesised) -> None:
    assert metrics(default, "OneTimeUrls") == HOME | {("AWS/CloudFront", "5xxErrorRate")}


def test_an_alarm_is_in_the_region_of_its_metric(abroad: Synthesised) -> None:
    assert metrics(abroad, "OneTimeUrls") == HOME
    assert metrics(abroad, "OneTimeUrls-watch-eu-west-1") == {
        ("AWS/CloudFront", "5xxErrorRate"),
        ("AWS/Lambda", "Errors"),  # of the reconciler, which is there
        ("OneTimeUrls", "Unavailable"),
    }


def test_monitoring_can_be_left_out(disposable: Synthesised) -> None:
    assert alarms(disposable, "OneTimeUrls") == {}
    assert list(disposable.resources("AWS::CloudWatch::Dashboard")) == []


def test_alarms_only_show_unless_somebody_is_to_be_told(default: Synthesised, tailored: Synthesised) -> None:
    assert not [each for each in alarms(default, "OneTimeUrls").values() if "AlarmActions" in each]
    for alarm in alarms(tailored, "Acme-Links").values():
        [action] = alarm["AlarmActions"]
        assert flat(action).startswith("<WatchAlarmsTopic")
        assert alarm["OKActions"] == alarm["AlarmActions"]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_the_refusals_that_raise_an_alarm_are_the_operators_to_choose(
    default: Synthesised, tailored: Synthesised
) -> None:
    for made, stack, threshold in ((default, "OneTimeUrls", 100), (tailored, "Acme-Links", 20)):
        [spike] = [
            each
            for each in alarms(made, stack).values()
            if each["MetricName"] == "ConditionalCheckFailedRequests"
        ]
        assert spike["Threshold"] == threshold


def test_the_dashboard_shows_every_metric_in_its_own_region(abroad: Synthesised) -> None:
    body = flat(abroad.one("AWS::CloudWatch::Dashboard")["DashboardBody"])
    assert '"AWS/CloudFront","5xxErrorRate"' in body
    assert '"region":"us-east-1"' in body
    assert '"region":"eu-west-1"' in body or "<AWS::Region>" in body


def test_nothing_listens_to_the_tables_unless_events_are_asked_for(default: Synthesised) -> None:
    assert list(default.resources("AWS::Events::EventBus")) == []
    for table in default.resources("AWS::DynamoDB::GlobalTable"):
        assert "StreamSpecification" not in table["Properties"]


def test_both_tables_feed_one_function_that_tries_again_and_leaves_what_fails_in_a_queue(
    tailored: Synthesised,
) -> None:
    for table in tailored.resources("AWS::DynamoDB::GlobalTable"):
        assert table["Properties"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    mappings = list(tailored.resources("AWS::Lambda::EventSourceMapping"))
    assert len(mappings) == 2
    for mapping in (each["Properties"] for each in mappings):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BisectBatchOnFunctionError"] is True
        assert flat(mapping["DestinationConfig"]["OnFailure"]["Destination"]).startswith("<EventsMissed")


def test_the_function_may_read_the_streams_and_tell_the_bus_and_nothing_else(tailored: Synthesised) -> None:
    allowed = {
        action
        for statement in tailored.role("Publisher of events").statements
        for action in as_list(statement["Action"])
        if not action.startswith("logs:")
    }
    assert allowed == {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "events:PutEvents",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:SendMessage",
    }


def test_the_audit_trail_outlives_the_records_and_the_stack(tailored: Synthesised) -> None:
    [(_, log)] = [
        (name, resource)
        for name, resource in tailored.templates["Acme-Links"]["Resources"].items()
        if resource["Type"] == "AWS::Logs::LogGroup" and name.startswith("EventsLogs")
    ]
    assert log["Properties"]["RetentionInDays"] == 3653
    assert log["DeletionPolicy"] == "Retain"


def test_people_are_told_of_what_is_worth_a_notice(tailored: Synthesised) -> None:
    rule = tailored.one("AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "source": ["onetime-urls"],
        "detail-type": ["link claimed", "link revoked", "share used", "share locked", "share revoked"],
    }
    assert rule["State"] == "ENABLED"
    assert len(rule["Targets"]) == 2
    assert (
        tailored.one("AWS::Events::ApiDestination")["InvocationEndpoint"]
        == "https://hooks.example.com/onetime"
    )
    assert "{{resolve:secretsmanager:" in json.dumps(
        flat_all(tailored.one("AWS::Events::Connection")["AuthParameters"])
    )


def test_the_rule_mails_by_a_role_that_may_publish_to_its_topic_and_nothing_else(
    tailored: Synthesised,
) -> None:
    [target] = [each for each in tailored.one("AWS::Events::Rule")["Targets"] if "Mail" in flat(each["Arn"])]
    role = target["RoleArn"]["Fn::GetAtt"][0]
    [policy] = [
        each["Properties"]
        for each in tailored.resources("AWS::IAM::Policy")
        if {"Ref": role} in each["Properties"]["Roles"]
    ]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("sns:Publish", target["Arn"])


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def flat_all(value: Any) -> Any:
    """`flat`, through all of a structure."""
    if isinstance(value, dict) and not any(key.startswith(("Fn::", "Ref")) for key in value):
        return {key: flat_all(each) for key, each in value.items()}
    return flat(value)
