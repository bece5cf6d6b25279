"""Decides, without I/O, whether a viewer request may claim its link, and what goes on to S3 if it wins.

The order is the contract: nothing that could be refused for free ever costs a write. Events have the
shape of the CloudFront Developer Guide, "Lambda@Edge event structure": headers are lower-case names
mapped to lists of `{"key", "value"}`, `uri` and `querystring` are as the viewer spelt them.
"""

from datetime import datetime
from typing import Any, NamedTuple

from common.edge.events import HTML, Headers, accepted, header, write_headers
from edge_guard.resume import (
    LeaseToken,
    Part,
    Terms,
    Unsatisfiable,
    address_key,
    lease_in,
    read_range,
    terms_of,
)
from onetime_urls.protocol.contract.headers import CLAIM_TOKEN_HEADER, LEASE_HEADER, PART_HEADER
from onetime_urls.protocol.contract.names import shown_link
from onetime_urls.protocol.links.canonical import (
    CIDR_PARAMETER,
    Target,
    parse_target,
)
from onetime_urls.protocol.links.claims import Claim, StoredLease
from onetime_urls.protocol.links.limits import (
    ADDED_HEADERS,
    MAX_AGENT_BYTES,
    MAX_CLOCK_SKEW,
    MAX_S3_REQUEST,
)
from onetime_urls.protocol.links.reasons import (
    EXPIRED,
    MALFORMED,
    METHOD,
    NETWORK,
    PART,
    PREVIEW,
    RANGE,
    TOO_LONG,
    Reason,
)
from onetime_urls.protocol.links.rules import Item

_READ_ONLY = frozenset({"cdn-loop", "content-length", "host", "transfer-encoding", "via"})
"""Headers that a viewer-request function must leave as they are (CloudFront Developer Guide, "Restrictions on
edge functions: read-only headers")."""

_ASKS_TWICE = "axel/"
"""Axel asks for `bytes=0-`, hangs up after the answer's head, and asks again for what it wants. It keeps no
cookie by which it could be known again."""

MAX_LANGUAGE_HEADER = 100
"""Characters that go on of a person's languages: what is sent to S3 has its limit (`ADDED_HEADERS`)."""

_PREVIEW_HEADERS = frozenset({"sec-purpose", "purpose", "x-purpose", "x-moz"})
_PREVIEW_WORDS = ("prefetch", "preview", "prerender")


class LinkRequest(NamedTuple):
    """What a viewer request asks for, if it may ask at all.

    Attributes:
        target: the link.
        terms: None on a link without resume.
        part: the bytes wanted; None is the whole object.
        lease: what the viewer showed for this link.
    """

    target: Target
    terms: Terms | None = None
    part: Part | None = None
    lease: LeaseToken | None = None

    @property
    def size(self) -> int:
        """Bytes that a resumable link's request asks for."""
        if self.part is not None:
            return self.part.size
        return self.terms.size if self.terms is not None else 0

    @property
    def bound_by_address(self) -> bool:
        """Whether the viewer's address and agent are the lease."""
        return self.terms is not None and self.terms.by_address

    @property
    def link(self) -> str:
        """What the link is called in logs, answers and leases."""
        return shown_link(self.target.signature)


def read_link(request: dict[str, Any], now: float) -> LinkRequest | Reason:
    """The link that a viewer request asks for, or why it is refused without asking the database.

    Args:
        request: `Records[0].cf.request`.
        now: epoch seconds.
    """
    headers: Headers = request["headers"]
    if request["method"] != "GET":
        return METHOD
    if _is_preview(headers):
        return PREVIEW
    try:
        target = parse_target(request["uri"], request["querystring"])
        dated = datetime.fromisoformat(target.parameters["X-Amz-Date"]).timestamp()
        at_home = CIDR_PARAMETER not in target.parameters or _within(target, request["clientIp"])
    except ValueError:
        return MALFORMED
    if dated > now + MAX_CLOCK_SKEW:
        return MALFORMED
    ends = dated + int(target.parameters["X-Amz-Expires"])
    if ends <= now:
        return EXPIRED
    if not at_home:
        return NETWORK
    if _sent_on(headers, target) > MAX_S3_REQUEST - ADDED_HEADERS:
        return TOO_LONG
    wanted_range, terms = header(headers, "range"), terms_of(target)
    by_address = terms is not None and terms.by_address
    if wanted_range and not by_address and header(headers, "user-agent").lower().startswith(_ASKS_TWICE):
        return RANGE
    if terms is not None:
        return _resumable(target, terms, wanted_range, headers, ends - now)
    if wanted_range.replace(" ", "").lower() not in ("", "bytes=0-"):
        return RANGE
    return LinkRequest(target)


