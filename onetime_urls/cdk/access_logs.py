"""Optional log of requests to the distribution, without what makes a link work.

CloudFront's legacy log has fixed fields, query string included, and a query string is the secret part
of a link. Standard logging (v2) lets the fields be chosen, so this one leaves out the query, cookies and
the referrer, which can be a link too. Its deliveries have to be made in us-east-1, wherever the rest of
the deployment is (CloudFront Developer Guide, "Configure standard logging (v2)").
"""

from typing import Self

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.support_stack import across, support_scope

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
        scope: what it is in: in us-east-1, and made after the distribution.
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
        self.scope = scope
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

    @classmethod
    def of(
        cls,
        door: Construct,
        distribution: cloudfront.IDistribution,
        *,
        name: str,
        removal_policy: RemovalPolicy,
    ) -> Self:
        """The log of a door's distribution, made where it has to be.

        Args:
            name: of the deployment.
        """
        return cls(
            support_scope(door, "Logs", name=f"{name}-logs", comes="after"),
            "DistributionLogs",
            distribution_id=across(distribution.distribution_id),
            name=regional_name(door, name),
            removal_policy=removal_policy,
        )
