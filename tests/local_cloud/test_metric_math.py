"""Alarms on expressions, as MiniStack's CloudFormation takes them."""

from local_cloud.ministack.metric_math import on_first_metric

METRIC = {
    "MetricName": "Requests",
    "Namespace": "AWS/CloudFront",
    "Dimensions": [{"Name": "a", "Value": "b"}],
}


def test_an_alarm_on_an_expression_is_kept_as_one_on_its_first_metric() -> None:
    alarm = {
        "Threshold": 5,
        "Metrics": [
            {"Id": "e", "Expression": "m * 2"},
            {"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 300, "Stat": "Sum"}},
        ],
    }
    assert on_first_metric(alarm) == {"Threshold": 5, **METRIC, "Period": 300, "Statistic": "Sum"}


def test_an_alarm_on_a_metric_is_left_alone() -> None:
    alarm = {**METRIC, "Threshold": 5}
    assert on_first_metric(alarm) is alarm
