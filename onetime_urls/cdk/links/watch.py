"""Seeing the deployment run: one page to look at, and alarms for what a person should look at."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from onetime_urls.cdk.alarms import PERIOD, Alarms
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.links.metrics import LinkMetrics
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.support_stack import is_at_home, support_scope


class Watch(Construct):
    """Alarms and a dashboard of one deployment.

    Attributes:
        home_alarms: those of its region.
        edge_alarms: those of us-east-1; the same where that is its region.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, email: str | None) -> None:
        """
        Args:
            name: of the deployment.
            email: who is told of alarms.
        """
        super().__init__(scope, construct_id)
        self._name = name
        self.home_alarms = self.edge_alarms = Alarms(self, "Alarms", email=email)
        there = support_scope(self, "Edge", name=f"{name}-alarms", comes="after")
        if not is_at_home(there, self):
            self.edge_alarms = Alarms(there, "Alarms", email=email)

    @property
    def alarms(self) -> list[cloudwatch.Alarm]:
        """All of them."""
        elsewhere = [] if self.edge_alarms is self.home_alarms else self.edge_alarms.all
        return [*self.home_alarms.all, *elsewhere]

    def over(
        self,
        metrics: LinkMetrics,
        edge_metrics: LinkMetrics,
        api: LinkApi,
        functions: Sequence[LambdaFunction],
        minted: Sequence[cloudwatch.IMetric],
        refusals: int,
    ) -> None:
        """Watch all that AWS counts, and draw it.

        Args:
            edge_metrics: the same as `metrics`, for an alarm in us-east-1.
            functions: those in the deployment's own region. Their alarms are their own.
            minted: links minted, by each function that mints.
            refusals: refused claims in five minutes that are more than usual.
        """
        metrics.watch_table(self.home_alarms, refusals)
        self.home_alarms.add("ApiErrors", api.metric("5xx"), 5, "The API answered with a 5xx.")
        edge_metrics.watch_viewers(self.edge_alarms)
        durations = [each.function.metric_duration(period=PERIOD, statistic="p99") for each in functions]
        failures = [*(each.errors for each in functions), *(each.unavailable for each in functions)]
        rows: tuple[tuple[str, Sequence[cloudwatch.IMetric]], ...] = (
            ("Links minted, claims refused", [*minted, metrics.refused]),
            ("Viewers: requests", [metrics.requests]),
            ("Viewers: errors, %", [metrics.viewer_4xx, metrics.viewer_5xx]),
            ("Table: writes, throttled", [metrics.writes, metrics.throttled]),
            ("Table: a claim's latency, p99, ms", [metrics.claim_latency]),
            ("API: requests and errors", [api.metric(name) for name in ("Count", "4xx", "5xx")]),
            ("Functions: errors, unavailable", failures),
            ("Functions: duration, p99, ms", durations),
        )
        widgets = [
            cloudwatch.GraphWidget(title=title, left=[*row], width=12, height=6) for title, row in rows
        ]
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=regional_name(self, self._name))
        for first, second in zip(widgets[::2], widgets[1::2], strict=True):
            dashboard.add_widgets(first, second)
