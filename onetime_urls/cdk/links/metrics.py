"""What AWS itself counts of a deployment, over five minutes.

Metrics are in the region of what they measure: the table's at home, CloudFront's in us-east-1, wherever
viewers are (CloudFront Developer Guide, "Monitor CloudFront metrics with Amazon CloudWatch").
"""

from dataclasses import dataclass
from typing import Self

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb

from onetime_urls.cdk.alarms import Alarms, metric
from onetime_urls.cdk.support_stack import EDGE_REGION

VIEWER_ERROR_PERCENT = 5
"""Viewers' requests that end in a 5xx. A preview that is told to come back counts as one (503), so this is
not zero."""


@dataclass(frozen=True, kw_only=True)
class LinkMetrics:
    """Of the links table, and of the distribution."""

    refused: cloudwatch.Metric
    throttled: cloudwatch.Metric
    failing: cloudwatch.Metric
    writes: cloudwatch.Metric
    claim_latency: cloudwatch.Metric
    requests: cloudwatch.Metric
    viewer_4xx: cloudwatch.Metric
    viewer_5xx: cloudwatch.Metric

    @classmethod
    def of(cls, table: dynamodb.ITableV2, distribution_id: str) -> Self:
        """Those of a table and a distribution."""
        name = table.table_name
        counted = metric("AWS/DynamoDB")
        latency = metric("AWS/DynamoDB", statistic="p99")
        requests = metric("AWS/CloudFront", region=EDGE_REGION)
        percent = metric("AWS/CloudFront", statistic="Average", region=EDGE_REGION)
        viewers = {"DistributionId": distribution_id, "Region": "Global"}
        return cls(
            refused=counted("ConditionalCheckFailedRequests", TableName=name),
            throttled=counted("WriteThrottleEvents", TableName=name),
            failing=counted("SystemErrors", TableName=name, Operation="UpdateItem"),
            writes=counted("ConsumedWriteCapacityUnits", TableName=name),
            claim_latency=latency("SuccessfulRequestLatency", TableName=name, Operation="UpdateItem"),
            requests=requests("Requests", **viewers),
            viewer_4xx=percent("4xxErrorRate", **viewers),
            viewer_5xx=percent("5xxErrorRate", **viewers),
        )

    def watch_table(self, alarms: Alarms, refusals: int) -> None:
        """Alarms at home on what the table counts."""
        alarms.add("WritesThrottled", self.throttled, 1, "Claims or mints were throttled: some got a 503.")
        alarms.add(
            "RefusalsSpike",
            self.refused,
            refusals,
            "Far more links were refused than usual: somebody tries used or forged links.",
        )
        alarms.add("TableErrors", self.failing, 5, "DynamoDB fails.")

    def watch_viewers(self, alarms: Alarms) -> None:
        """An alarm in us-east-1 on what viewers get."""
        alarms.add(
            "ViewerErrors",
            self.viewer_5xx,
            VIEWER_ERROR_PERCENT,
            "Too many viewers get a 5xx: the guard fails, or can't reach its table, or S3.",
            periods=3,
        )
