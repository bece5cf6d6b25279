"""The Lambda@Edge function of these tests: it does what a header of the request orders, in JSON.

The header is named after the trigger, `x-viewer-request` or `x-origin-response`; the latter is
forwarded by the test distribution's origin request policy. Without orders the viewer-request
trigger sets the claim token and origin-response changes nothing. This file is the function's code.
"""

import json
import time
from typing import Any


def handler(event: dict[str, Any], _context: object) -> Any:
    cf = event["Records"][0]["cf"]
    trigger, request = cf["config"]["eventType"], cf["request"]
    subject = cf.get("response", request)
    given = request["headers"].get(f"x-{trigger}")
    orders = json.loads(given[0]["value"]) if given else {}
    if trigger == "viewer-request":
        set_header(subject, "x-claim-token", "the-token")
    if "fail" in orders:
        raise ValueError(orders["fail"])
    if "sleep" in orders:
        time.sleep(orders["sleep"])
    if "echo" in orders:
        return {"status": "200", "body": json.dumps(event)}
    if "body of length" in orders:
        return {"status": "200", "body": "x" * orders["body of length"]}
    if "result" in orders:
        return orders["result"]
    for name, value in orders.get("set", {}).items():
        set_header(subject, name, value)
    subject.update(orders.get("update", {}))
    return subject


def set_header(subject: dict[str, Any], name: str, value: str) -> None:
    subject["headers"][name] = [{"key": name, "value": value}]
