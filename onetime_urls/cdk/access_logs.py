"""Optional log of requests to the distribution, without what makes a link work.

CloudFront's legacy log has fixed fields, query string included, and a query string is the secret part
of a link. Standard logging (v2) lets the fields be chosen, so this one leaves out the query, cookies and
the referrer, which can be a link too. Its deliveries have to be made in us-east-1, wherever the rest of
the deployment is (CloudFront Developer Guide, "Configure standard logging (v2)").
"""

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

RECORD_FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "c-ip",
    "cs-method",
    "x-host-header",
    "cs-uri-stem",
    "sc-status",
    "sc-bytes",
    "cs-bytes",
    "sc-range-start",
    "sc-range-end",
    "cs(User-Agent)",
    "cs-protocol",
    "cs-protocol-version",
    "ssl-protocol",
    "time-taken",
    "time-to-first-byte",
    "x-edge-result-type",
    "x-edge-detailed-result-type",
    "x-edge-request-id",  # the claim's id in the link's record
)


class DistributionLog(Construct):
    """A log group in us-east-1, and CloudFront's delivery to it.

    Attributes:
        log_group: where the lines arrive.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        distribution_id: str,
        name: str,
        removal_policy: RemovalPolicy,
    ) -> None:
        """
        Args:
            name: of the delivery's source and destination, unique in the account; at most 60 characters.
        """
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=removal_policy,
        )
        stack = Stack.of(self)
        deliveries = stack.format_arn(service="logs", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
        permission = logs.ResourcePolicy(
            self,
            "Permission",
            resource_policy_name=f"{name}-cloudfront-logs",
            policy_statements=[
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[self.log_group.log_group_arn],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                        "ArnLike": {"aws:SourceArn": deliveries},
                    },
                )
            ],
        )
        source = logs.CfnDeliverySource(
            self,
            "Source",
            name=name,
            log_type="ACCESS_LOGS",
            resource_arn=stack.format_arn(
                service="cloudfront", region="", resource="distribution", resource_name=distribution_id
            ),
        )
        destination = logs.CfnDeliveryDestination(
            self,
            "Destination",
            name=name,
            delivery_destination_type="CWL",
            destination_resource_arn=self.log_group.log_group_arn,
            output_format="json",
        )
        delivery = logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=destination.attr_arn,
            record_fields=list(RECORD_FIELDS),
        )
        delivery.add_resource_dependency(source)
        delivery.node.add_dependency(permission)
