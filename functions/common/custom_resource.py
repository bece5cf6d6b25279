"""Answers CloudFormation's requests to a custom resource (CloudFormation User Guide, "Custom resource request
objects"). It waits for an answer for an hour, so every request gets one."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any


def answer(
    event: Mapping[str, Any],
    physical_id: str,
    *,
    data: Mapping[str, str] | None = None,
    refused: str | None = None,
) -> None:
    """Put an answer where CloudFormation waits for it.

    Args:
        event: the request.
        physical_id: of the resource. Another one than before makes CloudFormation delete the old resource.
        data: its attributes.
        refused: why it couldn't be made; None where all went well.
    """
    body = {
        "Status": "SUCCESS" if refused is None else "FAILED",
        **({} if refused is None else {"Reason": refused}),
        "Data": dict(data or {}),
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        "PhysicalResourceId": physical_id,
    }
    # The presigned URL is for no content type.
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own address
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - CloudFormation's own address
        pass
