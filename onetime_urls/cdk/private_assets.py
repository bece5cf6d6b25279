"""Objects of a private bucket for whoever is signed in, whole: `PrivateAssets`.

In us-east-1 everything is in the stack that the construct is in. From any other region two more stacks hold
what has to be in us-east-1 (`support_stack`).
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.access_logs import DistributionLog
from onetime_urls.cdk.assets_bucket import private_bucket
from onetime_urls.cdk.brand import CheckedBrand
from onetime_urls.cdk.common_props import check_common_props
from onetime_urls.cdk.content.delivery import Delivery, Sites
from onetime_urls.cdk.content.distribution import ContentDistribution
from onetime_urls.cdk.content.private_origin import PrivateOrigin
from onetime_urls.cdk.content.watch import ContentWatch
from onetime_urls.cdk.naming import deployment_name
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.options import AccessLogs, Brand, Domain, Monitoring, NewBucket
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.support_stack import support_scope
from onetime_urls.cdk.tokens.settings import Asked, CheckedSettings
from onetime_urls.cdk.tokens.token_guard import TokenGuard
from onetime_urls.protocol.rules import GROUPS_CLAIM, Rule


class PrivateAssets(Construct):
    """Objects for whoever shows a token of an OpenID Connect issuer with each request.

    A function at the edge verifies the token and asks the rules, before the cache and for every request.

    Attributes:
        bucket: the objects.
        distribution: where they are read.
        url: its address, without a trailing slash: `prefix` isn't part of it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        issuer: OidcIssuer | Sequence[OidcIssuer],
        bucket: s3.IBucket | None = None,
        prefix: str = "",
        rules: Sequence[Rule] = (Rule("*"),),
        groups_claim: str = GROUPS_CLAIM,
        cookies: Sequence[str] = ("token",),
        amplify_clients: Sequence[cognito.IUserPoolClient] = (),
        query_token: bool = False,
        login_url: str | None = None,
        cors_origins: Sequence[str] = (),
        cross_origin_resource_policy: Sites = "same-site",
        default_root_object: str | None = None,
        error_pages: Mapping[int, str] | None = None,
        cache_for: Duration | None = None,
        compress: bool = True,
        new_bucket: NewBucket | None = None,
        brand: Brand | None = None,
        access_logs: AccessLogs | None = None,
        monitoring: Monitoring | None = None,
        domain: Domain | None = None,
        price_class: cloudfront.PriceClass = cloudfront.PriceClass.PRICE_CLASS_100,
        geo_restriction: cloudfront.GeoRestriction | None = None,
        web_acl_id: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        """
        Args:
            issuer: whose tokens count. Each of several is trusted alike: any may say any `sub` and group.
            bucket: in the stack's region, without dots in its name. One that this stack makes gets the
                statements that let the distribution read; the owner of any other is told them at synthesis.
                Default: a private one is made.
            prefix: of the keys that are served; it ends with a slash. Addresses and rules are without it.
            rules: who may read what. No object may lie under two of them; one under none is nobody's.
            groups_claim: the claim that lists a user's groups.
            cookies: names of cookies that may hold a token.
            amplify_clients: Cognito clients whose ID token Amplify keeps in cookies (`CookieStorage`).
            query_token: whether a token may come as `?token=`: addresses end up in histories and in logs.
            login_url: where a browser that opens an address without being signed in is sent, with that
                address in the parameter `return_to`. Default: it is shown a page that says so.
            cors_origins: web pages that may read by script, cookies included, such as
                `https://app.example.com`.
            cross_origin_resource_policy: which sites' pages may show what is served: those of the same
                origin, of the same site (another subdomain), or all (`cross-origin`).
            default_root_object: the key, without `prefix`, that is served at `/`. The rules hold for it.
            error_pages: status, such as 404, to the key, without `prefix`, of the page that is shown when
                S3's answer comes to that. Everybody who gets such an answer is shown it, whatever the rules.
            cache_for: how long the edge keeps an object before it asks S3 whether that is still the same, 1
                second to 1 year. Default: 5 minutes.
            compress: text on the way to viewers who take it so.
            new_bucket: what the bucket that is made is like.
            brand: whose name, colour and logo the guard's pages carry. Default: they show their domain.
            access_logs: CloudFront's log, without queries and cookies. Default: none.
            monitoring: dashboard and alarms. Default: none.
            domain: its own domain. Default: CloudFront's.
            price_class: CloudFront's edge locations.
            geo_restriction: countries that may or may not read. Default: all may.
            web_acl_id: ARN of a WAF web ACL for CloudFront, in us-east-1. Default: none.
            removal_policy: what becomes of logs and a bucket that were made here with their stack.

        Raises:
            PropError: a prop can't work.
        """
        super().__init__(scope, construct_id)
        props = Props(self)
        check_common_props(
            props,
            bucket=bucket,
            access_logs=access_logs,
            monitoring=monitoring,
            domain=domain,
            price_class=price_class,
            geo_restriction=geo_restriction,
            web_acl_id=web_acl_id,
            removal_policy=removal_policy,
        )
        props.types(new_bucket=(new_bucket, NewBucket | None), query_token=(query_token, bool))
        checked_brand = CheckedBrand.of(props, brand)
        issuers = [issuer] if isinstance(issuer, OidcIssuer) else issuer
        clients = props.items("amplify_clients", amplify_clients, object, "clients of a Cognito user pool")
        for client in clients:
            props.resource("amplify_clients", client, "user_pool_client_id", "clients of a Cognito user pool")
        delivery = Delivery.checked(
            props,
            domain=domain,
            price_class=price_class,
            geo_restriction=geo_restriction,
            web_acl_id=web_acl_id,
            compress=compress,
            cache_for=cache_for,
            default_root_object=default_root_object,
            error_pages=error_pages,
            cors_origins=cors_origins,
            cross_origin_resource_policy=cross_origin_resource_policy,
        )
        settings = CheckedSettings(
            props,
            Asked(
                issuers=props.items("issuer", issuers, OidcIssuer, "OidcIssuer, or one"),
                rules=rules,
                groups_claim=groups_claim,
                cookies=cookies,
                amplify_clients=[each.user_pool_client_id for each in clients],
                query_token=query_token,
                login_url=login_url,
                cors_origins=cors_origins,
                default_root_object=default_root_object,
            ),
        )
        name = deployment_name(self)
        before = support_scope(self, "Edge", name=name, comes="before")
        self.bucket = private_bucket(self, bucket, removal_policy, new_bucket)
        parameter = settings.parameter(self, "Settings", name) if settings.needs_parameter() else None
        guard = TokenGuard(
            before,
            "Guard",
            name=name,
            settings=parameter or settings.plain,
            brand=checked_brand.shown if checked_brand else None,
        )
        made = ContentDistribution(
            self,
            "Distribution",
            name=name,
            serves="Private assets",
            origin=PrivateOrigin(self, "Origin", bucket=self.bucket, prefix=prefix, name=name),
            delivery=delivery,
            edge_scope=before,
            guard=guard.version_in(self),
        )
        if parameter:
            made.distribution.node.add_dependency(parameter.parameter)
        self.distribution: cloudfront.Distribution = made.distribution
        self.url = made.url
        self._watch = (
            ContentWatch(self, "Watch", name=name, options=monitoring, distribution=made.distribution)
            if monitoring
            else None
        )
        if access_logs:
            DistributionLog.of(self, self.distribution, name=name, removal_policy=removal_policy)

    @property
    def alarms(self) -> list[cloudwatch.Alarm]:
        """Every alarm, to be given actions; none without monitoring. They are in us-east-1, and so must their
        actions be."""
        return self._watch.alarms.all if self._watch else []
