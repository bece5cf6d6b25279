"""The table of links: one small item each, in which a claim is won or lost.

One region and no replicas, on purpose: replicas of an eventually consistent global table each decide a
condition on their own copy, so that two regions could both admit a claim (DynamoDB Developer Guide,
"Global tables: consistency").
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct


class LinksTable(Construct):
    """On-demand table with the link's signature as its key."""

    def __init__(self, scope: Construct, construct_id: str, *, table_name: str, disposable: bool) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.TableV2(
            self,
            "Table",
            table_name=table_name,
            partition_key=dynamodb.Attribute(name="signature", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            time_to_live_attribute="ttl",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=not disposable,
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
