"""Our own deployment: one Stack, made of the library's constructs as anybody would use them."""

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Size, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    Brand,
    Console,
    Domain,
    Events,
    LinkApi,
    Monitoring,
    OidcIssuer,
    OneTimeUrls,
    PrivateAssets,
    Sessions,
    Shares,
    SignedUrls,
    SignIn,
    SigningKey,
)
from onetime_urls.cdk.sign_in import cognito_sign_out
from onetime_urls.protocol.contract import routes
from onetime_urls.protocol.contract.outputs import Output
from stack import values
from stack.settings import Settings
from stack.users import Users


class OneTimeUrlsStack(Stack):
    """One deployment of one-time links, as its settings describe it."""

    def __init__(self, scope: Construct, *, settings: Settings) -> None:
        super().__init__(
            scope,
            settings.stack_name,
            env=Environment(region=settings.region),
            description="One-time download links for private S3 objects",
        )
        removal_policy = RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN
        users = Users(self, "Users", settings=settings) if settings.private_assets else None
        api = LinkApi(
            self,
            "MintApi",
            auth=_auth(settings, users),
            cors_origins=settings.cors_origins,
            throttle_rate=settings.throttle_rate,
            throttle_burst=settings.throttle_burst,
            removal_policy=removal_policy,
        )
        links = OneTimeUrls(
            self,
            "Default",  # an id that leaves no trace in logical ids
            bucket=self._bucket(settings),
            api=api,
            default_lifetime=Duration.seconds(settings.default_lifetime_seconds),
            max_lifetime=Duration.seconds(settings.max_lifetime_seconds),
            max_claims=settings.max_claims,
            max_resume=Duration.seconds(settings.max_resume_seconds),
            max_resume_factor=settings.max_resume_factor,
            record_retention=Duration.days(settings.record_retention_days),
            nonce_key_generation=settings.nonce_key_generation,
            shares=_shares(settings),
            brand=_brand(settings),
            events=_events(settings),
            access_logs=AccessLogs(reconcile=settings.reconcile_logs) if settings.access_logs else None,
            monitoring=_monitoring(settings),
            domain=self._domain(settings),
            price_class=_price_class(settings),
            web_acl_id=settings.web_acl_arn,
            removal_policy=removal_policy,
        )
        links.add_outputs()
        if users:
            self._serve_private_assets(settings, links.bucket, users)
        signed = self._serve_signed_urls(settings, links.bucket, api, users) if settings.signed_urls else None
        if settings.console:
            self._serve_console(settings, api, links, signed, users)

    def _serve_private_assets(self, settings: Settings, bucket: s3.IBucket, users: Users) -> None:
        private = PrivateAssets(
            self,
            "PrivateAssets",
            issuer=users.issuer,
            bucket=bucket,
            prefix=settings.private_prefix,
            rules=list(map(values.rule_of, settings.private_rules)),
            brand=_brand(settings),
            # With cookies, an origin has to be named.
            cors_origins=[each for each in settings.cors_origins if "*" not in each],
            access_logs=AccessLogs() if settings.access_logs else None,
            monitoring=_monitoring(settings),
            price_class=_price_class(settings),
            web_acl_id=settings.web_acl_arn,
            removal_policy=RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN,
        )
        outputs = {
            Output.PRIVATE_URL: private.url,
            Output.PRIVATE_PREFIX: settings.private_prefix,
            **users.outputs,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)

    def _serve_signed_urls(
        self, settings: Settings, bucket: s3.IBucket, api: LinkApi, users: Users | None
    ) -> SignedUrls:
        signed = SignedUrls(
            self,
            "SignedUrls",
            bucket=bucket,
            prefix=settings.private_prefix,
            api=api,
            rules=list(map(values.rule_of, settings.private_rules)),
            issuer=users.issuer if users else None,
            signing_keys=[SigningKey(name, settings.signing_key_spec) for name in settings.signing_keys],
            max_url_lifetime=Duration.seconds(settings.max_url_seconds),
            sessions=Sessions(longest=Duration.seconds(settings.session_seconds)),
            graphql=settings.graphql,
            cors_origins=[each for each in settings.cors_origins if "*" not in each],
            access_logs=AccessLogs() if settings.access_logs else None,
            monitoring=_monitoring(settings),
            price_class=_price_class(settings),
            web_acl_id=settings.web_acl_arn,
            removal_policy=RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN,
        )
        outputs = {
            Output.SIGNED_DISTRIBUTION_URL: signed.url,
            Output.FILES_ENDPOINT: f"{api.endpoint}{routes.FILES.path}",
            Output.URL_ENDPOINT: f"{api.endpoint}{routes.URL.path}",
            Output.GRAPHQL_ENDPOINT: signed.graphql_url,
            Output.SESSION_URL: signed.session_url,
        }
        for name, value in outputs.items():
            if value:
                CfnOutput(self, name, value=value)
        return signed

    def _serve_console(
        self,
        settings: Settings,
        api: LinkApi,
        links: OneTimeUrls,
        signed: SignedUrls | None,
        users: Users | None,
    ) -> None:
        console = Console(
            self,
            "Console",
            api=api,
            links=links,
            signed=signed,
            sign_in=_sign_in(settings, users),
            brand=_brand(settings),
            access_logs=AccessLogs() if settings.access_logs else None,
            monitoring=_monitoring(settings),
            price_class=_price_class(settings),
            web_acl_id=settings.web_acl_arn,
            removal_policy=RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN,
        )
        CfnOutput(self, Output.CONSOLE_URL, value=console.url)

    def _bucket(self, settings: Settings) -> s3.IBucket | None:
        if not settings.bucket_name:
            return None
        return s3.Bucket.from_bucket_attributes(
            self, "Bucket", bucket_name=settings.bucket_name, region=settings.region
        )

    def _domain(self, settings: Settings) -> Domain | None:
        if not settings.domain_name:
            return None
        certificate = zone = None
        if settings.certificate_arn:
            certificate = acm.Certificate.from_certificate_arn(self, "Certificate", settings.certificate_arn)
        if settings.hosted_zone_id and settings.hosted_zone_name:
            zone = route53.HostedZone.from_hosted_zone_attributes(
                self, "Zone", hosted_zone_id=settings.hosted_zone_id, zone_name=settings.hosted_zone_name
            )
        return Domain(name=settings.domain_name, certificate=certificate, hosted_zone=zone)