def _is_preview(headers: Headers) -> bool:
    purposes = [header(headers, name).lower() for name in _PREVIEW_HEADERS & headers.keys()]
    return any(word in purpose for purpose in purposes for word in _PREVIEW_WORDS)


def _resumable(
    target: Target, terms: Terms, wanted_range: str, headers: Headers, left: float
) -> LinkRequest | Reason:
    """What is asked of a resumable link. S3 honours its URL for a window longer than it can be claimed."""
    lease = (
        None if terms.by_address else lease_in(header(headers, "cookie", "; "), shown_link(target.signature))
    )
    if lease is None and not terms.by_address and left <= terms.window:
        return EXPIRED
    try:
        return LinkRequest(target, terms, read_range(wanted_range, terms.size), lease)
    except Unsatisfiable:
        return PART


def _sent_on(headers: Headers, target: Target) -> int:
    """Bytes that S3 gets of what the viewer wrote. It would refuse too long a head, and the claim would
    have to be given back."""
    kept = [(name, entry["value"]) for name in _READ_ONLY & headers.keys() for entry in headers[name]]
    added = sum([len(name) + len(value) + 4 for name, value in kept])
    return added + len(target.uri) + len(target.querystring)


def _within(target: Target, address: str) -> bool:
    """Whether the viewer's address is in the network that the link is pinned to.

    Raises:
        ValueError: there is no such network.
    """
    # Loaded here because it would cost every new container CPU for what few links ask.
    from ipaddress import ip_address, ip_network

    return ip_address(address) in ip_network(target.parameters[CIDR_PARAMETER], strict=False)


def make_claim(
    wanted: LinkRequest,
    config: dict[str, Any],
    request: dict[str, Any],
    *,
    now: float,
    edge: str,
    secret: str,
) -> tuple[Claim, LeaseToken | None]:
    """The claim of this very request, under the id that CloudFront gives it in all of its triggers.

    Args:
        secret: 32 random hex digits for a lease.

    Returns:
        The claim, and the lease to hand out with it, if the link is one that hands out leases.
    """
    agent = _agent(request)
    claim_id, when, address = config["requestId"], int(now), request["clientIp"]
    lease, handed_out = None, None
    if wanted.terms is not None:
        left = max(wanted.terms.budget - wanted.size, 0)
        key = address_key(address, header(request["headers"], "user-agent"))
        if not wanted.terms.by_address:
            handed_out = LeaseToken(wanted.link, secret, claim_id)
            key = handed_out.key
        lease = StoredLease(key, when + wanted.terms.window, left)
    return Claim(id=claim_id, when=when, address=address, agent=agent, edge=edge, lease=lease), handed_out


def forward(
    request: dict[str, Any], wanted: LinkRequest, item: Item, lease: LeaseToken | None = None
) -> dict[str, Any]:
    """The request that S3 gets: canonical target, the claim token, and no header of the viewer's.

    S3 would answer a conditional or partial request with less than the object, and the link would be
    used up for it. On a bucket without versions, `If-Match` pins the bytes that were promised. A link
    serves one version only, so `If-Range` has nothing to tell. What origin response has to know goes along:
    it sees the request that S3 got.
    """
    viewer: Headers = request["headers"]
    sent = {"Accept": accepted(header(viewer, "accept")), CLAIM_TOKEN_HEADER: item["claim_token"]["S"]}
    languages = header(viewer, "accept-language") if sent["Accept"] == HTML else ""
    if languages and languages.isascii():
        sent["Accept-Language"] = languages[:MAX_LANGUAGE_HEADER]
    if "version_id" not in item:
        sent["If-Match"] = item["etag"]["S"]
    if wanted.part is not None and wanted.terms is not None:
        sent["Range"] = wanted.part.range
        sent[PART_HEADER] = wanted.part.of(wanted.terms.size)
    if lease is not None:
        sent[LEASE_HEADER] = str(lease)
    headers = {name: viewer[name] for name in _READ_ONLY & viewer.keys()} | write_headers(sent)
    return {**request, "uri": wanted.target.uri, "querystring": wanted.target.querystring, "headers": headers}


def _agent(request: dict[str, Any]) -> str:
    return header(request["headers"], "user-agent").encode()[:MAX_AGENT_BYTES].decode(errors="ignore")
