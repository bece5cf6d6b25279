"""The security headers that every answer of a distribution gets, whoever made it."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox"
)
"""An object may be anything, HTML with scripts included: shown in a browser it runs nothing, loads
nothing from elsewhere and has no origin."""


def security_headers(content_security_policy: str) -> cloudfront.ResponseSecurityHeadersBehavior:
    """Not sniffed, no referrer, TLS for a year, and what its documents may do."""
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=content_security_policy, override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.days(365), override=True
        ),
    )
