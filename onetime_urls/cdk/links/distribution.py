"""The distribution: carries a guarded request to S3 as it is, adds nothing, keeps nothing.

Three things here are load-bearing. There is no origin access identity or control: either adds a
signature of CloudFront's own, and S3 refuses a request that is signed twice. Nothing is cached, good or
bad: a cache's key has no query string here, so one viewer would be given another's object or error.
And the headers that reach S3 are the guard's own, which overwrites what a viewer sends.
"""

from collections.abc import Mapping

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.domain import CustomDomain
from onetime_urls.cdk.error_responses import uncached_errors
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.security_headers import security_headers
from onetime_urls.protocol.contract.headers import (
    CLAIM_TOKEN_HEADER,
    LEASE_COOKIE,
    LEASE_HEADER,
    PART_HEADER,
    SANDBOXED_OBJECT_POLICY,
)


class Distribution(Construct):
    """CloudFront in front of the bucket, with the guard on both sides.

    Attributes:
        distribution: the distribution.
        link_base_url: its address, without a trailing slash.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        name: str,
        guard: lambda_.IVersion,
        pages: Mapping[str, cloudfront.BehaviorOptions],
        domain: CustomDomain | None,
        price_class: cloudfront.PriceClass,
        web_acl_id: str | None,
        geo_restriction: cloudfront.GeoRestriction | None,
    ) -> None:
        """
        Args:
            name: of the deployment: what policies are named after.
            guard: numbered version of the edge guard.
            pages: path patterns that aren't objects of the bucket, with their behaviours.
        """
        super().__init__(scope, construct_id)
        name = regional_name(self, name)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"One-time links of {name}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_bucket_defaults(bucket),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=self._origin_request_policy(name),
                response_headers_policy=self._response_headers_policy(name),
                compress=False,  # the bytes that were promised, and ranges of them
                edge_lambdas=[
                    cloudfront.EdgeLambda(event_type=event, function_version=guard)
                    for event in (
                        cloudfront.LambdaEdgeEventType.VIEWER_REQUEST,
                        cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE,
                    )
                ],
            ),
            additional_behaviors=dict(pages),
            error_responses=uncached_errors(),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            price_class=price_class,
            web_acl_id=web_acl_id,
            geo_restriction=geo_restriction,
            domain_names=[domain.name] if domain else None,
            certificate=domain.certificate if domain else None,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None,
        )
        self.link_base_url = f"https://{domain.name if domain else self.distribution.domain_name}"
        if domain:
            domain.point_at(self.distribution)
        self._acknowledge(web_acl=bool(web_acl_id), domain=bool(domain))

    def _origin_request_policy(self, name: str) -> cloudfront.OriginRequestPolicy:
        return cloudfront.OriginRequestPolicy(
            self,
            "OriginRequestPolicy",
            origin_request_policy_name=f"{name}-presigned",
            comment="The presigned query, what the guard adds, and in which form the viewer takes an error",
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            # S3 has no use for the last two. The guard has, where it answers in S3's place: there it sees
            # the headers that S3 was sent, not the viewer's.
            header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(
                CLAIM_TOKEN_HEADER, LEASE_HEADER, PART_HEADER, "Accept", "Accept-Language"
            ),
            # The guard lets no cookie through to S3. But where none is forwarded, CloudFront takes
            # Set-Cookie out of answers (CloudFront Developer Guide, "Cache content based on cookies").
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.allow_list(LEASE_COOKIE),
        )

    def _response_headers_policy(self, name: str) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "ResponseHeadersPolicy",
            response_headers_policy_name=f"{name}-private",
            comment="Not stored, not sniffed, not framed, no scripts, no referrer",
            security_headers_behavior=security_headers(SANDBOXED_OBJECT_POLICY, unless_given=True),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header="Cache-Control", value="no-store", override=True)
                ]
            ),
        )

    def _acknowledge(self, *, web_acl: bool, domain: bool) -> None:
        reasons = {
            "CFR1": "Links are handed to people wherever they are; who may mint decides who may read.",
            "CFR7": "An origin access control adds CloudFront's own signature, and S3 refuses a "
            "request with two. The presigned query and the claim token are what S3 checks.",
        }
        if not web_acl:
            reasons["CFR2"] = (
                "A web ACL costs money and depends on the operator's traffic: `web_acl_id` attaches "
                "theirs. The guard refuses junk before it costs a database write."
            )
        # The rule looks for the legacy standard log only, which can't leave out the query string.
        reasons["CFR3"] = (
            "The legacy log records query strings, and these are bearer URLs. `access_logs` turns on the "
            "newer standard log, without them."
        )
        if not domain:
            reasons["CFR4"] = (
                "CloudFront's own domain comes with CloudFront's own certificate and its TLS settings; "
                "`domain` sets TLS 1.2 as the least."
            )
        acknowledge(self, reasons)
