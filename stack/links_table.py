"""The table of links: one small item each, in which a claim is won or lost.

One region and no replicas, on purpose: replicas of an eventually consistent global table each decide a
condition on their own copy, so that two regions could both admit a claim (DynamoDB Developer Guide,
"Global tables: consistency").

The index finds the links of one object. It holds keys only, which no claim changes, so a claim stays one
write. Minting is what it costs: one more write, and as many links of one object a second as one partition
of the index takes, 1,000 (same guide, "Best practices for designing and using partition keys").
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from link_protocol.views import BY_KEY


class LinksTable(Construct):
    """On-demand table with the link's signature as its key."""

    def __init__(
        self, scope: Construct, construct_id: str, *, table_name: str, stream: bool, disposable: bool
    ) -> None:
        """
        Args:
            stream: whether each change is told, with the record before and after.
        """
        super().__init__(scope, construct_id)
        self.table = dynamodb.TableV2(
            self,
            "Table",
            table_name=table_name,
            partition_key=dynamodb.Attribute(name="signature", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=BY_KEY,
                    partition_key=dynamodb.Attribute(name="object_key", type=dynamodb.AttributeType.STRING),
                    sort_key=dynamodb.Attribute(name="issued_at", type=dynamodb.AttributeType.NUMBER),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                )
            ],
            time_to_live_attribute="ttl",
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=not disposable,
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
