"""Files of a private bucket by CloudFront's own signed URLs and signed cookies, whole: `SignedUrls`.

In us-east-1 everything is in the stack that the construct is in. From any other region two more stacks hold
what has to be in us-east-1 (`support_stack`).
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.access_logs import DistributionLog
from onetime_urls.cdk.alarms import Alarms
from onetime_urls.cdk.assets_bucket import private_bucket
from onetime_urls.cdk.common_props import check_common_props
from onetime_urls.cdk.content.delivery import Delivery, Sites
from onetime_urls.cdk.content.distribution import ContentDistribution
from onetime_urls.cdk.content.private_origin import PrivateOrigin
from onetime_urls.cdk.content.watch import ContentWatch
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.naming import deployment_name
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.options import AccessLogs, Domain, Monitoring, NewBucket, Sessions, SigningKey
from onetime_urls.cdk.refusal import Props, continued
from onetime_urls.cdk.signed.file_signer import FileSigner
from onetime_urls.cdk.signed.graphql_api import GraphqlApi
from onetime_urls.cdk.signed.session import PATTERN, SessionBehaviour
from onetime_urls.cdk.signed.signing_keys import SigningKeys
from onetime_urls.cdk.signed.token_issuer import TokenIssuer
from onetime_urls.cdk.support_stack import support_scope
from onetime_urls.protocol.contract import routes
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.rules import GROUPS_CLAIM, InvalidRules, Rule, Rules
from onetime_urls.protocol.signed_urls import (
    DISPOSITION_PARAMETER,
    MAX_COOKIE_SECONDS,
    MAX_SESSION_RULES,
    MAX_URL_SECONDS,
    MIN_COOKIE_SECONDS,
)

SAME_SITE = ("Lax", "None", "Strict")


class SignedUrls(Construct):
    """Files for whoever holds a signed URL or signed cookies, until they expire. CloudFront alone verifies
    them, before the cache: no function runs when a file is read.

    Attributes:
        bucket: the files.
        distribution: where they are read.
        url: its address, without a trailing slash: `prefix` isn't part of it.
        prefix: of the keys that are served.
        max_url_seconds: longest life of a URL.
        api: where URLs are had.
        signing_key: in KMS; the one that signs.
        key_group: what CloudFront verifies by.
        graphql_url: address of the GraphQL API; None without it.
        session_url: where sessions are opened; None without an issuer.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket | None = None,
        prefix: str = "",
        api: LinkApi | None = None,
        rules: Sequence[Rule] = (Rule("*"),),
        groups_claim: str = GROUPS_CLAIM,
        issuer: OidcIssuer | None = None,
        signing_keys: Sequence[SigningKey] = (SigningKey("1"),),
        max_url_lifetime: Duration | None = None,
        sessions: Sessions = Sessions(),  # noqa: B008 it is frozen
        graphql: bool = False,
        cors_origins: Sequence[str] = (),
        cross_origin_resource_policy: Sites = "same-site",
        default_root_object: str | None = None,
        error_pages: Mapping[int, str] | None = None,
        cache_for: Duration | None = None,
        compress: bool = True,
        new_bucket: NewBucket | None = None,
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
            bucket: in the stack's region, without dots in its name. One that this stack makes gets the
                statements that let the distribution read; the owner of any other is told them at synthesis.
                Default: a private one is made, under a KMS key of its own.
            prefix: of the keys that are served; it ends with a slash. Addresses and rules are without it.
            api: to be shared with other doors. Its callers get URLs for every file of the prefix unless they
                show tokens: IAM and an open API know no claims. Default: one of its own, for callers with
                IAM permissions.
            rules: who may read what, where callers show tokens. No file may lie under two of them; one under
                none is nobody's.
            groups_claim: the claim that lists a user's groups.
            issuer: whose tokens open sessions. Default: whose tokens the API's callers show; without either
                there are no sessions.
            signing_keys: the first signs, and what the others have signed is still good. To rotate, put a new
                one in front; see docs/signed-urls.md.
            max_url_lifetime: longest that a request may ask for, 1 second to 7 days. Default: 7 days. A URL
                whose request names none lives an hour, or as long as this.
            sessions: of signed cookies.
            graphql: the same questions in GraphQL (AppSync), for the same callers; for those with IAM
                permissions where the API is open to everyone.
            cors_origins: web pages that may open sessions and read by script, such as
                `https://app.example.com`.
            cross_origin_resource_policy: which sites' pages may show what is served: those of the same
                origin, of the same site (another subdomain), or all (`cross-origin`).
            default_root_object: the key, without `prefix`, that is served at `/`.
            error_pages: status, such as 403, to the key, without `prefix`, of the page that is shown. It has
                to be signed for like any other file.
            cache_for: how long the edge keeps a file before it asks S3 whether that is still the same, 1
                second to 1 year. Default: 5 minutes.
            compress: text on the way to viewers who take it so.
            new_bucket: what the bucket that is made is like.
            access_logs: CloudFront's log, without queries and cookies. Default: none.
            monitoring: dashboard and alarms. Default: none.
            domain: its own domain. Default: CloudFront's.
            price_class: CloudFront's edge locations.
            geo_restriction: countries that may or may not read. Default: all may.
            web_acl_id: ARN of a WAF web ACL for CloudFront, in us-east-1. Default: none.
            removal_policy: what becomes of logs, a bucket and its key that were made here with their stack.

        Raises:
            PropError: a prop can't work.
        """
        super().__init__(scope, construct_id)
        props = self._props = Props(self)
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
        props.types(
            api=(api, LinkApi | None),
            issuer=(issuer, OidcIssuer | None),
            sessions=(sessions, Sessions),
            graphql=(graphql, bool),
            new_bucket=(new_bucket, NewBucket | None),
        )
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
        if sessions.same_site not in SAME_SITE:
            raise props.error(f"sessions.same_site is {sessions.same_site!r}, it must be Lax, None or Strict")
        name = deployment_name(self)
        certificates: Construct = self  # only one that is made has to be in us-east-1
        if domain and not domain.certificate:
            certificates = support_scope(self, "Edge", name=name, comes="before")
        alarms = Alarms(self, "Alarms", email=monitoring.email) if monitoring else None
        deployment = Deployment(name=name, removal_policy=removal_policy, alarms=alarms)
        self.bucket = private_bucket(
            self,
            bucket,
            removal_policy,
            new_bucket if bucket else new_bucket or self._new_bucket(removal_policy),
        )
        self.api = api or LinkApi(self, "Api", removal_policy=removal_policy)
        issuer = issuer or self.api.auth.issuer
        if api and issuer:
            api.check_reach(self)
        if graphql and self.api.auth.issuer and not self.api.auth.issuer.audience:
            raise props.error("graphql needs the audience of the API's issuer, which names none")
        checked_rules = self._rules(rules, groups_claim)
        if issuer and len(rules) > MAX_SESSION_RULES:
            raise props.error(
                f"rules has {len(rules)} rules, sessions have room for the cookies of {MAX_SESSION_RULES}"
            )
        self._keys = SigningKeys(self, "SigningKeys", keys=signing_keys, deployment=deployment)
        pages = {}
        if issuer:
            behaviour = SessionBehaviour(
                self, "Session", api=self.api, name=name, cors_origins=delivery.cors_origins
            )
            pages[PATTERN] = behaviour.options
        made = ContentDistribution(
            self,
            "Distribution",
            name=name,
            serves="Signed URLs",
            origin=PrivateOrigin(self, "Origin", bucket=self.bucket, prefix=prefix, name=name),
            delivery=delivery,
            edge_scope=certificates,
            key_groups=[self._keys.key_group],
            pages=pages,
            parameters=[DISPOSITION_PARAMETER],
        )
        max_url_seconds = props.seconds(
            "max_url_lifetime",
            Duration.days(7) if max_url_lifetime is None else max_url_lifetime,
            1,
            MAX_URL_SECONDS,
        )
        self._tokens = TokenIssuer(self._props, issuer) if issuer else None
        signer = FileSigner(
            self,
            "FileSigner",
            bucket=self.bucket,
            prefix=prefix,
            base_url=made.url,
            api=self.api,
            keys=self._keys,
            rules=checked_rules.to_plain(),
            issuer=self._tokens,
            max_url_seconds=max_url_seconds,
            session_seconds=props.seconds(
                "sessions.longest", sessions.longest, MIN_COOKIE_SECONDS, MAX_COOKIE_SECONDS
            ),
            session_origins=delivery.cors_origins,
            same_site=sessions.same_site,
            deployment=deployment,
        )
        # With a domain of its own nothing in the function's environment waits for the distribution, and a new
        # key may sign only when all edge locations know it.
        signer.made.function.node.add_dependency(made.distribution)
        self._made, self._signer = made, signer
        self.distribution: cloudfront.Distribution = made.distribution
        self.url, self.prefix, self.max_url_seconds = made.url, prefix, max_url_seconds
        self.signing_key: kms.Key = self._keys.signing_key
        self.key_group: cloudfront.IKeyGroup = self._keys.key_group
        self.session_url = f"{self.url}{routes.SESSION.path}" if issuer else None
        self._graphql = (
            GraphqlApi(self, "Graphql", name=name, function=signer.made.function, issuer=self.api.auth.issuer)
            if graphql
            else None
        )
        self.graphql_url = self._graphql.api.graphql_url if self._graphql else None
        self._alarms = [alarms] if alarms else []
        if monitoring:
            watch = ContentWatch(
                self,
                "Watch",
                name=name,
                options=monitoring,
                distribution=made.distribution,
                rows=[("File signer: errors, unavailable", [signer.made.errors, signer.made.unavailable])],
            )
            self._alarms.append(watch.alarms)
        if access_logs:
            DistributionLog.of(self, self.distribution, name=name, removal_policy=removal_policy)

    @property
    def alarms(self) -> list[cloudwatch.Alarm]:
        """Every alarm, to be given actions; none without monitoring. Those on viewers are in us-east-1, and
        so must their actions be."""
        return [alarm for each in self._alarms for alarm in each.all]

    def allow_origin(self, origin: str) -> None:
        """Let the scripts of one more origin's pages read files, without a session.

        Args:
            origin: scheme and host, such as `https://app.example.com`.
        """
        self._made.allow_origin(origin)

    def accept_client(self, client_id: str, shows: str) -> None:
        """Accept tokens of the issuer that are made out for one more client, as the API does.

        Args:
            shows: the kind of token that it sends: `id` or `access`.

        Raises:
            PropError: tokens of that kind aren't accepted.
        """
        if self._tokens:
            self._tokens.accept_client(client_id, shows)
            self._signer.made.function.add_environment(Variable.TOKEN_ISSUER, self._tokens.written)

    def grant_sign(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` sign whatever it likes for this distribution, with the key in KMS."""
        return self._keys.grant_sign(grantee)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` list files and get URLs by the API.

        Raises:
            PropError: the API's callers aren't told by IAM.
        """
        return self.api.grant_invoke(grantee, [routes.FILES, routes.URL])

    def _new_bucket(self, removal_policy: RemovalPolicy) -> NewBucket:
        key = kms.Key(
            self,
            "BucketKey",
            description="Encrypts files that are served by signed URLs",
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )
        return NewBucket(encryption_key=key)

    def _rules(self, rules: Sequence[Rule], groups_claim: str) -> Rules:
        each = self._props.items("rules", rules, Rule, 'rules, such as Rule("users/{sub}/*")')
        try:
            return Rules(tuple(each), groups_claim)
        except InvalidRules as refused:
            raise self._props.error(continued(refused)) from None
