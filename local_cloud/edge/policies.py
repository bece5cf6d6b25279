"""Decides which behaviour takes a request, and what of the request goes on to the origin.

Sources, all in the CloudFront Developer Guide: "Cache behavior settings" (path patterns are matched against
a normalised path, the raw one goes on), "Control origin requests with a policy" (nothing but the path, the
body and CloudFront's own headers unless a policy lists it; what is in the cache key goes as well), "Request
and response behavior" for S3 and custom origins (conditional and range headers go in any case).
"""

import re
from dataclasses import replace

from local_cloud.edge.messages import HOP_BY_HOP, Headers, Request, first, joined
from local_cloud.edge.model import Behaviour, Distribution, Selection

# Forwarded whatever the policies say; the last ones describe a body, which is forwarded too.
_ALWAYS_FORWARDED = frozenset(
    {
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "content-length",
        "content-md5",
        "content-type",
    }
)
# CloudFront writes these itself.
_OWN = frozenset({"accept-encoding", "cookie", "expect", "host", "user-agent", "via", "x-forwarded-for"})

_ZERO = re.compile(r"q=0(\.0*)?")  # RFC 9110 section 12.4.2: not acceptable
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def behaviour_for(distribution: Distribution, uri: str) -> Behaviour:
    """The first behaviour whose pattern matches the raw path `uri`; the default one matches everything."""
    path = normalised_path(uri)
    return next(each for each in distribution.behaviours if path_matches(each.pattern, path))


def normalised_path(uri: str) -> str:
    """RFC 3986 section 6.2.2: unreserved characters decoded, escapes in capitals, dot segments resolved."""

    def decoded(escape: re.Match[str]) -> str:
        character = chr(int(escape.group(1), 16))
        return character if _UNRESERVED.fullmatch(character) else escape.group().upper()

    kept: list[str] = []
    segments = _ESCAPE.sub(decoded, uri).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def path_matches(pattern: str, path: str) -> bool:
    """Whether a path pattern fits: `*` is any characters, `?` exactly one, its leading slash is optional."""
    wildcards = {"*": ".*", "?": "."}
    expression = "".join(wildcards.get(each, re.escape(each)) for each in pattern.removeprefix("/"))
    return re.fullmatch(expression, path.removeprefix("/"), re.DOTALL) is not None


def selected_query(querystring: str, *selections: Selection) -> str:
    """The parameters that any of the policies takes, in their order and their spelling."""
    if any(each.behaviour == "all" for each in selections):
        return querystring
    kept = (
        parameter
        for parameter in querystring.split("&")
        if any(each.takes(parameter.partition("=")[0]) for each in selections)
    )
    return "&".join(kept)


def selected_cookies(headers: Headers, *selections: Selection) -> str:
    """The value of the Cookie header with the cookies that any of the policies takes; empty for none."""
    cookies = [each.strip() for each in (joined(headers, "cookie") or "").replace(", ", "; ").split(";")]
    kept = (each for each in cookies if each and any(s.takes(each.partition("=")[0]) for s in selections))
    return "; ".join(kept)


def accepted_encodings(headers: Headers, encodings: tuple[str, ...]) -> str | None:
    """What a policy that caches compressed objects makes of Accept-Encoding; None where none is sent.

    Source: "Understand cache policies", compressed objects.
    """
    accepted = first(headers, "accept-encoding")
    if accepted is None or not encodings:
        return None
    weighed = (each.lower().replace(" ", "").partition(";") for each in accepted.split(","))
    offered = {coding for coding, _, weight in weighed if not _ZERO.fullmatch(weight)}
    return ",".join(each for each in encodings if each in offered) or "identity"


def origin_request(request: Request, behaviour: Behaviour, via: str) -> Request:
    """What goes to the origin, less X-Amz-Cf-Id, which functions don't see.

    `via` is this edge's own Via value. The origin's path prefix isn't in `uri` yet.
    """
    cache, policy, origin = behaviour.cache, behaviour.origin_request, behaviour.origin
    custom = {name.lower() for name, _ in origin.custom_headers}

    def listed(name: str) -> bool:
        return cache.headers.takes(name) or policy.headers.takes(name)

    def forwarded(name: str) -> bool:
        if name in _OWN | HOP_BY_HOP | custom or name.startswith(("x-amz-cf-", "x-edge-", "cloudfront-")):
            return False
        return name in _ALWAYS_FORWARDED or listed(name)

    def viewers(name: str) -> str | None:
        return first(request.headers, name) if listed(name) else None

    addresses = joined(request.headers, "x-forwarded-for")
    own = {
        "Host": origin.domain,
        "User-Agent": viewers("user-agent") or "Amazon CloudFront",
        "Via": via,
        "X-Forwarded-For": f"{addresses},{request.client_ip}" if addresses else request.client_ip,
        "Accept-Encoding": accepted_encodings(request.headers, cache.encodings) or viewers("accept-encoding"),
        "Cookie": selected_cookies(request.headers, cache.cookies, policy.cookies),
        "CloudFront-Viewer-Address": viewer_address(request)
        if "cloudfront-viewer-address" in cache.headers.names | policy.headers.names
        else None,
    }
    return replace(
        request,
        querystring=selected_query(request.querystring, cache.queries, policy.queries),
        headers=(
            *((name, value) for name, value in own.items() if value and name.lower() not in custom),
            *((name, value) for name, value in request.headers if forwarded(name.lower())),
            *origin.custom_headers,
        ),
    )


def viewer_address(request: Request) -> str:
    """The value of CloudFront-Viewer-Address, which goes to the origin only where a policy names it ("Add
    CloudFront request headers").
    """
    return f"{request.client_ip}:{request.client_port}"
