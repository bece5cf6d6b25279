"""Shares, whole: their table, the admin that callers make them at, and the page that people visit."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2 import HttpMethod
from constructs import Construct

from onetime_urls.cdk.link_api import Api
from onetime_urls.cdk.share_admin import ShareAdmin
from onetime_urls.cdk.share_page import SharePage
from onetime_urls.cdk.tables import SHARES, Table
from stack.settings import Settings


class Shares(Construct):
    """Everything of shares but the distribution's behaviour, which comes before the distribution.

    Attributes:
        table: the shares, with their tickets.
        admin, page: the two functions.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        links_table: dynamodb.ITableV2,
        parameter_arn: str,
        link_base_url: str,
        origin_secret: str,
        api: Api,
        settings: Settings,
    ) -> None:
        """
        Args:
            parameter_arn: of the guard's parameter, which holds the key of nonces.
            link_base_url: the distribution's address, without a trailing slash.
            origin_secret: what the distribution tells the page's function.
        """
        super().__init__(scope, construct_id)
        kept = Table(
            self,
            "Shares",
            keys=SHARES,
            table_name=settings.shares_table_name,
            stream=settings.tells,
            disposable=settings.disposable,
        )
        self.table = kept.table
        both = {
            "BUCKET_NAME": bucket.bucket_name,
            "LINKS_TABLE_NAME": links_table.table_name,
            "SHARES_TABLE_NAME": kept.table.table_name,
            "LINK_BASE_URL": link_base_url,
            "RESUME_SECONDS": str(settings.max_resume_seconds),
            "RECORD_RETENTION_SECONDS": str(settings.record_retention_seconds),
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }
        self.admin = ShareAdmin(
            self,
            "ShareAdmin",
            bucket=bucket,
            shares_table_arn=kept.table.table_arn,
            shares_index_arn=kept.index_arn,
            links_table_arn=links_table.table_arn,
            environment=both
            | {
                "BUCKET_REGION": settings.region,
                "MAX_SHARE_DAYS": str(settings.max_share_days),
                "MAX_DOWNLOADS": str(settings.max_downloads_per_share),
                "MAX_UPLOAD_BYTES": str(settings.max_upload_bytes),
                "UPLOAD_TYPES": ",".join(settings.upload_types),
                "POWERTOOLS_SERVICE_NAME": "share-admin",
            },
            disposable=settings.disposable,
        ).function
        self.page = SharePage(
            self,
            "SharePage",
            bucket=bucket,
            parameter_arn=parameter_arn,
            shares_table_arn=kept.table.table_arn,
            links_table_arn=links_table.table_arn,
            environment=both
            | {
                "ORIGIN_DOMAIN": bucket.bucket_regional_domain_name,
                "LINKS_PARAMETER_NAME": settings.parameter_name,
                "MAX_RESUME_FACTOR": str(settings.max_resume_factor),
                "ORIGIN_SECRET": origin_secret,
                "UNIFORM_ANSWERS": str(settings.uniform_share_answers).lower(),
                "POWERTOOLS_SERVICE_NAME": "share-page",
            },
            disposable=settings.disposable,
        ).function
        api.add_route("/shares", [HttpMethod.POST, HttpMethod.GET], self.admin)
        api.add_route("/shares/{id}", [HttpMethod.GET, HttpMethod.DELETE], self.admin)
        api.add_route("/uploads", [HttpMethod.POST], self.admin)
        api.add_route("/uploads/complete", [HttpMethod.POST], self.admin)
        api.add_public_route(
            "/-/{id}",
            [HttpMethod.ANY],
            self.page,
            why="A share's page is for whoever was given its address. The function answers nobody but the "
            "distribution, which sends a secret with each request.",
        )
