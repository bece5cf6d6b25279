"""The distribution of static files that everybody may load.

The cache keeps a file for as long as the file itself says: a year, or not without asking. Nothing of a query,
no cookie and no header is in its key or goes to S3.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from onetime_urls.cdk.content.distribution import OWNERS_HEADERS
from onetime_urls.cdk.content.private_origin import PrivateOrigin
from onetime_urls.cdk.domain import CustomDomain
from onetime_urls.cdk.error_responses import uncached_errors
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.security_headers import security_headers
from onetime_urls.protocol.pages.console_policy import HEADER_POLICY, PERMISSIONS


class WebsiteDistribution(Construct):
    """CloudFront in front of a bucket with a page.

    Attributes:
        distribution: the distribution.
        url: its address, without a trailing slash: the pages' origin.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        page: str,
        origin: PrivateOrigin,
        domain: CustomDomain | None,
        price_class: cloudfront.PriceClass,
        geo_restriction: cloudfront.GeoRestriction | None,
        web_acl_id: str | None,
    ) -> None:
        """
        Args:
            name: of the deployment: what policies are named after.
            page: the key that is served at `/`.
        """
        super().__init__(scope, construct_id)
        name = regional_name(self, name)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Console of {name}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin.origin,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=self._cache_policy(name),
                response_headers_policy=self._response_headers_policy(name),
                compress=True,
            ),
            default_root_object=page,
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
        self.url = f"https://{domain.name if domain else self.distribution.domain_name}"
        if domain:
            domain.point_at(self.distribution)
        origin.let_in(self.distribution)
        self._acknowledge(web_acl=bool(web_acl_id), domain=bool(domain))

    def _cache_policy(self, name: str) -> cloudfront.CachePolicy:
        """Unlike CloudFront's own policies it keeps nothing, not even for a second, of what says `no-cache`
        (CloudFront Developer Guide, "Manage how long content stays in the cache")."""
        return cloudfront.CachePolicy(
            self,
            "CachePolicy",
            cache_policy_name=f"{name}-console",
            comment="As long as the file itself says",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.days(365),
            header_behavior=cloudfront.CacheHeaderBehavior.none(),
            cookie_behavior=cloudfront.CacheCookieBehavior.none(),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.none(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _response_headers_policy(self, name: str) -> cloudfront.ResponseHeadersPolicy:
        own = {
            # A window for signing in again comes back from the issuer's pages.
            "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS,
        }
        return cloudfront.ResponseHeadersPolicy(
            self,
            "ResponseHeadersPolicy",
            response_headers_policy_name=f"{name}-console",
            comment="Own scripts only, not framed, not sniffed, no referrer",
            security_headers_behavior=security_headers(HEADER_POLICY),
            remove_headers=list(OWNERS_HEADERS),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                    for header, value in own.items()
                ]
            ),
        )

    def _acknowledge(self, *, web_acl: bool, domain: bool) -> None:
        reasons = {
            "CFR1": "The page shows nothing before its API lets its reader in; `geo_restriction` adds "
            "countries.",
            # The rule looks for the legacy standard log only, which can't leave out the query string.
            "CFR3": "The legacy log records query strings, and whoever signs in comes back with a code in "
            "one. `access_logs` turns on the newer standard log, without them.",
        }
        if not web_acl:
            reasons["CFR2"] = "A web ACL costs money, and these files are static: `web_acl_id` attaches one."
        if not domain:
            reasons["CFR4"] = (
                "CloudFront's own domain comes with CloudFront's own certificate and its TLS settings; "
                "`domain` sets TLS 1.2 as the least."
            )
        acknowledge(self, reasons)
