"""Decides what a viewer sees of S3's answer: what the guard asked for, or nothing that S3 wrote.

S3's error bodies name bucket and key, and its `SignatureDoesNotMatch` echoes the canonical request
with the values of the signed headers, the claim token among them. A redirect would name the
presigned URL. So everything but the expected object, or the expected part of it, is replaced by a
short answer of our own, and the claim is returned. When S3 answered well this costs no I/O: at most it
turns a new lease into the viewer's cookie.
"""

from typing import Any

from edge_guard.answers import answer
from edge_guard.resume import set_cookie, terms_of
from edge_guard.viewer_request import header
from onetime_urls.protocol.contract.headers import LEASE_HEADER
from onetime_urls.protocol.links.canonical import parse_target
from onetime_urls.protocol.links.reasons import Reason

_READ_ONLY = ("transfer-encoding", "via")
"""Headers that an origin-response function must leave as they are (CloudFront Developer Guide,
"Restrictions on edge functions: read-only headers")."""


def is_promised(request: dict[str, Any], response: dict[str, Any]) -> bool:
    """Whether S3 answered with the whole object, or with exactly the part that it was asked for."""
    wanted = header(request["headers"], "range")
    if not wanted:
        return bool(response["status"] == "200")
    sent = header(response["headers"], "content-range").partition("/")[0].replace(" ", "=")
    return bool(response["status"] == "206" and sent == wanted)


def hand_out_lease(request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """S3's answer, with the lease that the guard drew for this claim, if it drew one."""
    lease = header(request["headers"], LEASE_HEADER)
    if not lease:
        return response
    terms = terms_of(parse_target(request["uri"], request["querystring"]))
    cookie = set_cookie(lease, request["uri"], terms.window if terms else 0)
    headers = {**response["headers"], "set-cookie": [{"key": "Set-Cookie", "value": cookie}]}
    return {**response, "headers": headers}


def hide(request: dict[str, Any], response: dict[str, Any], reason: Reason) -> dict[str, Any]:
    """Our own answer, which tells `reason`, in place of what S3 said."""
    replaced = answer(reason, accept=header(request["headers"], "accept"))
    kept = {name: response["headers"][name] for name in _READ_ONLY if name in response["headers"]}
    return {**replaced, "headers": {**replaced["headers"], **kept}}
