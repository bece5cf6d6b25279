"""The distribution's behaviour for pages of shares: to the API, unguarded, uncached, with rules of its own.

The origin is the HTTP API, and a header that only this distribution knows goes with each request, so that
the page's function can refuse all others. The viewer's address is CloudFront's own word for it. Nothing
else of the viewer's reaches the function but what it reads: the form, its ticket's cookie, and what a
browser says of itself and of the site that it comes from. (CloudFront passes a form's `Content-Type` on by
itself: CloudFront Developer Guide, "HTTP request headers and CloudFront behavior".)

The secret is made at deployment and never seen: CloudFormation puts it into the distribution's origin and
into the function's environment (CloudFormation User Guide, "Using dynamic references to specify template
values").

The page's security policy replaces the sandboxing one of downloads, which would forbid the form.
"""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.security_headers import security_headers
from onetime_urls.protocol.contract.headers import SHARE_ORIGIN_HEADER, TICKET_COOKIE
from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.pages.layout import page_policy

PATTERN = f"{PAGE_PREFIX}*".removeprefix("/")

FORWARDED_HEADERS = (
    "Accept",
    "Accept-Language",
    "CloudFront-Viewer-Address",
    "Origin",
    "Sec-Fetch-Site",
    "User-Agent",
)


class OriginSecret(Construct):
    """A secret that the distribution's origin and the page's function hold.

    Attributes:
        reference: the dynamic reference to its value.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="Tells requests through the distribution from all others",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
            removal_policy=RemovalPolicy.DESTROY,  # worth nothing without the deployment
        )
        self.reference = secret.secret_value.unsafe_unwrap()
        acknowledge(
            self,
            {
                "SMG4": "Both holders get the value at deployment: a rotation is a deployment, see "
                "docs/share-links.md. It opens nothing by itself, it vouches for a viewer's address."
            },
        )


class ShareBehaviour(Construct):
    """What the distribution does under `/-/`.

    Attributes:
        options: for the distribution.
        secret: what each of its requests to the API comes with, a reference to its value.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, api: LinkApi, name: str, brand: ShownBrand | None
    ) -> None:
        """
        Args:
            name: of the deployment: what the policies are named after.
            brand: whose pages they are: the policy allows their style.
        """
        super().__init__(scope, construct_id)
        name = regional_name(self, name)
        self.secret = OriginSecret(self, "Origin").reference
        self.options = cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                f"{api.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}",
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                custom_headers={SHARE_ORIGIN_HEADER: self.secret},
            ),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,  # no smaller choice has POST in it
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=self._origin_request_policy(name),
            response_headers_policy=self._response_headers_policy(name, brand),
            compress=False,
        )

    def _origin_request_policy(self, name: str) -> cloudfront.OriginRequestPolicy:
        return cloudfront.OriginRequestPolicy(
            self,
            "OriginRequestPolicy",
            origin_request_policy_name=f"{name}-share-page",
            comment="The viewer's address, its ticket, and what a form's origin is told by; no query",
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.none(),
            header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*FORWARDED_HEADERS),
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.allow_list(TICKET_COOKIE),
        )

    def _response_headers_policy(
        self, name: str, brand: ShownBrand | None
    ) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "ResponseHeadersPolicy",
            response_headers_policy_name=f"{name}-share-page",
            comment="A page with a form and no script: not stored, not indexed, not framed, no referrer",
            security_headers_behavior=security_headers(
                page_policy(brand.colour if brand else None, forms="'self'")
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                    for header, value in (
                        ("Cache-Control", "no-store"),
                        ("X-Robots-Tag", "noindex, nofollow, noarchive"),
                    )
                ]
            ),
        )
