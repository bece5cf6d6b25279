"""Seeing a door with content run: what CloudFront counts, on one page, and two alarms.

CloudFront's metrics are in us-east-1, wherever viewers are (CloudFront Developer Guide, "Monitor CloudFront
metrics with Amazon CloudWatch"), and so are the alarms on them.
"""

from collections.abc import Sequence

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from onetime_urls.cdk.alarms import PERIOD, Alarms, metric
from onetime_urls.cdk.links.metrics import VIEWER_ERROR_PERCENT
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.options import Monitoring
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.support_stack import EDGE_REGION, across, support_scope


class ContentWatch(Construct):
    """Alarms and a dashboard of one distribution.

    Attributes:
        alarms: of us-east-1.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        options: Monitoring,
        distribution: cloudfront.IDistribution,
        rows: Sequence[tuple[str, Sequence[cloudwatch.IMetric]]] = (),
    ) -> None:
        """
        Args:
            name: of the deployment.
            rows: titles and metrics of further graphs.

        Raises:
            PropError: the limit for refusals is none.
        """
        super().__init__(scope, construct_id)
        refusals = Props(scope).whole_number("monitoring.refusals", options.refusals, 1, 1_000_000)
        there = support_scope(self, "Edge", name=f"{name}-alarms", comes="after")
        self.alarms = Alarms(there, "Alarms", email=options.email)
        counted = _Counted(across(distribution.distribution_id))
        self.alarms.add(
            "RefusalsSpike",
            counted.refused,
            refusals,
            "Far more requests than usual were refused or found nothing: somebody tries addresses or tokens.",
        )
        self.alarms.add(
            "ViewerErrors",
            counted.percent_5xx,
            VIEWER_ERROR_PERCENT,
            "Too many viewers get a 5xx: who may read can't be decided, or S3 fails.",
            periods=3,
        )
        at_home = _Counted(distribution.distribution_id)
        graphs: list[tuple[str, Sequence[cloudwatch.IMetric]]] = [
            ("Viewers: requests", [at_home.requests]),
            ("Viewers: errors, %", [at_home.percent_4xx, at_home.percent_5xx]),
            ("Viewers: refused or missing", [at_home.refused]),
            ("Viewers: bytes downloaded", [at_home.bytes]),
            *rows,
        ]
        widgets = [
            cloudwatch.GraphWidget(title=title, left=[*row], width=12, height=6) for title, row in graphs
        ]
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=regional_name(self, name))
        for first in range(0, len(widgets), 2):
            dashboard.add_widgets(*widgets[first : first + 2])


class _Counted:
    """What CloudFront counts of a distribution, over five minutes."""

    def __init__(self, distribution_id: str) -> None:
        viewers = {"DistributionId": distribution_id, "Region": "Global"}
        total = metric("AWS/CloudFront", region=EDGE_REGION)
        percent = metric("AWS/CloudFront", statistic="Average", region=EDGE_REGION)
        self.requests = total("Requests", **viewers)
        self.bytes = total("BytesDownloaded", **viewers)
        self.percent_4xx = percent("4xxErrorRate", **viewers)
        self.percent_5xx = percent("5xxErrorRate", **viewers)
        self.refused = cloudwatch.MathExpression(
            expression="requests * rate / 100",
            using_metrics={"requests": self.requests, "rate": self.percent_4xx},
            label="Refused or missing",
            period=PERIOD,
        )
