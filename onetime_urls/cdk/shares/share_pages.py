"""Shares, whole: their table, the function that callers make them with, and the page that people visit."""

from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from onetime_urls.cdk.links.links import Links
from onetime_urls.cdk.options import Shares
from onetime_urls.cdk.shares.share_admin import ShareAdmin
from onetime_urls.cdk.shares.share_page import SharePage
from onetime_urls.cdk.tables import SHARES, Table
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.pages.brand import ShownBrand


class SharePages(Construct):
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
        links: Links,
        options: Shares,
        secret: str,
        stream: bool,
        brand: ShownBrand | None,
    ) -> None:
        """
        Args:
            secret: what the distribution's requests to the page come with.
            stream: whether each change is published.
            brand: whose pages they are.
        """
        super().__init__(scope, construct_id)
        shares = Table(self, "Shares", keys=SHARES, deployment=links.deployment, stream=stream)
        self.table: dynamodb.ITableV2 = shares.table
        environment = {
            Variable.BUCKET_NAME: links.bucket.bucket_name,
            Variable.LINKS_TABLE_NAME: links.table.table.table_name,
            Variable.SHARES_TABLE_NAME: shares.table.table_name,
            Variable.LINK_BASE_URL: links.base_url,
            Variable.RESUME_SECONDS: str(links.limits.max_resume_seconds),
            Variable.RECORD_RETENTION_SECONDS: str(links.limits.record_retention_seconds),
        }
        self.admin = ShareAdmin(
            self, "ShareAdmin", links=links, shares=shares, environment=environment, options=options
        )
        self.page = SharePage(
            self,
            "SharePage",
            links=links,
            shares=shares,
            secret=secret,
            environment=environment,
            options=options,
            brand=brand,
        )
