"""The security headers that every answer of a distribution gets, whoever made it."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront


def security_headers(
    content_security_policy: str | None, *, unless_given: bool = False
) -> cloudfront.ResponseSecurityHeadersBehavior:
    """Not sniffed, no referrer, TLS for a year, and what its documents may do.

    Args:
        content_security_policy: None where a function sets one for each answer.
        unless_given: whether a content security policy that is there already stays.
    """
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        content_security_policy=(
            cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=content_security_policy, override=not unless_given
            )
            if content_security_policy
            else None
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.days(365), override=True
        ),
    )
