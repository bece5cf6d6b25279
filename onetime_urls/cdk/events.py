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

from onetime_urls.cdk.alarms import PERIOD, publisher
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.options import Events
from onetime_urls.cdk.patterns import HTTPS
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.events import SOURCE, Event
from onetime_urls.protocol.contract.headers import WEBHOOK_KEY_HEADER

WORTH_A_MESSAGE = (
    Event.LINK_CLAIMED,
    Event.LINK_REVOKED,
    Event.SHARE_USED,
    Event.SHARE_LOCKED,
    Event.SHARE_REVOKED,
)
"""What people are told of; the rest is on the bus for programs."""


class EventFeed(Construct):
    """A bus, the function that feeds it, and whoever subscribed.

    Attributes:
        bus: where events go.
        made: the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        options: Events,
        tables: Sequence[dynamodb.ITableV2],
        deployment: Deployment,
    ) -> None:
        """
        Args:
            tables: with streams of new and old images.

        Raises:
            PropError: an address can't be one.
        """
        super().__init__(scope, construct_id)
        props = Props(scope)
        props.resource(
            "events.bus", options.bus, "event_bus_name", "an event bus, such as events.EventBus(…)"
        )
        address = props.email("events.email", options.email)
        self.bus = options.bus or events.EventBus(self, "Bus", event_bus_name=deployment.name)
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="event_publisher",
            does="Publishes what happens to one-time links and shares",
            role="Publisher of events: reads the tables' streams, sends events",
            environment={Variable.EVENT_BUS_NAME: self.bus.event_bus_name},
            deployment=deployment,
            seconds=60,
            log_retention=(
                logs.RetentionDays.TEN_YEARS if options.audit_trail else logs.RetentionDays.THREE_MONTHS
            ),
        )
        self.made.allow("Publish", ["events:PutEvents"], self.bus.event_bus_arn)
        missed = sqs.Queue(self, "Missed", enforce_ssl=True, retention_period=Duration.days(14))
        acknowledge(
            missed, {"SQS3": "This is the dead-letter queue: batches of changes that weren't published."}
        )
        for table in tables:
            self.made.function.add_event_source(
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
        if deployment.alarms:
            deployment.alarms.add(
                "EventsMissed",
                missed.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum"),
                1,
                "Changes of links or shares wait in the dead-letter queue: their events weren't published.",
            )
        rule = events.Rule(
            self,
            "WorthAMessage",
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[*WORTH_A_MESSAGE]),
            enabled=bool(address or options.webhook_url),
        )
        if address:
            rule.add_target(targets.SnsTopic(self._mail(address, rule), authorize_using_role=True))
        if options.webhook_url is not None:
            url = props.text("events.webhook_url", options.webhook_url, HTTPS, "an https:// address")
            rule.add_target(self._webhook(url))

    def _mail(self, address: str, rule: events.IRule) -> sns.Topic:
        """A topic for the rule, which publishes by a role: EventBridge can't use what a topic's policy allows
        under a condition (EventBridge User Guide, "Troubleshooting Amazon EventBridge"), and without one the
        policy would let in other accounts' rules."""
        topic = sns.Topic(self, "Mail", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(address))
        topic.add_to_resource_policy(publisher(topic, "events.amazonaws.com", rule.rule_arn))
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
                WEBHOOK_KEY_HEADER, SecretValue.secrets_manager(key.secret_arn)
            ),
        )
        return targets.ApiDestination(
            events.ApiDestination(
                self, "Webhook", connection=connection, endpoint=url, rate_limit_per_second=10
            )
        )
