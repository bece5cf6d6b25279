"""Decides what a viewer sees of S3's answer: the object, or nothing that S3 wrote.

S3's error bodies name bucket and key, and its `SignatureDoesNotMatch` echoes the canonical request
with the values of the signed headers, the claim token among them. A redirect would name the
presigned URL. So everything but the object itself is replaced by a short answer of our own, and the
claim is returned. When S3 answered well, this does nothing and costs no I/O.
"""

from typing import Any

from edge_guard.answers import answer
from edge_guard.viewer_request import header
from link_protocol.reasons import Reason

_READ_ONLY = ("transfer-encoding", "via")
"""Headers that an origin-response function must leave as they are (CloudFront Developer Guide,
"Restrictions on edge functions: read-only headers")."""


def is_object(response: dict[str, Any]) -> bool:
    """Whether S3 answered with the whole object. The guard asks for nothing else."""
    return bool(response["status"] == "200")


def hide(request: dict[str, Any], response: dict[str, Any], reason: Reason) -> dict[str, Any]:
    """Our own answer, which tells `reason`, in place of what S3 said."""
    replaced = answer(reason, accept=header(request["headers"], "accept"))
    kept = {name: response["headers"][name] for name in _READ_ONLY if name in response["headers"]}
    return {**replaced, "headers": {**replaced["headers"], **kept}}
