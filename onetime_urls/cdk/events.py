"""Optional: events for whatever happens to links and shares, an audit trail, e-mails and a webhook.

The tables' streams feed one function, so that no claim and no mint waits for it or pays for it. Its log is
the audit trail: one line for each event, kept as long as the operator says, whatever becomes of the
records. The bus is for everything else. A refused request writes nothing, so it is no event: refusals are
counted by the table and named in the guard's log (docs/operations.md).
"""

from collections.abc import Sequence

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from onetime_urls.cdk.api_function import ApiFunction
from onetime_urls.cdk.nag import acknowledge
from stack.settings import Settings

WORTH_A_NOTICE = ["link claimed", "link revoked", "share used", "share locked", "share revoked"]
"""What people are told of; the rest is on the bus for programs."""


class Notices(Construct):
    """A bus, the function that feeds it, and whoever subscribed."""

    def __init__(
        self, scope: Construct, construct_id: str, *, tables: Sequence[dynamodb.ITableV2], settings: Settings
    ) -> None:
        """
        Args:
            tables: with streams of new and old images.
        """
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", event_bus_name=settings.stack_name)
        made = ApiFunction(
            self,
            "Default",
            code="event_publisher",
            does="Tells what happens to one-time links and shares",
            role="Notices of one-time links: reads the tables' streams, sends events",
            environment={
                "EVENT_BUS_NAME": self.bus.event_bus_name,
                "POWERTOOLS_SERVICE_NAME": "link-notices",
                "POWERTOOLS_LOG_LEVEL": "INFO",
            },
            disposable=settings.disposable,
            seconds=60,
            log_retention=(
                logs.RetentionDays.TEN_YEARS if settings.audit_trail else logs.RetentionDays.THREE_MONTHS
            ),
        )
        made.allow("Tell", ["events:PutEvents"], self.bus.event_bus_arn)
        missed = sqs.Queue(self, "Missed", enforce_ssl=True, retention_period=Duration.days(14))
        acknowledge(missed, {"SQS3": "This is the dead-letter queue: batches of changes that weren't told."})
        for table in tables:
            made.function.add_event_source(
                sources.DynamoEventSource(
                    table,
                    starting_position=lambda_.StartingPosition.LATEST,
                    batch_size=100,
                    max_batching_window=Duration.seconds(1),
                    bisect_batch_on_error=True,
                    report_batch_item_failures=True,
                    retry_attempts=10,
                    on_failure=sources.SqsDlq(missed),
                )
            )
        acknowledge(made.role, {"IAM5[Resource::*]": "ListStreams knows no resource."})
        rule = events.Rule(
            self,
            "WorthANotice",
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=["onetime-urls"], detail_type=WORTH_A_NOTICE),
            enabled=bool(settings.notify_email or settings.notify_webhook_url),
        )
        if settings.notify_email:
            rule.add_target(targets.SnsTopic(self._mail(settings.notify_email)))
        if settings.notify_webhook_url:
            rule.add_target(self._webhook(settings.notify_webhook_url))

    def _mail(self, address: str) -> sns.Topic:
        topic = sns.Topic(self, "Mail", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(address))
        return topic

    def _webhook(self, url: str) -> targets.ApiDestination:
        """POSTs each event as JSON, with a secret of its own in the header `x-onetime-urls-key`."""
        key = secretsmanager.Secret(
            self,
            "WebhookKey",
            description="What the webhook's receiver knows us by",
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True),
        )
        acknowledge(key, {"SMG4": "The receiver has to learn a new key first: rotate it by hand."})
        connection = events.Connection(
            self,
            "Connection",
            authorization=events.Authorization.api_key(
                "x-onetime-urls-key", SecretValue.secrets_manager(key.secret_arn)
            ),
        )
        return targets.ApiDestination(
            events.ApiDestination(
                self, "Webhook", connection=connection, endpoint=url, rate_limit_per_second=10
            )
        )
