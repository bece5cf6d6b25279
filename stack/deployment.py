"""The stack: makes the rooms, wires them, and says what came of it.

In us-east-1 everything is in this one stack. From any other region two things have to be there all the
same: the guard with its parameter, in a helper stack that this one needs, and the delivery of access
logs, in one that needs this.
"""

from aws_cdk import CfnOutput, Environment, ReferenceStrength, Stack
from aws_cdk.aws_apigatewayv2 import HttpMethod
from constructs import Construct

from onetime_urls.cdk.assets_bucket import AssetsBucket
from onetime_urls.cdk.custom_domain import CustomDomain
from onetime_urls.cdk.distribution import Distribution
from onetime_urls.cdk.distribution_logs import DistributionLogs
from onetime_urls.cdk.edge_guard import EdgeGuard
from onetime_urls.cdk.events import Notices
from onetime_urls.cdk.link_admin import LinkAdmin
from onetime_urls.cdk.link_api import Api
from onetime_urls.cdk.log_reconciler import LogReconciler
from onetime_urls.cdk.monitoring import watch
from onetime_urls.cdk.share_behaviour import PATTERN, ShareBehaviour
from onetime_urls.cdk.share_page import OriginSecret
from onetime_urls.cdk.shares import Shares
from onetime_urls.cdk.tables import LINKS, Table
from onetime_urls.cdk.url_issuer import UrlIssuer
from stack.settings import EDGE_REGION, Settings

MINT_PATH = "/get-url"


class OneTimeUrls(Stack):
    """One deployment of one-time links."""

    def __init__(self, scope: Construct, *, settings: Settings) -> None:
        super().__init__(
            scope,
            settings.stack_name,
            env=Environment(region=settings.region),
            description="One-time download links for private S3 objects",
        )
        edge_stack = self if settings.in_edge_region else _helper(scope, settings.edge_stack_name)

        bucket = AssetsBucket(
            self,
            "Assets",
            existing_name=settings.bucket_name,
            region=settings.region,
            disposable=settings.disposable,
        ).bucket
        table = Table(
            self,
            "Links",
            keys=LINKS,
            table_name=settings.links_table_name,
            stream=settings.tells,
            disposable=settings.disposable,
        ).table
        # Put together rather than referred to: the guard's stack comes before the table's.
        table_arn = self.format_arn(
            service="dynamodb", resource="table", resource_name=settings.links_table_name
        )
        parameter_arn = self.format_arn(
            service="ssm",
            region=EDGE_REGION,
            resource="parameter",
            resource_name=settings.parameter_name.removeprefix("/"),
        )
        guard = EdgeGuard(
            self,
            "EdgeGuard",
            edge_stack=edge_stack,
            function_name_prefix=f"{settings.stack_name}-edge-guard",
            parameter_name=settings.parameter_name,
            table_arn=table_arn,
        )
        domain = (
            CustomDomain(self, "Domain", edge_stack=edge_stack, settings=settings)
            if settings.domain_name
            else None
        )
        # The id is that of its first route alone: another id would be another API, at another address.
        api = Api(self, "MintApi", settings=settings)
        origin_secret = OriginSecret(self, "ShareOrigin").reference
        pages = ShareBehaviour(
            self,
            "ShareBehaviour",
            api_id=api.id,
            origin_secret=origin_secret,
            name=f"{settings.stack_name}-{settings.region}",
        )
        links = Distribution(
            self,
            "Distribution",
            bucket=bucket,
            guard=guard.version,
            certificate=domain.certificate if domain else None,
            pages={PATTERN: pages.options},
            settings=settings,
        )
        if domain:
            domain.point_at(links.distribution)
        if settings.access_logs:
            logs_stack = self if settings.in_edge_region else _helper(scope, settings.logs_stack_name)
            access_logs = DistributionLogs(
                logs_stack,
                "DistributionLogs",
                distribution_id=Stack.consume_reference(
                    links.distribution.distribution_id, ReferenceStrength.WEAK
                ),
                name=f"{settings.stack_name}-{settings.region}",
                disposable=settings.disposable,
            )
            if settings.reconcile_logs:
                LogReconciler(
                    logs_stack,
                    "LogReconciler",
                    log_group=access_logs.log_group,
                    table_arn=table_arn,
                    max_lifetime_seconds=settings.max_lifetime_seconds,
                    disposable=settings.disposable,
                )

        issuer = UrlIssuer(
            self,
            "UrlIssuer",
            bucket=bucket,
            table_arn=table.table_arn,
            parameter_arn=parameter_arn,
            environment={
                "BUCKET_NAME": bucket.bucket_name,
                "ORIGIN_DOMAIN": bucket.bucket_regional_domain_name,
                "LINKS_TABLE_NAME": table.table_name,
                "LINKS_PARAMETER_NAME": settings.parameter_name,
                "LINK_BASE_URL": links.link_base_url,
                "DEFAULT_LIFETIME_SECONDS": str(settings.default_lifetime_seconds),
                "MAX_LIFETIME_SECONDS": str(settings.max_lifetime_seconds),
                "MAX_CLAIMS": str(settings.max_claims),
                "MAX_RESUME_SECONDS": str(settings.max_resume_seconds),
                "MAX_RESUME_FACTOR": str(settings.max_resume_factor),
                "RECORD_RETENTION_SECONDS": str(settings.record_retention_seconds),
                "POWERTOOLS_SERVICE_NAME": "url-issuer",
                "POWERTOOLS_LOG_LEVEL": "INFO",
            },
            disposable=settings.disposable,
        )
        admin = LinkAdmin(
            self,
            "LinkAdmin",
            table_name=table.table_name,
            table_arn=table.table_arn,
            disposable=settings.disposable,
        )
        api.add_route(MINT_PATH, [HttpMethod.GET], issuer.function)
        api.add_route("/links", [HttpMethod.GET], admin.function)
        api.add_route("/links/{id}", [HttpMethod.GET, HttpMethod.DELETE], admin.function)

        shares = Shares(
            self,
            "Default",  # an id that leaves no trace in logical ids
            bucket=bucket,
            links_table=table,
            parameter_arn=parameter_arn,
            link_base_url=links.link_base_url,
            origin_secret=origin_secret,
            api=api,
            settings=settings,
        )

        if settings.tells:
            Notices(self, "Notices", tables=[table, shares.table], settings=settings)
        if settings.monitoring:
            watch(
                self,
                edge_stack=self if settings.in_edge_region else _helper(scope, settings.alarms_stack_name),
                distribution=links.distribution.distribution_id,
                table=table.table_name,
                api=api.id,
                functions={
                    "url-issuer": issuer.function,
                    "link-admin": admin.function,
                    "share-admin": shares.admin,
                    "share-page": shares.page,
                },
                settings=settings,
            )

        for name, value in {
            "ApiEndpoint": api.endpoint,
            "GetUrlEndpoint": f"{api.endpoint}{MINT_PATH}",
            "DistributionUrl": links.link_base_url,
            "AssetsBucketName": bucket.bucket_name,
            "LinksTableName": table.table_name,
            "SharesTableName": shares.table.table_name,
            "Region": self.region,
            "IssuerAuth": settings.issuer_auth,
        }.items():
            CfnOutput(self, name, value=value)


def _helper(scope: Construct, name: str) -> Stack:
    return Stack(
        scope,
        name,
        env=Environment(region=EDGE_REGION),
        description="The part of one-time download links that has to be in us-east-1",
    )
