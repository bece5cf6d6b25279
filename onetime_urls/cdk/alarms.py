"""Alarms for what a person should look at, and whom they tell.

An alarm is in the region of its metric (CloudWatch User Guide, "Metrics concepts"), and so is the topic that
it tells. The guard's own log lies in whatever region it ran, so nothing here is built on it: what it
refuses is counted by the table, as failed conditions.
"""

from collections.abc import Callable

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

PERIOD = Duration.minutes(5)


class Alarms(Construct):
    """The alarms of one deployment in one region.

    Attributes:
        all: the alarms so far.
    """

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        """
        Args:
            email: who is told, after confirming AWS's own message; None makes alarms that only show.
        """
        super().__init__(scope, construct_id)
        self.all: list[cloudwatch.Alarm] = []
        self._action = actions.SnsAction(self._topic(email)) if email else None

    def add(
        self,
        construct_id: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        meaning: str,
        *,
        periods: int = 1,
    ) -> None:
        """Raise an alarm when `metric` reaches `threshold` in each of `periods` periods in a row."""
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            alarm_description=meaning,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._action:
            alarm.add_alarm_action(self._action)
            alarm.add_ok_action(self._action)
        self.all.append(alarm)

    def _topic(self, email: str) -> sns.Topic:
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(email))
        # A topic with a policy of its own loses the one that lets its own account publish (SNS Developer
        # Guide, "Example cases for Amazon SNS access control").
        topic.add_to_resource_policy(
            publisher(
                topic,
                "cloudwatch.amazonaws.com",
                Stack.of(self).format_arn(service="cloudwatch", resource="alarm:*"),
            )
        )
        return topic


def publisher(topic: sns.ITopic, service: str, source_arn: str) -> iam.PolicyStatement:
    """Lets a service of AWS's publish to `topic` on behalf of this account's `source_arn` alone (IAM User
    Guide, "The confused deputy problem")."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(service)],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={
            "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
    )


def metric(
    namespace: str, *, statistic: str = "Sum", region: str | None = None
) -> Callable[..., cloudwatch.Metric]:
    """Makes metrics of one namespace from a name and dimensions."""

    def make(name: str, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map=dimensions,
            statistic=statistic,
            period=PERIOD,
            region=region,
        )

    return make
