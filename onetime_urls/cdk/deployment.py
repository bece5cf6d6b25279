"""What the parts of one deployment are told alike."""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch

from onetime_urls.cdk.alarms import Alarms, metric
from onetime_urls.protocol.contract.metrics import DIMENSION, Metric, Service


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What the parts of one deployment have in common.

    Attributes:
        name: of what needs a name, and of the CloudWatch namespace of its own metrics.
        removal_policy: of tables, logs and a bucket that were made here.
        alarms: of its home region; None where nobody watches.
    """

    name: str
    removal_policy: RemovalPolicy
    alarms: Alarms | None

    def metric(self, name: Metric, service: Service) -> cloudwatch.Metric:
        """What one of its functions counts."""
        return metric(self.name)(name, **{DIMENSION: service})
