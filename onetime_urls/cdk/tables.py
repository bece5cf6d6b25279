"""The two tables: of links, in which a claim is won or lost, and of shares, with what was handed to whom.

One region and no replicas, on purpose: replicas of an eventually consistent global table each decide a
condition on their own copy, so that two regions could both admit a claim (DynamoDB Developer Guide,
"Global tables: consistency").

Each has two indexes that find its items in the order of their making: of all objects, and of one. They hold
keys only, which no claim and no download changes, so these stay one write to the table. Making is what an
index costs: one more write, and as many items under one partition key a second as one partition of the index
takes, 1,000 (same guide, "Best practices for designing and using partition keys").
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from onetime_urls.cdk.deployment import Deployment
from onetime_urls.protocol.links import views
from onetime_urls.protocol.links.record import SHARD
from onetime_urls.protocol.shares import record


@dataclass(frozen=True)
class Keys:
    """What a table's items are found by.

    Attributes:
        items: what the table is named after.
        item: name of the partition key, a string.
        indexes: name of each index, with the name of its partition key, a string.
        order: the indexes' sort key.
    """

    items: str
    item: str
    indexes: Mapping[str, str]
    order: dynamodb.Attribute


LINKS = Keys(
    "links",
    "signature",
    {views.BY_KEY: "object_key", views.BY_TIME: SHARD},
    dynamodb.Attribute(name="issued_at", type=dynamodb.AttributeType.NUMBER),
)
"""One small item for each link. What shares hand out is in the index of one object only."""

SHARES = Keys(
    "shares",
    "id",
    {record.INDEX: "kind", record.BY_KEY: "object_key"},
    dynamodb.Attribute(name="created", type=dynamodb.AttributeType.STRING),
)
"""Shares and their tickets. A table of its own, so that the edge guard's role never touches it. The indexes
list the shares alone."""


class Table(Construct):
    """On-demand table with two indexes.

    Attributes:
        table: the table itself.
        known_arn: the table's ARN without a reference to it, for stacks that come before it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        keys: Keys,
        deployment: Deployment,
        stream: bool,
    ) -> None:
        """
        Args:
            stream: whether each change is published, with the record before and after.
        """
        super().__init__(scope, construct_id)
        table_name = f"{deployment.name}-{keys.items}"
        self.table = dynamodb.TableV2(
            self,
            "Table",
            table_name=table_name,
            partition_key=_text(keys.item),
            billing=dynamodb.Billing.on_demand(),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=index,
                    partition_key=_text(item),
                    sort_key=keys.order,
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                )
                for index, item in keys.indexes.items()
            ],
            time_to_live_attribute="ttl",
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=_once_made(deployment.removal_policy),
        )
        self.known_arn = Stack.of(self).format_arn(
            service="dynamodb", resource="table", resource_name=table_name
        )

    def index_arn(self, index: str) -> str:
        """The ARN of one of its indexes."""
        return f"{self.table.table_arn}/index/{index}"


def _once_made(policy: RemovalPolicy) -> RemovalPolicy:
    """`policy`, but a first deployment that fails takes its table back: its name is known beforehand, so one
    that stays would be in the way of the next try."""
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if policy is RemovalPolicy.RETAIN else policy


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