def _auth(settings: Settings, users: Users | None) -> ApiAuth:
    """IAM unless something else was asked for: a gap in the settings must not open the API."""
    if settings.issuer_auth == "none":
        return ApiAuth.open_to_everyone()
    if settings.issuer_auth == "jwt" and settings.jwt_issuer:
        return ApiAuth.token(OidcIssuer(settings.jwt_issuer, settings.jwt_audience))
    if settings.issuer_auth == "jwt" and users:
        return ApiAuth.token(users.issuer)
    return ApiAuth.iam()


def _sign_in(settings: Settings, users: Users | None) -> SignIn | None:
    """How people sign in to the console, where the API wants tokens."""
    if settings.issuer_auth != "jwt":
        return None
    issuer = _auth(settings, users).issuer
    if issuer and settings.console_client_id:
        if not settings.console_sign_in_domain:
            return SignIn(issuer, settings.console_client_id)
        pages = f"https://{settings.console_sign_in_domain}"
        return SignIn(issuer, settings.console_client_id, sign_out=cognito_sign_out(pages), origins=[pages])
    return users.sign_in if users else None


def _monitoring(settings: Settings) -> Monitoring | None:
    if not settings.monitoring:
        return None
    return Monitoring(email=settings.alarm_email, refusals=settings.refusals_alarm)


def _price_class(settings: Settings) -> cloudfront.PriceClass:
    return cloudfront.PriceClass[settings.price_class.replace("PriceClass_", "PRICE_CLASS_").upper()]


def _brand(settings: Settings) -> Brand | None:
    if not settings.brand_name:
        return None
    return Brand(name=settings.brand_name, colour=settings.brand_colour, logo=settings.brand_logo)


def _shares(settings: Settings) -> Shares:
    return Shares(
        max_life=Duration.days(settings.max_share_days),
        max_downloads=settings.max_downloads_per_share,
        max_upload=Size.bytes(settings.max_upload_bytes),
        upload_folders=settings.upload_folders,
        upload_types=settings.upload_types,
        uniform_answers=settings.uniform_share_answers,
        reserved_concurrency=settings.share_page_concurrency,
    )


def _events(settings: Settings) -> Events | None:
    if not settings.publishes:
        return None
    return Events(
        audit_trail=settings.audit_trail,
        email=settings.notify_email,
        webhook_url=settings.notify_webhook_url,
    )
