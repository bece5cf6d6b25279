"""What a distribution does with errors: it keeps none of them, and may show a page of the operator's own."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

STATUSES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""All errors whose caching can be set (CloudFront Developer Guide, "HTTP 4xx and 5xx status codes that
CloudFront caches"). CloudFront keeps some of them for 10 s otherwise."""


def uncached_errors(pages: Mapping[int, str] | None = None) -> list[cloudfront.ErrorResponse]:
    """Error responses that aren't kept.

    Args:
        pages: status to the path of the page that is shown with it.
    """
    shown = pages or {}
    ttl = Duration.seconds(0)
    return [
        cloudfront.ErrorResponse(
            http_status=status,
            ttl=ttl,
            response_page_path=shown.get(status),
            response_http_status=status if status in shown else None,
        )
        for status in STATUSES
    ]
