"""The distribution of a door with content: cached, behind whatever decides who is let in.

The cache's key is the path, and such parameters of the query as the door names. Neither a token nor a cookie
nor anything else of a query is part of it, and none of them reaches S3: one copy serves everybody who may
read it, and S3 sees nothing to misread. So who may read has to
be decided for each request and before the cache, by a function at viewer request or by a key group; a
distribution without either is refused.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from onetime_urls.cdk.content.delivery import Delivery
from onetime_urls.cdk.content.private_origin import PrivateOrigin
from onetime_urls.cdk.domain import CustomDomain
from onetime_urls.cdk.error_responses import uncached_errors
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.security_headers import security_headers
from onetime_urls.protocol.contract.headers import SANDBOXED_OBJECT_POLICY

CORS_REQUEST_HEADERS = (
    "Authorization",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Range",
)
"""What a script of a named origin may send beside what browsers safelist."""

CORS_RESPONSE_HEADERS = (
    "Accept-Ranges",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Last-Modified",
    "Retry-After",
    "WWW-Authenticate",
)
"""What it may read beside what browsers safelist."""

OWNERS_HEADERS = (
    "x-amz-expiration",
    "x-amz-id-2",
    "x-amz-replication-status",
    "x-amz-request-id",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-storage-class",
    "x-amz-tagging-count",
    "x-amz-version-id",
)
"""What S3 says of an object's storage, with the account's number in the key's ARN. A policy takes it out
where no guard does: ten names (CloudFront Developer Guide, "Quotas on policies"), and no patterns."""

CACHE_CONTROL = "private, no-cache"
"""For objects that have none of their own, where no guard marks them: proxies and browsers verify no
signature, and would guess for how long they may serve what they keep (RFC 9111, section 4.2.2)."""


class ContentDistribution(Construct):
    """CloudFront in front of one prefix of a bucket.

    Attributes:
        distribution: the distribution.
        url: its address, without a trailing slash.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        serves: str,
        origin: PrivateOrigin,
        delivery: Delivery,
        edge_scope: Construct,
        guard: lambda_.IVersion | None = None,
        key_groups: Sequence[cloudfront.IKeyGroup] = (),
        pages: Mapping[str, cloudfront.BehaviorOptions] | None = None,
        parameters: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            name: of the deployment: what policies are named after.
            serves: what it serves, a few words for its comment.
            edge_scope: where in us-east-1 a certificate is made.
            guard: numbered version of the function at viewer request and origin response that decides.
            key_groups: whose signatures decide, where no function does.
            pages: path patterns that aren't objects of the bucket, with their behaviours.
            parameters: of the query, which S3 gets and the cache tells answers apart by.
            headers: of every answer, in place of what S3 says.
        """
        super().__init__(scope, construct_id)
        if guard is None and not key_groups:
            raise ValueError("a distribution that caches private content needs somebody who decides")
        name = regional_name(self, name)
        domain = (
            CustomDomain(scope, "Domain", domain=delivery.domain, edge_scope=edge_scope)
            if delivery.domain
            else None
        )
        self._origins = [*delivery.cors_origins]
        self._headers = self._response_headers_policy(
            name, delivery, headers or {}, guarded=guard is not None
        )
        if self._origins:
            self._set_cors()
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{serves} of {name}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin.origin,
                allowed_methods=(
                    cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS
                    if delivery.cors_origins
                    else cloudfront.AllowedMethods.ALLOW_GET_HEAD
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                cache_policy=self._cache_policy(name, delivery, parameters),
                response_headers_policy=self._headers,
                compress=delivery.compress,
                edge_lambdas=[
                    cloudfront.EdgeLambda(event_type=event, function_version=guard)
                    for event in (
                        cloudfront.LambdaEdgeEventType.VIEWER_REQUEST,
                        cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE,
                    )
                    if guard
                ],
                trusted_key_groups=list(key_groups) or None,
            ),
            additional_behaviors=dict(pages or {}),
            default_root_object=delivery.default_root_object,
            error_responses=uncached_errors(delivery.error_pages),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            price_class=delivery.price_class,
            web_acl_id=delivery.web_acl_id,
            geo_restriction=delivery.geo_restriction,
            domain_names=[domain.name] if domain else None,
            certificate=domain.certificate if domain else None,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None,
        )
        self.url = f"https://{domain.name if domain else self.distribution.domain_name}"
        if domain:
            domain.point_at(self.distribution)
        origin.let_in(self.distribution)
        self._acknowledge(web_acl=bool(delivery.web_acl_id), domain=bool(domain))

    def allow_origin(self, origin: str) -> None:
        """Let the scripts of one more origin's pages read what they are served, by requests that need no
        permission beforehand.

        Args:
            origin: scheme and host.
        """
        if origin not in self._origins:
            self._origins.append(origin)
        self._set_cors()

    def _cache_policy(
        self, name: str, delivery: Delivery, parameters: Sequence[str]
    ) -> cloudfront.CachePolicy:
        """For as long as the operator says: what S3 sends is marked private to all other caches, and of such
        an answer CloudFront takes the least time that the policy allows (CloudFront Developer Guide, "Manage
        how long content stays in the cache")."""
        kept = Duration.seconds(delivery.cache_seconds)
        return cloudfront.CachePolicy(
            self,
            "CachePolicy",
            cache_policy_name=f"{name}-content",
            comment="No token or cookie is in the key or goes to S3, nor a query that the door doesn't name",
            min_ttl=kept,
            default_ttl=kept,
            max_ttl=kept,
            header_behavior=cloudfront.CacheHeaderBehavior.none(),
            cookie_behavior=cloudfront.CacheCookieBehavior.none(),
            query_string_behavior=(
                cloudfront.CacheQueryStringBehavior.allow_list(*parameters)
                if parameters
                else cloudfront.CacheQueryStringBehavior.none()
            ),
            enable_accept_encoding_gzip=delivery.compress,
            enable_accept_encoding_brotli=delivery.compress,
        )

    def _response_headers_policy(
        self, name: str, delivery: Delivery, headers: Mapping[str, str], *, guarded: bool
    ) -> cloudfront.ResponseHeadersPolicy:
        """
        Args:
            guarded: whether a function has marked what S3 sends, said what it may do in a browser, and taken
                out what isn't for viewers.
        """
        own = {"Cross-Origin-Resource-Policy": delivery.cross_origin_resource_policy, **headers}
        unless_given = {} if guarded else {"Cache-Control": CACHE_CONTROL}
        return cloudfront.ResponseHeadersPolicy(
            self,
            "ResponseHeadersPolicy",
            response_headers_policy_name=f"{name}-content",
            comment="Not sniffed, not framed, no scripts, no referrer, not loaded by other sites",
            # The guard sets one for each object. A 304 doesn't say of what kind the object is that a browser
            # has kept, so it must carry none: the browser would put that in place of the object's own.
            security_headers_behavior=security_headers(None if guarded else SANDBOXED_OBJECT_POLICY),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=header in own)
                    for header, value in {**unless_given, **own}.items()
                ]
            ),
            remove_headers=None if guarded else list(OWNERS_HEADERS),
        )

    def _set_cors(self) -> None:
        """Have the response headers policy name the origins, which its construct takes at its making only."""
        policy = cast("cloudfront.CfnResponseHeadersPolicy", self._headers.node.default_child)
        lists = {
            "AllowOrigins": self._origins,
            "AllowMethods": ["GET", "HEAD"],
            "AllowHeaders": CORS_REQUEST_HEADERS,
            "ExposeHeaders": CORS_RESPONSE_HEADERS,
        }
        policy.add_property_override(
            "ResponseHeadersPolicyConfig.CorsConfig",
            {
                **{f"AccessControl{name}": {"Items": [*items]} for name, items in lists.items()},
                "AccessControlAllowCredentials": True,
                "AccessControlMaxAgeSec": 600,
                "OriginOverride": True,
            },
        )

    def _acknowledge(self, *, web_acl: bool, domain: bool) -> None:
        reasons = {
            "CFR1": "Who may read is decided for each person; `geo_restriction` adds countries.",
            # The rule looks for the legacy standard log only, which can't leave out the query string.
            "CFR3": "The legacy log records query strings and cookies, which can be tokens. `access_logs` "
            "turns on the newer standard log, without them.",
        }
        if not web_acl:
            reasons["CFR2"] = (
                "A web ACL costs money and depends on the operator's traffic: `web_acl_id` attaches theirs."
            )
        if not domain:
            reasons["CFR4"] = (
                "CloudFront's own domain comes with CloudFront's own certificate and its TLS settings; "
                "`domain` sets TLS 1.2 as the least."
            )
        acknowledge(self, reasons)
