"""One-time links to the objects of a private bucket, whole: `OneTimeUrls`.

In us-east-1 everything is in the stack that the construct is in. From any other region two more stacks hold
what has to be in us-east-1 (`support_stack`).
"""

from dataclasses import replace
from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_events import IEventBus
from constructs import Construct

from onetime_urls.cdk.access_logs import DistributionLog
from onetime_urls.cdk.alarms import PERIOD
from onetime_urls.cdk.assets_bucket import private_bucket, tell_owner
from onetime_urls.cdk.brand import CheckedBrand
from onetime_urls.cdk.common_props import check_common_props
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.domain import CustomDomain
from onetime_urls.cdk.events import EventFeed
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.links.distribution import Distribution
from onetime_urls.cdk.links.edge_guard import EdgeGuard
from onetime_urls.cdk.links.limits import LinkLimits
from onetime_urls.cdk.links.link_admin import LinkAdmin
from onetime_urls.cdk.links.links import Links
from onetime_urls.cdk.links.log_reconciler import LogReconciler
from onetime_urls.cdk.links.metrics import LinkMetrics
from onetime_urls.cdk.links.object_lister import ObjectLister
from onetime_urls.cdk.links.parameter import GuardParameter
from onetime_urls.cdk.links.url_issuer import UrlIssuer
from onetime_urls.cdk.links.watch import Watch
from onetime_urls.cdk.naming import deployment_name, home_stack
from onetime_urls.cdk.options import AccessLogs, Brand, Domain, Events, Monitoring, Shares
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.shares.behaviour import PATTERN, ShareBehaviour
from onetime_urls.cdk.shares.share_pages import SharePages
from onetime_urls.cdk.support_stack import across, support_scope
from onetime_urls.cdk.tables import LINKS, Table
from onetime_urls.protocol.contract import routes
from onetime_urls.protocol.contract.outputs import Output


