"""The distribution's behaviour for sessions: to the API, unsigned and uncached.

CloudFront lets a request's Authorization through in two ways only: as part of the cache's key, or with every
other header of the viewer's (CloudFront Developer Guide, "Configure CloudFront to forward the Authorization
header"). It is the first here, with our own cookie beside it, so that two users' requests are never taken for
one. Nothing is kept: the function's answers say so, and the policy asks for no time.
"""

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.security_headers import security_headers
from onetime_urls.protocol.contract.headers import SESSION_COOKIE
from onetime_urls.protocol.contract.routes import SESSION

PATTERN = SESSION.path.removeprefix("/")

_CONTENT_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class SessionBehaviour(Construct):
    """What the distribution does at the session's path.

    Attributes:
        options: for the distribution.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, api: LinkApi, name: str, cors_origins: Sequence[str]
    ) -> None:
        """
        Args:
            name: of the deployment: what the policies are named after.
            cors_origins: whose pages may open sessions.
        """
        super().__init__(scope, construct_id)
        name = regional_name(self, name)
        self.options = cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                f"{api.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}",
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,  # no smaller choice has POST and DELETE
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=self._cache_policy(name),
            origin_request_policy=cloudfront.OriginRequestPolicy(
                self,
                "OriginRequestPolicy",
                origin_request_policy_name=f"{name}-session",
                comment="What a browser says of the page that asks; no query",
                query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.none(),
                header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list("Origin", "Sec-Fetch-Site"),
                cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
            ),
            response_headers_policy=self._response_headers_policy(name, cors_origins),
            compress=False,
        )

    def _cache_policy(self, name: str) -> cloudfront.CachePolicy:
        return cloudfront.CachePolicy(
            self,
            "CachePolicy",
            cache_policy_name=f"{name}-session",
            comment="The token and our cookie reach the function; nothing is kept",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.seconds(1),  # with 0 a policy can name no header
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization"),
            cookie_behavior=cloudfront.CacheCookieBehavior.allow_list(SESSION_COOKIE),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.none(),
        )

    def _response_headers_policy(
        self, name: str, cors_origins: Sequence[str]
    ) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "ResponseHeadersPolicy",
            response_headers_policy_name=f"{name}-session",
            comment="Not stored, no referrer; named origins may open sessions",
            security_headers_behavior=security_headers(_CONTENT_SECURITY_POLICY),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header="Cache-Control", value="no-store", override=True)
                ]
            ),
            cors_behavior=(
                cloudfront.ResponseHeadersCorsBehavior(
                    access_control_allow_origins=list(cors_origins),
                    access_control_allow_credentials=True,
                    access_control_allow_methods=[*SESSION.methods],
                    access_control_allow_headers=["Authorization"],
                    access_control_max_age=Duration.minutes(10),
                    origin_override=True,
                )
                if cors_origins
                else None
            ),
        )
