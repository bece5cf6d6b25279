"""Builds the events that Lambda@Edge functions are called with.

Source: CloudFront Developer Guide, "Lambda@Edge event structure" for the shape, "Restrictions on all edge
functions" for the headers that functions don't see and for when an origin-facing function sees the query.
"""

from http.client import responses as phrases
from typing import Any, Literal

from local_cloud.edge.messages import Headers, Request, Response
from local_cloud.edge.model import Behaviour, Distribution, Origin

Trigger = Literal["viewer-request", "origin-response"]

_HIDDEN = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "trailer",
        "upgrade",
        "x-accel-buffering",
        "x-accel-charset",
        "x-accel-limit-rate",
        "x-accel-redirect",
        "x-amzn-auth",
        "x-amzn-cf-billing",
        "x-amzn-cf-id",
        "x-amzn-cf-xff",
        "x-amzn-errortype",
        "x-amzn-fle-profile",
        "x-amzn-header-count",
        "x-amzn-header-order",
        "x-amzn-lambda-integration-tag",
        "x-amzn-requestid",
        "x-cache",
        "x-forwarded-proto",
        "x-real-ip",
    }
)


def is_hidden(name: str) -> bool:
    """Whether the header `name` (lower case) is a disallowed one: functions neither see nor set it."""
    return name in _HIDDEN or name.startswith(("x-amz-cf-", "x-edge-"))


def header_lists(headers: Headers) -> dict[str, list[dict[str, str]]]:
    """Headers as events have them, `{"name": [{"key": "Name", "value": "..."}]}`, less disallowed ones."""
    lists: dict[str, list[dict[str, str]]] = {}
    for name, value in headers:
        if not is_hidden(name.lower()):
            lists.setdefault(name.lower(), []).append({"key": name, "value": value})
    return lists


def viewer_request(distribution: Distribution, request_id: str, request: Request) -> dict[str, Any]:
    """The event for a viewer-request function, from the request as the viewer sent it."""
    return _event(distribution, "viewer-request", request_id, {"request": _request(request)})


def origin_response(
    distribution: Distribution, behaviour: Behaviour, request_id: str, request: Request, response: Response
) -> dict[str, Any]:
    """The event for an origin-response function, from the request as the origin got it; no body in it."""
    queries = {behaviour.cache.queries.behaviour, behaviour.origin_request.queries.behaviour}
    shown = _request(request) | {"origin": {"s3": _origin(behaviour.origin)}}
    if "all" not in queries:
        shown["querystring"] = ""
    answer = {
        "status": str(response.status),
        "statusDescription": phrases.get(response.status, ""),
        "headers": header_lists(response.headers),
    }
    return _event(distribution, "origin-response", request_id, {"request": shown, "response": answer})


def _event(
    distribution: Distribution, trigger: Trigger, request_id: str, cf: dict[str, Any]
) -> dict[str, Any]:
    config = {
        "distributionDomainName": distribution.domain,
        "distributionId": distribution.id,
        "eventType": trigger,
        "requestId": request_id,
    }
    return {"Records": [{"cf": {"config": config, **cf}}]}


def _request(request: Request) -> dict[str, Any]:
    return {
        "clientIp": request.client_ip,
        "headers": header_lists(request.headers),
        "method": request.method,
        "querystring": request.querystring,
        "uri": request.uri,
    }


def _origin(origin: Origin) -> dict[str, Any]:
    identity = origin.identity == "origin-access-identity"
    return {
        "authMethod": "origin-access-identity" if identity else "none",
        "customHeaders": header_lists(origin.custom_headers),
        "domainName": origin.domain,
        "path": origin.path,
        "region": origin.region if identity else "",
    }
