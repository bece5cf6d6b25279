"""Decides, without I/O, whether a viewer request may claim its link, and what goes on to S3 if it wins.

The order is the contract: nothing that could be refused for free ever costs a write. Events have the
shape of the CloudFront Developer Guide, "Lambda@Edge event structure": headers are lower-case names
mapped to lists of `{"key", "value"}`, `uri` and `querystring` are as the viewer spelt them.
"""

from datetime import UTC, datetime
from typing import Any

from link_protocol.canonical import CLAIM_TOKEN_HEADER, Malformed, Target, parse_target
from link_protocol.limits import MAX_AGENT_BYTES, MAX_CLOCK_SKEW
from link_protocol.reasons import EXPIRED, MALFORMED, METHOD, PREVIEW, RANGE, Reason
from link_protocol.record import Claim, Item

Headers = dict[str, list[dict[str, str]]]

_PREVIEW_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_PREVIEW_WORDS = ("prefetch", "preview", "prerender")


def read_link(request: dict[str, Any], now: float) -> Target | Reason:
    """The link that a viewer request asks for, or why it is refused without asking the database.

    Args:
        request: `Records[0].cf.request`.
        now: epoch seconds.
    """
    headers: Headers = request["headers"]
    if request["method"] != "GET":
        return METHOD
    purposes = [header(headers, name).lower() for name in _PREVIEW_HEADERS if name in headers]
    if any(word in purpose for purpose in purposes for word in _PREVIEW_WORDS):
        return PREVIEW
    try:
        target = parse_target(request["uri"], request["querystring"])
        dated = _epoch(target.parameters["X-Amz-Date"])
    except Malformed:
        return MALFORMED
    if dated > now + MAX_CLOCK_SKEW:
        return MALFORMED
    if dated + int(target.parameters["X-Amz-Expires"]) <= now:
        return EXPIRED
    if header(headers, "range").replace(" ", "").lower() not in ("", "bytes=0-"):
        return RANGE
    return target


def make_claim(config: dict[str, Any], request: dict[str, Any], *, now: float, edge: str) -> Claim:
    """The claim of this very request, under the id that CloudFront gives it in all of its triggers."""
    agent = header(request["headers"], "user-agent").encode()[:MAX_AGENT_BYTES].decode(errors="ignore")
    return Claim(id=config["requestId"], when=int(now), address=request["clientIp"], agent=agent, edge=edge)


def forward(request: dict[str, Any], target: Target, item: Item) -> dict[str, Any]:
    """The request that S3 gets: canonical target, the claim token, and nothing conditional or partial.

    S3 would answer a conditional or partial request with less than the object, and the link would be
    used up for it. On a bucket without versions, `If-Match` pins the bytes that were promised.
    """
    headers: Headers = {
        name: values
        for name, values in request["headers"].items()
        if name != "range" and not name.startswith("if-")
    }
    headers[CLAIM_TOKEN_HEADER] = [{"key": CLAIM_TOKEN_HEADER, "value": item["claim_token"]["S"]}]
    if "version_id" not in item:
        headers["if-match"] = [{"key": "If-Match", "value": item["etag"]["S"]}]
    return {**request, "uri": target.uri, "querystring": target.querystring, "headers": headers}


def header(headers: Headers, name: str) -> str:
    """All values of a header, joined as RFC 9110 (section 5.3) allows; empty if it is absent."""
    return ", ".join(entry["value"] for entry in headers.get(name, ()))


def _epoch(stamp: str) -> float:
    """Epoch seconds of `YYYYMMDDTHHMMSSZ`. `strptime` would load the locale machinery for this."""
    date, clock = stamp[:8], stamp[9:15]
    try:
        return datetime(
            int(date[:4]),
            int(date[4:6]),
            int(date[6:]),
            int(clock[:2]),
            int(clock[2:4]),
            int(clock[4:]),
            tzinfo=UTC,
        ).timestamp()
    except ValueError:
        raise Malformed("no such date") from None
