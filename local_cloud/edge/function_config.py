"""Holds a Lambda association to what CloudFront demands when a distribution is created.

MiniStack accepts any function, so a wrong association would only fail on AWS.

The rules are those of the CloudFront Developer Guide, "Restrictions on Lambda@Edge" and "Quotas on
Lambda@Edge". Its pages disagree on the longest time-out of a viewer trigger (5 s, or 30 s on newer ones); the
shorter one is used.
"""

import re
from collections.abc import Mapping

from local_cloud.edge.documents import Document, NotModelled

_NUMBERED_VERSION = re.compile(r"arn:aws:lambda:us-east-1:\d{12}:function:[A-Za-z0-9_-]+:\d+")
_LONGEST_TIMEOUT = {"viewer-request": 5, "origin-response": 30}  # seconds


def is_numbered_version(arn: str) -> bool:
    """Whether `arn` is a numbered version in us-east-1, rather than `$LATEST`, an alias or unqualified."""
    return _NUMBERED_VERSION.fullmatch(arn) is not None


def version(where: str, association: Document, functions: Mapping[str, Document]) -> str:
    """The ARN to invoke. `functions` holds GetFunctionConfiguration's answers; raises NotModelled, naming
    `where`.
    """
    event, arn = association["EventType"], str(association["LambdaFunctionARN"])
    where = f"{where}, {event}"
    if event not in _LONGEST_TIMEOUT:
        raise NotModelled(f"{where}: this trigger isn't modelled")
    if association.get("IncludeBody"):
        raise NotModelled(f"{where}: IncludeBody isn't modelled")
    if not is_numbered_version(arn):
        raise NotModelled(
            f"{where}: CloudFront takes only a numbered function version in us-east-1, not {arn}"
        )
    function = functions[arn]
    forbidden = {
        "environment variables": (function.get("Environment") or {}).get("Variables"),
        "layers": function.get("Layers"),
        "a VPC": (function.get("VpcConfig") or {}).get("SubnetIds"),
        "a dead-letter queue": (function.get("DeadLetterConfig") or {}).get("TargetArn"),
        "X-Ray tracing": (function.get("TracingConfig") or {}).get("Mode") == "Active",
        "a container image": function.get("PackageType") == "Image",
        "the arm64 architecture": "arm64" in (function.get("Architectures") or ()),
        f"a time-out over {_LONGEST_TIMEOUT[event]} s": function["Timeout"] > _LONGEST_TIMEOUT[event],
    }
    for what, used in forbidden.items():
        if used:
            raise NotModelled(f"{where}: Lambda@Edge doesn't take a function with {what}")
    return arn
