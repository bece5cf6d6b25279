"""The web application by which people send, see and take back, whole: `Console`.

It is static files of ours that call the API from a browser: what it may do is what its API's callers may. In
us-east-1 everything is in the stack that the construct is in. From any other region two more stacks hold
what has to be in us-east-1 (`support_stack`).
"""

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from onetime_urls.assets.console import Published
from onetime_urls.cdk.access_logs import DistributionLog
from onetime_urls.cdk.alarms import Alarms
from onetime_urls.cdk.brand import CheckedBrand
from onetime_urls.cdk.code import deployed_sources
from onetime_urls.cdk.common_props import check_common_props
from onetime_urls.cdk.content.private_origin import PrivateOrigin
from onetime_urls.cdk.content.watch import ContentWatch
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.domain import CustomDomain
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.naming import deployment_name, home_stack
from onetime_urls.cdk.one_time_urls import OneTimeUrls
from onetime_urls.cdk.options import AccessLogs, Brand, Domain, Monitoring
from onetime_urls.cdk.patterns import ORIGIN
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.sign_in import COGNITO, SignIn
from onetime_urls.cdk.signed_urls import SignedUrls
from onetime_urls.cdk.support_stack import support_scope
from onetime_urls.cdk.website.bucket_access import let_pages_upload
from onetime_urls.cdk.website.configuration import configuration
from onetime_urls.cdk.website.console_client import console_client
from onetime_urls.cdk.website.distribution import WebsiteDistribution
from onetime_urls.cdk.website.publication import Publication, WebsiteBucket
from onetime_urls.protocol.contract.console import CONFIG, ICON, PAGE
from onetime_urls.protocol.pages.console_policy import page_policy
from onetime_urls.protocol.pages.style import design


class Console(Construct):
    """A web application for senders, at an address of its own.

    Attributes:
        distribution: where it is.
        url: its address, without a trailing slash. With one it is what an issuer has to know as the address
            to come back to.
        client_id: as which it signs people in; None where nobody signs in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: LinkApi,
        links: OneTimeUrls,
        signed: SignedUrls | None = None,
        sign_in: SignIn | None = None,
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
            api: that it calls, whose callers show tokens or nothing. Its pages are let in: they are the only
                ones that this adds.
            links: whose files it hands out, by the same API. Its pages may upload to the bucket, if this
                stack makes that; the owner of any other is told at synthesis what to add.
            signed: signed URLs, by the same API: what files are previewed and handed out for a time by.
                Default: neither is offered.
            sign_in: how people sign in, where callers of the API show tokens.
            brand: whose name, colour and logo it carries. Default: its own.
            access_logs: CloudFront's log, without queries and cookies. Default: none.
            monitoring: dashboard and alarms. Default: none.
            domain: its own domain. Default: CloudFront's.
            price_class: CloudFront's edge locations.
            geo_restriction: countries that may or may not load it. Default: all may.
            web_acl_id: ARN of a WAF web ACL for CloudFront, in us-east-1. Default: none.
            removal_policy: what becomes of logs with their stack. Its files always go.

        Raises:
            PropError: a prop can't work.
        """
        super().__init__(scope, construct_id)
        props = Props(self)
        check_common_props(
            props,
            bucket=None,
            access_logs=access_logs,
            monitoring=monitoring,
            domain=domain,
            price_class=price_class,
            geo_restriction=geo_restriction,
            web_acl_id=web_acl_id,
            removal_policy=removal_policy,
        )
        props.types(
            api=(api, LinkApi),
            links=(links, OneTimeUrls),
            signed=(signed, SignedUrls | None),
            sign_in=(sign_in, SignIn | None),
        )
        self._check_doors(props, api, links, signed)
        _check_sign_in(props, api, sign_in)
        checked_brand = CheckedBrand.of(props, brand)
        name = deployment_name(self)
        certificates: Construct = self  # only one that is made has to be in us-east-1
        if domain and not domain.certificate:
            certificates = support_scope(self, "Edge", name=name, comes="before")
        self._alarms = [Alarms(self, "Alarms", email=monitoring.email)] if monitoring else []
        bucket = WebsiteBucket(self, "Files").bucket
        made = WebsiteDistribution(
            self,
            "Distribution",
            name=name,
            page=PAGE,
            origin=PrivateOrigin(self, "Origin", bucket=bucket, prefix="", name=name),
            domain=CustomDomain(self, "Domain", domain=domain, edge_scope=certificates) if domain else None,
            price_class=price_class,
            geo_restriction=geo_restriction,
            web_acl_id=web_acl_id,
        )
        self.distribution: cloudfront.Distribution = made.distribution
        self.url = made.url
        api.allow_origin(self.url)
        if links.shares:
            let_pages_upload(self, links.bucket, self.url)
        if signed:
            signed.allow_origin(self.url)
        self.client_id = self._client(api, signed, sign_in) if sign_in else None
        published = _published(checked_brand)
        config = configuration(
            links=links,
            signed=signed,
            sign_in=sign_in,
            client_id=self.client_id or "",
            brand=_shown(checked_brand, published),
        )
        asked = [api.endpoint, f"https://{links.bucket.bucket_regional_domain_name}"]
        if sign_in:
            asked += [f"{sign_in.issuer.url.rstrip('/')}/", *sign_in.origins]
        Publication(
            self,
            "Publisher",
            bucket=bucket,
            published=published,
            documents={
                PAGE: published.page(page_policy(asked=asked, shown=signed.url if signed else None)),
                CONFIG: json.dumps(config),
                **({ICON: published.icon} if published.icon else {}),
            },
            deployment=Deployment(
                name=name,
                removal_policy=removal_policy,
                alarms=self._alarms[0] if self._alarms else None,
            ),
        )
        if monitoring:
            watch = ContentWatch(self, "Watch", name=name, options=monitoring, distribution=made.distribution)
            self._alarms.append(watch.alarms)
        if access_logs:
            DistributionLog.of(self, self.distribution, name=name, removal_policy=removal_policy)

    @property
    def alarms(self) -> list[cloudwatch.Alarm]:
        """Every alarm, to be given actions; none without monitoring. Those on viewers are in us-east-1, and
        so must their actions be."""
        return [alarm for each in self._alarms for alarm in each.all]

    def _check_doors(self, props: Props, api: LinkApi, links: OneTimeUrls, signed: SignedUrls | None) -> None:
        """Refuse doors that don't go together: each is told of this one's address, and it of theirs."""
        home = home_stack(self)
        for prop, door in (("api", api), ("links", links), ("signed", signed)):
            if door and home_stack(door) != home:
                raise props.error(
                    f"{prop} is in the stack {home_stack(door).node.path}, and each would need the other's "
                    f"address: make it in {home.node.path}"
                )
        for prop, other in (("links", links), ("signed", signed)):
            if other and other.api is not api:
                raise props.error(f"{prop} has another API than the console: give both the same")

    def _client(self, api: LinkApi, signed: SignedUrls | None, sign_in: SignIn) -> str:
        """The id of the client, which is made if there is none. An ID token is made out for it."""
        client_id = sign_in.client_id
        if sign_in.user_pool:
            client = console_client(self, sign_in.user_pool, self.url, sign_in.scopes)
            client_id = client.user_pool_client_id
        if sign_in.user_pool or sign_in.shows == "id":
            api.accept_client(client_id)
            if signed:
                signed.accept_client(client_id, sign_in.shows)
        return client_id


