"""Invented lines of CloudFront's log, in the documented shape: every value is text, "-" where there is none.

CloudFront Developer Guide, "Standard logging reference" and "Configure standard logging (v2)".
"""

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

from tests.links import NOW


def logged(**changed: str) -> dict[str, str]:
    """The fields that the reconciler reads; `changed` replaces some, with `_` for `-`."""
    ended = datetime.fromtimestamp(NOW + 2, UTC)
    fields = {
        "date": f"{ended:%Y-%m-%d}",
        "time": f"{ended:%H:%M:%S}",
        "cs-method": "GET",
        "cs-uri-stem": "/reports/q1.pdf",
        "sc-status": "200",
        "sc-bytes": "1834",
        "sc-range-start": "-",
        "sc-range-end": "-",
        "time-taken": "1.250",
        "x-edge-result-type": "Miss",
        "x-edge-detailed-result-type": "Miss",
        "x-edge-request-id": "r-1",
    }
    return fields | {name.replace("_", "-"): value for name, value in changed.items()}


def batch(*lines: dict[str, str] | str) -> dict[str, Any]:
    """What CloudWatch Logs sends (CloudWatch Logs User Guide, "Using subscription filters with Lambda")."""
    events = [
        {
            "id": str(number),
            "timestamp": NOW * 1000,
            "message": line if isinstance(line, str) else json.dumps(line),
        }
        for number, line in enumerate(lines)
    ]
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "access",
        "logStream": "CloudFront_EDFDVBD6EXAMPLE",
        "subscriptionFilters": ["Lines"],
        "logEvents": events,
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}}
