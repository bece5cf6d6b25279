"""Counts what the functions did, as lines in their logs that CloudWatch makes metrics of.

The lines have the embedded metric format (CloudWatch User Guide, "Embedded metric format specification").
The stack sets the namespace, which is the deployment's name, and each function's service name. A metric has
no other dimension: what it was, in detail, is in the line beside it.
"""

import os

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from onetime_urls.protocol.contract.environment import Variable

MINTED, REFUSED, UNAVAILABLE, INTERNAL = "Minted", "Refused", "Unavailable", "Internal"


def count(name: str, **details: str) -> None:
    """Add one to the metric `name`.

    Args:
        details: codes and names of operations, never a value of the request.
    """
    namespace = os.environ.get(Variable.METRICS_NAMESPACE, "onetime-urls")
    service = {"service": os.environ.get(Variable.SERVICE_NAME, "undefined")}
    with single_metric(name, MetricUnit.Count, 1, namespace=namespace, default_dimensions=service) as metric:
        for key, value in details.items():
            metric.add_metadata(key, value)
