"""Counts what the functions did, as lines in their logs that CloudWatch makes metrics of.

The lines have the embedded metric format (CloudWatch User Guide, "Embedded metric format specification").
The constructs set the namespace, which is the deployment's name, and each function's service name. A metric
has no other dimension: what it was, in detail, is in the line beside it.
"""

import os

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.metrics import DIMENSION, Metric


def count(what: Metric, **details: str) -> None:
    """Add one to a metric.

    Args:
        details: codes and names of operations, never a value of the request.
    """
    namespace = os.environ.get(Variable.METRICS_NAMESPACE, "onetime-urls")
    service = {DIMENSION: os.environ.get(Variable.SERVICE_NAME, "undefined")}
    with single_metric(what, MetricUnit.Count, 1, namespace=namespace, default_dimensions=service) as metric:
        for key, value in details.items():
            metric.add_metadata(key, value)