def _check_sign_in(props: Props, api: LinkApi, sign_in: SignIn | None) -> None:
    """Refuse an API that a browser's user can't call, and a sign-in that doesn't fit it."""
    if api.auth.kind == "iam":
        raise props.error(
            "api's callers sign requests with IAM credentials, which a browser has none of: give it "
            "ApiAuth.token(…)"
        )
    if api.auth.issuer and not sign_in:
        raise props.error("api's callers show tokens: say with sign_in how people get theirs")
    if not sign_in:
        return
    if not api.auth.issuer:
        raise props.error("sign_in is given, but api is open to everyone")
    if sign_in.issuer.url != api.auth.issuer.url:
        raise props.error("sign_in has another issuer than api, which wouldn't accept its tokens")
    if bool(sign_in.client_id) == bool(sign_in.user_pool):
        raise props.error("sign_in has to name a client, or a user pool to make one in")
    if sign_in.shows not in ("id", "access"):
        raise props.error(f"sign_in.shows is {sign_in.shows!r}, it must be id or access")
    if "openid" not in props.items("sign_in.scopes", sign_in.scopes, str, "scopes"):
        raise props.error("sign_in.scopes must have openid, which makes it a sign-in")
    if sign_in.issuer.url.startswith(COGNITO) and not sign_in.origins:
        raise props.error(
            "sign_in has a Cognito user pool as its issuer, and not the domain of its sign-in pages: make "
            "it by SignIn.cognito(…)"
        )
    for each in props.items(
        "sign_in.origins", sign_in.origins, str, "origins such as https://login.example.com"
    ):
        props.text("sign_in.origins", each, ORIGIN, "origins such as https://login.example.com")


def _published(brand: CheckedBrand | None) -> Published:
    """The console's files, with the design system's style sheet and the logo beside them."""
    style = design(brand.shown.colour if brand else None)
    logo = {_logo_name(brand): brand.logo.content} if brand and brand.logo else {}
    return Published.of(deployed_sources().console, {"design.css": style.encode(), **logo})


def _shown(brand: CheckedBrand | None, published: Published) -> dict[str, str]:
    """A brand as the configuration has it: the logo by its address."""
    if not brand:
        return {}
    return {**brand.shown.plain, **({"logo": published.address(_logo_name(brand))} if brand.logo else {})}


def _logo_name(brand: CheckedBrand) -> str:
    return f"logo{brand.logo.suffix}" if brand.logo else ""