class OneTimeUrls(Construct):
    """Links that work once.

    Attributes:
        bucket: the objects.
        api: where links are minted and looked after.
        distribution: where they are redeemed.
        links_table: one small item for each link.
        shares_table: shares and their tickets; None without shares.
        event_bus: where events go; None without events.
        get_url_endpoint: the address that mints: `?key=…`.
        link_base_url: what links begin with, without a trailing slash.
        limits: of links, checked.
        shares: of share pages; None without them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket | None = None,
        api: LinkApi | None = None,
        default_lifetime: Duration | None = None,
        max_lifetime: Duration | None = None,
        max_claims: int = 10,
        max_resume: Duration | None = None,
        max_resume_factor: int = 4,
        record_retention: Duration | None = None,
        nonce_key_generation: int = 1,
        shares: Shares | None = Shares(),  # noqa: B008 it is frozen
        brand: Brand | None = None,
        events: Events | None = None,
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
            bucket: in the stack's region, without dots in its name. Nothing is changed on it; its owner is
                told at synthesis what it should be like. Default: a private, versioned one is made.
            api: to be shared with other doors. Default: one of its own, for callers with IAM permissions.
            default_lifetime: of a link whose request names none. Default: 15 minutes, at most `max_lifetime`.
            max_lifetime: longest that a request may ask for, 1 second to 1 hour, after which AWS ends the
                session that signs links (IAM User Guide, "Methods to assume a role"). Default: 1 hour.
            max_claims: most downloads that one link may be minted for, 1 to 100; 1 unless a request asks.
            max_resume: longest window in which whoever claimed a link may resume the download, up to 30
                minutes. It comes out of the session that signs the link, so it shortens the longest
                lifetimes. 0: no link can be resumed. Default: 15 minutes.
            max_resume_factor: how often an object's bytes may be sent under one claim of a resumable link,
                1 to 10.
            record_retention: for which a link's record outlives the link, 1 to 3,650 days. Default: 30 days.
            nonce_key_generation: raised by one, the next deployment rotates the key that keeps forged links
                from the table, and no link breaks; 1 to 1,000,000.
            shares: share pages. None: without them, and without their table and functions.
            brand: whose name, colour and logo the pages for people carry. Default: they show their domain.
            events: an event for whatever happens to links and shares. Default: none.
            access_logs: CloudFront's log. Default: none.
            monitoring: dashboard and alarms. Default: none.
            domain: links' own domain. Default: CloudFront's.
            price_class: CloudFront's edge locations.
            geo_restriction: countries that may or may not redeem. Default: all may.
            web_acl_id: ARN of a WAF web ACL for CloudFront, in us-east-1. Default: none.
            removal_policy: what becomes of tables, logs and a bucket that were made here, once they were in
                use: a first deployment that fails takes its tables back.

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
            reconciles=True,
        )
        props.types(api=(api, LinkApi | None), shares=(shares, Shares | None), events=(events, Events | None))
        if api and shares:
            api.check_reach(self)
        checked_brand = CheckedBrand.of(props, brand)
        shown_brand = checked_brand.shown if checked_brand else None
        limits = LinkLimits.checked(
            props,
            default_lifetime=default_lifetime,
            max_lifetime=Duration.hours(1) if max_lifetime is None else max_lifetime,
            max_claims=max_claims,
            max_resume=Duration.minutes(15) if max_resume is None else max_resume,
            max_resume_factor=max_resume_factor,
            record_retention=Duration.days(30) if record_retention is None else record_retention,
        )
        name = deployment_name(self)
        before = support_scope(self, "Edge", name=name, comes="before")
        watch = Watch(self, "Watch", name=name, email=monitoring.email) if monitoring else None
        deployment = Deployment(
            name=name, removal_policy=removal_policy, alarms=watch.home_alarms if watch else None
        )
        self.bucket = private_bucket(self, bucket, removal_policy)
        if bucket:
            tell_owner(self)
        self.api = api or LinkApi(self, "MintApi", removal_policy=removal_policy)
        table = Table(self, "Links", keys=LINKS, deployment=deployment, stream=bool(events))
        parameter = GuardParameter.of(self, name)
        guard = EdgeGuard(
            before,
            "Guard",
            name=name,
            parameter=parameter,
            table_arn=table.known_arn,
            nonce_key_generation=props.whole_number("nonce_key_generation", nonce_key_generation, 1, 10**6),
            brand=shown_brand,
        )
        behaviour = (
            ShareBehaviour(self, "ShareBehaviour", api=self.api, name=name, brand=shown_brand)
            if shares
            else None
        )
        made = Distribution(
            self,
            "Distribution",
            bucket=self.bucket,
            name=name,
            guard=guard.version_in(self),
            pages={PATTERN: behaviour.options} if behaviour else {},
            domain=CustomDomain(self, "Domain", domain=domain, edge_scope=before) if domain else None,
            price_class=price_class,
            web_acl_id=web_acl_id,
            geo_restriction=geo_restriction,
        )
        links = Links(
            deployment=deployment,
            api=self.api,
            bucket=self.bucket,
            table=table,
            parameter=parameter,
            base_url=made.link_base_url,
            limits=limits,
        )
        issuer = UrlIssuer(self, "UrlIssuer", links=links)
        functions = [
            issuer.made,
            LinkAdmin(self, "LinkAdmin", links=links).made,
            ObjectLister(self, "ObjectLister", links=links).made,
        ]
        minted = [issuer.minted]
        tables: list[dynamodb.ITableV2] = [table.table]
        if shares and behaviour:
            # Its id leaves no trace in logical ids.
            pages = SharePages(
                self,
                "Default",
                links=links,
                options=shares,
                secret=behaviour.secret,
                stream=bool(events),
                brand=shown_brand,
            )
            functions += [pages.admin.made, pages.page.made]
            minted.append(pages.page.minted)
            tables.append(pages.table)
        feed = None
        if events:
            feed = EventFeed(self, "Events", options=events, tables=tables, deployment=deployment)
            functions.append(feed.made)

        self.distribution: cloudfront.Distribution = made.distribution
        self.link_base_url, self.get_url_endpoint = (
            made.link_base_url,
            f"{self.api.endpoint}{routes.GET_URL.path}",
        )
        self.limits, self.shares = limits, shares
        self.links_table: dynamodb.ITableV2 = table.table
        self.shares_table: dynamodb.ITableV2 | None = tables[1] if shares else None
        self.event_bus: IEventBus | None = feed.bus if feed else None
        self._minted = minted
        self._metrics = LinkMetrics.of(self.links_table, self.distribution.distribution_id)
        self._watch = watch
        if monitoring and watch:
            across_regions = LinkMetrics.of(self.links_table, across(self.distribution.distribution_id))
            refusals = props.whole_number("monitoring.refusals", monitoring.refusals, 1, 1_000_000)
            watch.over(self._metrics, across_regions, self.api, functions, minted, refusals)
        if access_logs:
            self._log(access_logs, links)

    @property
    def alarms(self) -> list[cloudwatch.Alarm]:
        """Every alarm, to be given actions; none without monitoring. The one on viewers' errors is in
        us-east-1, and so must its actions be."""
        return self._watch.alarms if self._watch else []

    def add_outputs(self) -> None:
        """Say in the stack's outputs where everything is: there `onetime --stack` and `Client.from_stack`
        find it. One construct of a stack can do that.

        Raises:
            PropError: another one did.
        """
        home = home_stack(self)
        outputs = {
            Output.API_ENDPOINT: self.api.endpoint,
            Output.GET_URL_ENDPOINT: self.get_url_endpoint,
            Output.DISTRIBUTION_URL: self.link_base_url,
            Output.ASSETS_BUCKET_NAME: self.bucket.bucket_name,
            Output.LINKS_TABLE_NAME: self.links_table.table_name,
            Output.REGION: home.region,
            Output.ISSUER_AUTH: self.api.auth.kind,
        }
        if self.shares_table:
            outputs[Output.SHARES_TABLE_NAME] = self.shares_table.table_name
        node = home.node
        for name, value in outputs.items():
            if node.try_find_child(name):
                raise Props(self).error(f"the stack has an output {name} already: one construct can add them")
            CfnOutput(home, name, value=value)

    def grant_mint(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` mint links, and nothing else.

        Raises:
            PropError: the API's callers aren't told by IAM.
        """
        return self.api.grant_invoke(grantee, [routes.GET_URL])

    def grant_list(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` list the objects that can be handed out.

        Raises:
            PropError: the API's callers aren't told by IAM.
        """
        return self.api.grant_invoke(grantee, [routes.OBJECTS])

    def grant_share(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` make shares, and upload what is to be shared.

        Raises:
            PropError: there are no shares, or the API's callers aren't told by IAM.
        """
        if not self.shares_table:
            raise Props(self).error("it has no shares that anybody could be let make")
        make = routes.Route(routes.SHARES.path, ("POST",))
        uploads = [make, routes.UPLOADS, routes.COMPLETE_UPLOAD, routes.RESUME_UPLOAD, routes.ABORT_UPLOAD]
        return self.api.grant_invoke(grantee, uploads)

    def grant_manage(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` see, list and revoke links and shares, but make none.

        Raises:
            PropError: the API's callers aren't told by IAM.
        """
        manage = [routes.LINKS, routes.LINK]
        if self.shares_table:
            manage += [routes.Route(routes.SHARES.path, ("GET",)), routes.SHARE]
        return self.api.grant_invoke(grantee, manage)

    def metric_minted(self, **options: Any) -> cloudwatch.IMetric:
        """Links minted, those for shares among them: a sum over five minutes.

        Args:
            options: of `aws_cloudwatch.MathExpression`, such as `period` and `label`.
        """
        names = [f"m{number}" for number in range(len(self._minted))]
        return cloudwatch.MathExpression(
            **{
                "expression": f"SUM([{', '.join(f'FILL({each}, 0)' for each in names)}])",
                "using_metrics": dict(zip(names, self._minted, strict=True)),
                "label": "Minted",
                "period": PERIOD,
                **options,
            }
        )

    def metric_refused(self, **options: Any) -> cloudwatch.Metric:
        """Claims that the table refused: used, revoked or unknown links. A sum over five minutes.

        Args:
            options: of `aws_cloudwatch.Metric.with_`, such as `period` and `label`; likewise below.
        """
        return self._metrics.refused.with_(**options)

    def metric_throttled(self, **options: Any) -> cloudwatch.Metric:
        """Claims and records that the table throttled: a sum over five minutes."""
        return self._metrics.throttled.with_(**options)

    def metric_claim_latency(self, **options: Any) -> cloudwatch.Metric:
        """Milliseconds that the table takes for a claim: the 99th percentile over five minutes."""
        return self._metrics.claim_latency.with_(**options)

    def metric_requests(self, **options: Any) -> cloudwatch.Metric:
        """Requests to the distribution: a sum over five minutes. It is in us-east-1."""
        return self._metrics.requests.with_(**options)

    def metric_viewer_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests to the distribution that ended in a 5xx, in percent, over five minutes. In us-east-1."""
        return self._metrics.viewer_5xx.with_(**options)

    def _log(self, options: AccessLogs, links: Links) -> None:
        """Have CloudFront's log delivered, and read if that is wanted."""
        made_of = links.deployment
        log = DistributionLog.of(
            self, self.distribution, name=made_of.name, removal_policy=made_of.removal_policy
        )
        if options.reconcile:
            LogReconciler(
                log.scope,
                "LogReconciler",
                log_group=log.log_group,
                table_arn=links.table.known_arn,
                max_lifetime_seconds=links.limits.max_lifetime_seconds,
                deployment=replace(made_of, alarms=self._watch.edge_alarms if self._watch else None),
            )
