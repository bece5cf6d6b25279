"""Seeing the deployment run: one dashboard, and alarms for what a person should look at.

Metrics are in the region of what they measure. The table, the API and the functions are at home;
CloudFront's are in us-east-1, wherever viewers are, and an alarm has to be where its metric is (CloudWatch
User Guide, "Metrics concepts"; CloudFront Developer Guide, "Monitor CloudFront metrics with Amazon
CloudWatch"). The guard's own log lies in whatever region it ran, so nothing here is built on it: what it
refuses is counted by the table, as failed conditions.
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, ReferenceStrength, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stack.settings import EDGE_REGION, Settings

PERIOD = Duration.minutes(5)
EDGE_ERROR_PERCENT = 5
"""Viewers' requests that end in a 5xx. A preview that is told to come back counts as one (503), so this is
not zero."""


def watch(
    home: Stack,
    *,
    edge_stack: Stack,
    distribution: str,
    table: str,
    api: str,
    functions: Mapping[str, lambda_.IFunction],
    settings: Settings,
) -> None:
    """Make the alarms and the dashboard at home, and the alarm on viewers' errors in us-east-1.

    Args:
        distribution: CloudFront's id of it.
        table: the links table's name.
        api: the HTTP API's id.
        functions: by the service names under which they count.
    """
    topic = AlarmTopic(home, "Alarms", email=settings.alarm_email)
    alarms = HomeAlarms(
        home,
        "HomeAlarms",
        topic=topic,
        table=table,
        api=api,
        functions=functions,
        namespace=settings.stack_name,
        refusals=settings.refusals_alarm,
    )
    Dashboard(
        home,
        "Overview",
        name=f"{settings.stack_name}-{settings.region}",
        alarms=alarms,
        distribution=distribution,
        table=table,
        api=api,
        functions=functions,
        namespace=settings.stack_name,
    )
    if edge_stack is not home:
        topic = AlarmTopic(edge_stack, "Alarms", email=settings.alarm_email)
        distribution = Stack.consume_reference(distribution, ReferenceStrength.WEAK)
    EdgeAlarms(edge_stack, "EdgeAlarms", topic=topic, distribution=distribution)


class AlarmTopic(Construct):
    """Where alarms of one region go: nowhere, or to an e-mail address."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        """
        Args:
            email: who is told, after confirming AWS's own message; None makes alarms that only show.
        """
        super().__init__(scope, construct_id)
        self._action: actions.SnsAction | None = None
        if email:
            topic = sns.Topic(self, "Topic", enforce_ssl=True)
            topic.add_subscription(subscriptions.EmailSubscription(email))
            self._action = actions.SnsAction(topic)

    def tell(self, alarm: cloudwatch.Alarm) -> None:
        """Send the alarm and its end there."""
        if self._action:
            alarm.add_alarm_action(self._action)
            alarm.add_ok_action(self._action)


class HomeAlarms(Construct):
    """Alarms on the table, the API and the functions."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: AlarmTopic,
        table: str,
        api: str,
        functions: Mapping[str, lambda_.IFunction],
        namespace: str,
        refusals: int,
    ) -> None:
        """
        Args:
            table: the links table's name.
            api: the HTTP API's id.
            functions: by the service names under which they count.
            namespace: of the functions' own metrics.
            refusals: failed conditions in five minutes that are more than usual.
        """
        super().__init__(scope, construct_id)
        self.refusals = _table("ConditionalCheckFailedRequests", table)
        self.throttled = _table("WriteThrottleEvents", table)
        self.unavailable = {name: _counted("Unavailable", name, namespace) for name in functions}
        self.errors = {
            name: each.metric_errors(period=PERIOD, statistic="Sum") for name, each in functions.items()
        }
        for name, metric, threshold, meaning in (
            ("WritesThrottled", self.throttled, 1, "Claims or mints were throttled: some got a 503."),
            (
                "RefusalsSpike",
                self.refusals,
                refusals,
                "Far more links were refused than usual: somebody tries used or forged links.",
            ),
            ("TableErrors", _table("SystemErrors", table, Operation="UpdateItem"), 5, "DynamoDB fails."),
            ("ApiErrors", _api("5xx", api), 5, "The API answered with a 5xx."),
            *(
                (f"Errors-{name}", metric, 1, f"The function {name} ended with an error.")
                for name, metric in self.errors.items()
            ),
            *(
                (f"Unavailable-{name}", metric, 5, f"The function {name} can't reach S3, STS or DynamoDB.")
                for name, metric in self.unavailable.items()
            ),
        ):
            alarm = cloudwatch.Alarm(
                self,
                name,
                alarm_description=meaning,
                metric=metric,
                threshold=threshold,
                evaluation_periods=1,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            topic.tell(alarm)


class EdgeAlarms(Construct):
    """The alarm on what viewers get, in us-east-1."""

    def __init__(self, scope: Construct, construct_id: str, *, topic: AlarmTopic, distribution: str) -> None:
        """
        Args:
            distribution: its id.
        """
        super().__init__(scope, construct_id)
        alarm = cloudwatch.Alarm(
            self,
            "ViewerErrors",
            alarm_description="Too many viewers get a 5xx: the guard fails, or can't reach its table, or S3.",
            metric=_edge("5xxErrorRate", distribution),
            threshold=EDGE_ERROR_PERCENT,
            evaluation_periods=3,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        topic.tell(alarm)


class Dashboard(Construct):
    """One page: links, what viewers get, the API, the table."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        alarms: HomeAlarms,
        distribution: str,
        table: str,
        api: str,
        functions: Mapping[str, lambda_.IFunction],
        namespace: str,
    ) -> None:
        """
        Args:
            name: the dashboard's, unique in the account.
        """
        super().__init__(scope, construct_id)
        minted = _counted("Minted", "url-issuer", namespace)
        writes = _table("ConsumedWriteCapacityUnits", table)
        latency = _table("SuccessfulRequestLatency", table, Operation="UpdateItem", statistic="p99")
        durations = [each.metric_duration(period=PERIOD, statistic="p99") for each in functions.values()]
        rows: tuple[tuple[str, Sequence[cloudwatch.IMetric]], ...] = (
            ("Links minted, claims refused", [minted, alarms.refusals]),
            ("Viewers: requests", [_edge("Requests", distribution, "Sum")]),
            (
                "Viewers: errors, %",
                [_edge("4xxErrorRate", distribution), _edge("5xxErrorRate", distribution)],
            ),
            ("Table: writes, throttled", [writes, alarms.throttled]),
            ("Table: a claim's latency, p99, ms", [latency]),
            ("API: requests and errors", [_api("Count", api), _api("4xx", api), _api("5xx", api)]),
            ("Functions: errors, unavailable", [*alarms.errors.values(), *alarms.unavailable.values()]),
            ("Functions: duration, p99, ms", durations),
        )
        widgets = [
            cloudwatch.GraphWidget(title=title, left=[*metrics], width=12, height=6)
            for title, metrics in rows
        ]
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name)
        for first, second in zip(widgets[::2], widgets[1::2], strict=True):
            dashboard.add_widgets(first, second)


def _table(metric: str, table: str, *, statistic: str = "Sum", **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=metric,
        dimensions_map={"TableName": table, **dimensions},
        statistic=statistic,
        period=PERIOD,
    )


def _api(metric: str, api: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=metric,
        dimensions_map={"ApiId": api},
        statistic="Sum",
        period=PERIOD,
    )


def _edge(metric: str, distribution: str, statistic: str = "Average") -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name=metric,
        dimensions_map={"DistributionId": distribution, "Region": "Global"},
        statistic=statistic,
        period=PERIOD,
        region=EDGE_REGION,
    )


def _counted(metric: str, service: str, namespace: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric,
        dimensions_map={"service": service},
        statistic="Sum",
        period=PERIOD,
    )
