"""The share page: the function that everybody may visit, through the distribution only.

It reads shares and counts their downloads, and mints a link for each, for which it has a signer of its
own.
"""

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from onetime_urls.cdk.item_conditions import reading, updating
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.links.links import Links
from onetime_urls.cdk.links.minting import let_mint
from onetime_urls.cdk.options import Shares
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.tables import Table
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.metrics import Metric, Service
from onetime_urls.protocol.contract.routes import SHARE_PAGE
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.shares.ticket import LINK_ATTRIBUTES


class SharePage(Construct):
    """Lambda function that shows shares and hands files over.

    Attributes:
        made: the function.
        minted: how many links it minted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        links: Links,
        shares: Table,
        secret: str,
        environment: Mapping[Variable, str],
        options: Shares,
        brand: ShownBrand | None,
    ) -> None:
        """
        Args:
            secret: what the distribution's requests come with.
            environment: what both functions of shares read.
            brand: whose pages they are.

        Raises:
            PropError: an option can't work.
        """
        super().__init__(scope, construct_id)
        bucket, table_arn = links.bucket, links.table.table.table_arn
        reserved = options.reserved_concurrency
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="share_page",
            does="Shows shares and hands files over",
            role="Share page: counts downloads and mints their links",
            environment={
                **environment,
                Variable.ORIGIN_DOMAIN: bucket.bucket_regional_domain_name,
                Variable.LINKS_PARAMETER_NAME: links.parameter.name,
                Variable.MAX_RESUME_FACTOR: str(links.limits.max_resume_factor),
                Variable.ORIGIN_SECRET: secret,
                Variable.UNIFORM_ANSWERS: str(bool(options.uniform_answers)).lower(),
            },
            deployment=links.deployment,
            reserved_concurrency=(
                None
                if reserved is None
                else Props(scope).whole_number("shares.reserved_concurrency", reserved, 1, 10_000)
            ),
            brand=brand,
        )
        self.minted: cloudwatch.Metric = links.deployment.metric(Metric.MINTED, Service.SHARE_PAGE)
        let_mint(
            self,
            self.made,
            bucket,
            does="Share page's signer: what it may do is what a link can do",
            why="A share can be made for every object of this one bucket.",
        )
        self.made.allow(
            "CountDownloads",
            ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"],
            shares.table.table_arn,
        )
        self.made.allow("HandLinksOut", ["dynamodb:PutItem"], table_arn)
        self.made.allow("SeeWhetherClaimed", ["dynamodb:GetItem"], table_arn, reading(LINK_ATTRIBUTES))
        self.made.allow("RevokeLink", ["dynamodb:UpdateItem"], table_arn, updating(LINK_ATTRIBUTES))
        self.made.allow("LearnNonceKey", ["ssm:GetParameter"], links.parameter.arn)
        links.api.add_public_route(
            SHARE_PAGE.path,
            self.made.function,
            why="A share's page is for whoever was given its address. The function answers nobody but the "
            "distribution, which sends a secret with each request.",
        )
