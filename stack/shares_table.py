"""The table of shares, with their tickets: what people are shown, and what was handed to whom.

A table of its own, so that the edge guard's role never touches it. The index over `kind` and `created`
holds keys only: it lists shares in the order of their creation, and a download writes nothing there.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from share_protocol.record import INDEX


class SharesTable(Construct):
    """On-demand table with a share's id, or a ticket's name, as its key."""

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
            partition_key=_text("id"),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=INDEX,
                    partition_key=_text("kind"),
                    sort_key=_text("created"),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                )
            ],
            billing=dynamodb.Billing.on_demand(),
            time_to_live_attribute="ttl",
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=not disposable,
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
        self.index_arn = f"{self.table.table_arn}/index/{INDEX}"


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
