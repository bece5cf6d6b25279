"""Makes what viewers see: CloudFront's headers and policies on every response, and its own error pages.

Sources, in the CloudFront Developer Guide: "Add or remove HTTP headers in CloudFront responses with a
policy", "Request and response behavior for Amazon S3 origins" (headers that CloudFront removes or updates),
"Cookies" (Set-Cookie goes when cookies aren't forwarded). X-Cache values are those that CloudFront is seen to
send.
"""

from http import HTTPStatus

from local_cloud.edge import cors
from local_cloud.edge.messages import HOP_BY_HOP, Headers, Request, Response, first, without
from local_cloud.edge.model import ResponseHeadersPolicy


def for_viewer(
    headers: Headers,
    policy: ResponseHeadersPolicy,
    request: Request,
    *,
    via: str,
    request_id: str,
    x_cache: str,
    date: str,
) -> Headers:
    """The headers of a response to `request` as the viewer gets them. `date` is an HTTP date for a response
    without one.
    """
    kept = without(headers, HOP_BY_HOP | policy.remove | {"via", "x-cache"})
    if policy.cors:
        kept = cors.applied(policy.cors, request, kept)
    for each in policy.add:
        if each.override:
            kept = without(kept, {each.name})
        if first(kept, each.name) is None:
            kept += ((each.name, each.value),)
    if first(kept, "date") is None:
        kept += (("date", date),)
    return (
        *kept,
        ("x-cache", f"{x_cache} from cloudfront"),
        ("via", via),
        ("x-amz-cf-pop", "LOCAL1-P1"),
        ("x-amz-cf-id", request_id),
    )


def whole(status: int, headers: Headers, body: bytes) -> Response:
    """A response with its body at hand and the Content-Length that fits it."""
    headers = without(headers, {"content-length", "transfer-encoding"})
    if status not in {204, 304}:
        headers += (("content-length", str(len(body))),)
    return Response(status, headers, body)


def error_page(status: int, sentence: str, request_id: str) -> Response:
    """CloudFront's own answer where none came from a function or an origin; tells nothing of the inside."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>\n"
        f"<p>{sentence}</p>\n<p>Local edge, in place of CloudFront. Request ID: {request_id}</p>\n"
        "</body></html>\n"
    )
    return whole(status, (("server", "CloudFront"), ("content-type", "text/html")), page.encode())
