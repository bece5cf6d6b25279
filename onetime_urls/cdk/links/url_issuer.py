"""The URL issuer: the function that mints links, the signer that they are signed by, and their route."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.links.links import Links
from onetime_urls.cdk.links.minting import let_mint
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.metrics import Metric, Service
from onetime_urls.protocol.contract.routes import GET_URL


class UrlIssuer(Construct):
    """Lambda function that may look up objects, sign for them and add records.

    Attributes:
        made: the function.
        minted: how many links it minted.
    """

    def __init__(self, scope: Construct, construct_id: str, *, links: Links) -> None:
        super().__init__(scope, construct_id)
        bucket, limits = links.bucket, links.limits
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="url_issuer",
            does="Mints one-time links",
            role="Issuer of one-time links: looks objects up, adds records",
            environment={
                Variable.BUCKET_NAME: bucket.bucket_name,
                Variable.ORIGIN_DOMAIN: bucket.bucket_regional_domain_name,
                Variable.LINKS_TABLE_NAME: links.table.table.table_name,
                Variable.LINKS_PARAMETER_NAME: links.parameter.name,
                Variable.LINK_BASE_URL: links.base_url,
                Variable.DEFAULT_LIFETIME_SECONDS: str(limits.default_lifetime_seconds),
                Variable.MAX_LIFETIME_SECONDS: str(limits.max_lifetime_seconds),
                Variable.MAX_CLAIMS: str(limits.max_claims),
                Variable.MAX_RESUME_SECONDS: str(limits.max_resume_seconds),
                Variable.MAX_RESUME_FACTOR: str(limits.max_resume_factor),
                Variable.RECORD_RETENTION_SECONDS: str(limits.record_retention_seconds),
            },
            deployment=links.deployment,
        )
        self.minted: cloudwatch.Metric = links.deployment.metric(Metric.MINTED, Service.URL_ISSUER)
        let_mint(
            self,
            self.made,
            bucket,
            does="Signs one-time links: what it may do is what a link can do",
            why="A link can be minted for every object of this one bucket.",
        )
        self.made.allow("AddRecord", ["dynamodb:PutItem"], links.table.table.table_arn)
        self.made.allow("LearnNonceKey", ["ssm:GetParameter"], links.parameter.arn)
        links.api.add_route(GET_URL, self.made.function)
