"""Decides what a viewer sees of S3's answer: the object, marked as private, or a short answer of our own.

S3's error bodies name bucket, key and request, its `x-amz-` headers versions, keys of encryption and the
owner's metadata; CloudFront would pass them on. This runs where an answer comes from S3 and before it is
cached, not for what the cache already has: an object goes into the cache as it is served. Caching at the edge
is safe behind the check at viewer request; proxies and shared browsers have no such check, so `Cache-Control`
is made `private` here. CloudFront keeps such an answer for the cache policy's minimum time to live (Developer
Guide, "Manage how long content stays in the cache").
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge.events import Headers, header, write_headers
from common.edge.media_types import holds_no_script, kind_of
from onetime_urls.protocol.contract.headers import OBJECT_POLICY, SANDBOXED_OBJECT_POLICY
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import unescape
from token_guard.answers import refuse
from token_guard.refusals import CONDITION, MISSING, RANGE, STORAGE, Refusal

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand

_SERVED = ("200", "206", "304")
_REFUSALS = {"403": MISSING, "404": MISSING, "412": CONDITION, "416": RANGE}
"""S3 says 403 instead of 404 where the grant for listing is missing (S3 API Reference, "GetObject")."""

_READ_ONLY = ("transfer-encoding", "via")
"""Headers that an origin-response function must leave as they are (CloudFront Developer Guide,
"Restrictions on edge functions: read-only headers")."""

_FOR_SHARED_CACHES = ("public", "private", "s-maxage", "proxy-revalidate", "must-understand")


def answer_for(
    request: dict[str, Any],
    response: dict[str, Any],
    *,
    varies: bool,
    brand: "Callable[[], ShownBrand | None]" = lambda: None,
) -> dict[str, Any]:
    """What goes to the cache and the viewer.

    Args:
        request: as S3 got it.
        response: S3's.
        varies: whether named origins may read answers by script. A browser that keeps an image which it got
            without that permission must not use it for a script's request.
        brand: reads whose pages these are.
    """
    headers: Headers = response["headers"]
    if response["status"] not in _SERVED:
        missing = response["status"] == "400" and _is_beyond_keys(request)
        refusal = MISSING if missing else _REFUSALS.get(response["status"], STORAGE)
        return _hide(request, headers, refusal, brand)
    changed = {"Cache-Control": private(header(headers, "cache-control"))}
    if varies:
        changed["Vary"] = "Origin"
    # A browser puts the headers of a 304 in place of those that it has kept with the object (RFC 9111,
    # section 3.2), and S3's 304 doesn't say of what type that is.
    if response["status"] != "304":
        shown_alone = holds_no_script(kind_of(header(headers, "content-type")))
        changed["Content-Security-Policy"] = OBJECT_POLICY if shown_alone else SANDBOXED_OBJECT_POLICY
    shown = {
        name: values
        for name, values in headers.items()
        if not (name.startswith("x-amz-") or name == "content-security-policy")
    }
    return {**response, "headers": {**shown, **write_headers(changed)}}


def private(cache_control: str) -> str:
    """An object's own `Cache-Control`, for the viewer's browser alone. Without one the browser asks each
    time, and gets a 304 as long as the token is good and the object the same."""
    directives = [each.strip() for each in cache_control.lower().split(",") if each.strip()]
    kept = [each for each in directives if each.partition("=")[0].strip() not in _FOR_SHARED_CACHES]
    return ", ".join(["private", *(kept or ["no-cache"])])


def _is_beyond_keys(request: dict[str, Any]) -> bool:
    """Whether a path and the origin's own in front of it are longer than a key can be, of which S3 says 400
    (S3 API Reference, "Error responses": KeyTooLongError)."""
    key = unescape(request["origin"]["s3"]["path"] + request["uri"]).removeprefix("/")
    return len(key.encode()) > MAX_KEY_BYTES


def _hide(
    request: dict[str, Any], headers: Headers, refusal: Refusal, brand: "Callable[[], ShownBrand | None]"
) -> dict[str, Any]:
    answer = refuse(refusal, headers=request["headers"], brand=brand)
    names = (*_READ_ONLY, "content-range") if refusal is RANGE else _READ_ONLY
    kept = {name: headers[name] for name in names if name in headers}
    return {**answer, "headers": {**answer["headers"], **kept}}
