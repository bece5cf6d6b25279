"""Lets MiniStack's CloudFormation make alarms on expressions over metrics, which it refuses.

Nothing is measured here, and no alarm ever rings: such an alarm is kept as one on the first metric of its
expression, with the same name, threshold and actions.
"""

import importlib
from typing import Any

_NAME = "_cw_metric_alarm_record"


def teach() -> None:
    """Have MiniStack do that from now on."""
    provisioners = importlib.import_module("ministack.services.cloudformation.provisioners")
    original = getattr(provisioners, _NAME)

    def record(name: str, properties: dict[str, Any]) -> Any:
        return original(name, on_first_metric(properties))

    setattr(provisioners, _NAME, record)


def on_first_metric(properties: dict[str, Any]) -> dict[str, Any]:
    """An alarm's properties, with one metric in place of an expression."""
    if not properties.get("Metrics"):
        return properties
    used: dict[str, Any] = next(each["MetricStat"] for each in properties["Metrics"] if "MetricStat" in each)
    rest = {name: value for name, value in properties.items() if name != "Metrics"}
    return {**rest, **used["Metric"], "Period": used["Period"], "Statistic": used["Stat"]}
