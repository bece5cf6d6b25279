"""Decides what a viewer sees of S3's answer: what the guard asked for, or nothing that S3 wrote.

S3's error bodies name bucket and key, and its `SignatureDoesNotMatch` echoes the canonical request
with the values of the signed headers, the claim token among them. A redirect would name the
presigned URL. So everything but the expected object, or the expected part of it, is replaced by a
short answer of our own, and the claim is released. When S3 answered well this costs no I/O: what S3 says
about the object's storage is taken out, and a new lease becomes the viewer's cookie.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge.events import header, write_headers
from common.edge.media_types import holds_no_script, kind_of
from edge_guard.answers import answer
from edge_guard.resume import set_cookie, terms_of
from onetime_urls.protocol.contract.headers import CHECKSUM_HEADER, LEASE_HEADER, OBJECT_POLICY, PART_HEADER
from onetime_urls.protocol.links.canonical import RESUME_PARAMETER, parse_target
from onetime_urls.protocol.links.reasons import Reason

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand

_READ_ONLY = ("transfer-encoding", "via")
"""Headers that an origin-response function must leave as they are (CloudFront Developer Guide,
"Restrictions on edge functions: read-only headers")."""

_SHOWN = (CHECKSUM_HEADER,)
"""What of S3's own headers goes out: the checksum that `onetime` uploads and holds a download against. The
rest is the owner's business: other metadata, version, encryption, storage class."""

_PLAYED = re.compile(r"(audio|video)/.*", re.ASCII)

_PART = re.compile(r"(\d+)-(\d+)/(\d+)", re.ASCII)


def is_promised(request: dict[str, Any], response: dict[str, Any]) -> bool:
    """Whether S3's answer becomes, for the viewer, the whole object or exactly the part that is wanted.

    CloudFront may ask S3 for more than a part, and cuts what comes to the viewer's range. It doesn't cut an
    answer that is the whole object (CloudFront Developer Guide, "How CloudFront processes partial requests
    for an object (range GETs)"). Whether its own Range shows here is undocumented, so the guard's header says
    what is wanted.
    """
    wanted = _PART.fullmatch(header(request["headers"], PART_HEADER))
    if wanted is None:
        return bool(response["status"] == "200")
    sent = _PART.fullmatch(header(response["headers"], "content-range").removeprefix("bytes "))
    if response["status"] != "206" or sent is None:
        return False
    first, last, size = map(int, wanted.groups())
    begin, end, total = map(int, sent.groups())
    return begin <= first and last <= end < total == size


def show(request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """S3's answer without its storage headers, and with the lease that the guard drew for this claim, if any.

    On a strict link it says that there are no parts to be had: a client that believes otherwise would come
    back for the rest of a download that broke off. And it hands films and sound out to be saved: Chromium and
    Safari ask twice for what they play, so the link would be used and nothing be seen.
    """
    headers = {
        name: values
        for name, values in response["headers"].items()
        if name in _SHOWN or not (name.startswith("x-amz-") or name == "content-security-policy")
    }
    kind = kind_of(header(headers, "content-type"))
    if holds_no_script(kind):
        headers |= write_headers({"Content-Security-Policy": OBJECT_POLICY})
    if f"&{RESUME_PARAMETER}=" not in f"&{request['querystring']}":
        headers |= write_headers({"Accept-Ranges": "none"})
        disposition = header(headers, "content-disposition")
        if _PLAYED.fullmatch(kind) and disposition.startswith("inline"):
            saved = disposition.replace("inline", "attachment", 1)
            headers |= write_headers({"Content-Disposition": saved})
    lease = header(request["headers"], LEASE_HEADER)
    if lease:
        terms = terms_of(parse_target(request["uri"], request["querystring"]))
        cookie = set_cookie(lease, request["uri"], terms.window if terms else 0)
        headers |= write_headers({"Set-Cookie": cookie})
    return {**response, "headers": headers}


def hide(
    request: dict[str, Any],
    response: dict[str, Any],
    reason: Reason,
    brand: "Callable[[], ShownBrand | None]" = lambda: None,
) -> dict[str, Any]:
    """Our own answer, which tells `reason`, in place of what S3 said. The request is the one that S3 got: its
    host is S3's."""
    replaced = answer(reason, headers=request["headers"], brand=brand)
    kept = {name: response["headers"][name] for name in _READ_ONLY if name in response["headers"]}
    return {**replaced, "headers": {**replaced["headers"], **kept}}
