"""Which CORS headers a response headers policy gives to a request with an Origin.

Source: "Understand response headers policies" in the CloudFront Developer Guide (CORS headers), and the API
reference, "ResponseHeadersPolicyCorsConfig". An origin that isn't allowed gets none of the policy's headers.
"""

import re

from local_cloud.edge.messages import Headers, Request, first, without
from local_cloud.edge.model import Cors

_NAMES = frozenset(
    {
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-expose-headers",
        "access-control-max-age",
    }
)


def applied(cors: Cors, request: Request, headers: Headers) -> Headers:
    """A response's headers with the policy's CORS headers. Unless the policy overrides, CORS headers of the
    origin's stay and none is added.
    """
    origin = first(request.headers, "origin")
    if origin is None or not any(_allows(pattern, origin) for pattern in cors.origins):
        return headers
    if not cors.override and any(name.lower() in _NAMES for name, _ in headers):
        return headers
    anyone = "*" in cors.origins
    given = {
        "access-control-allow-origin": "*" if anyone else origin,
        "access-control-allow-credentials": "true" if cors.credentials else "",
        "access-control-expose-headers": ", ".join(cors.exposed),
        "vary": "" if anyone else "Origin",
    }
    if request.method == "OPTIONS" and first(request.headers, "access-control-request-method"):
        given |= {
            "access-control-allow-headers": ", ".join(cors.headers),
            "access-control-allow-methods": ", ".join(cors.methods),
            "access-control-max-age": "" if cors.max_age is None else str(cors.max_age),
        }
    return (*without(headers, _NAMES), *((name, value) for name, value in given.items() if value))


def _allows(pattern: str, origin: str) -> bool:
    """Whether an allowed origin, which may have `*` in it and lack a scheme, fits the Origin header."""
    if "://" not in pattern:
        origin = origin.partition("://")[2] or origin
    expression = "[^/]*".join(re.escape(part) for part in pattern.split("*"))
    return pattern == "*" or re.fullmatch(expression, origin) is not None
