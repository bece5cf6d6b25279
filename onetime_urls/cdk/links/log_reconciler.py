"""The log reconciler: reads CloudFront's access log as it arrives, and notes what became of claims.

It is where the log group is, in us-east-1, and writes to the table in the deployment's own region. Its
role reads what the link admin's may read, and may change nothing but `claims`. That is more than it needs,
one word in one claim, but DynamoDB's conditions see top-level attributes only.
"""

from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as destinations
from constructs import Construct

from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.item_conditions import reading, updating
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.links.views import BY_KEY, VISIBLE

SECONDS = 120
"""Reading `log_reconciler.search.MAX_LINKS` records takes some ten seconds; a batch can name some objects."""


class LogReconciler(Construct):
    """Lambda function behind a log group."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_group: logs.ILogGroup,
        table_arn: str,
        max_lifetime_seconds: int,
        deployment: Deployment,
    ) -> None:
        """
        Args:
            log_group: where CloudFront's lines arrive, in the stack of `scope`.
            table_arn: of the links table, in whatever region.
            max_lifetime_seconds: how long a link lives at most.
            deployment: with the alarms of the region that this is in.
        """
        super().__init__(scope, construct_id)
        # "Default" leaves no trace in logical ids.
        reconciler = LambdaFunction(
            self,
            "Default",
            code="log_reconciler",
            does="Notes from CloudFront's log which one-time downloads were delivered",
            role="Reconciler of one-time links: reads records, notes claims' outcomes",
            environment={
                Variable.LINKS_TABLE_ARN: table_arn,
                Variable.MAX_LIFETIME_SECONDS: str(max_lifetime_seconds),
            },
            deployment=deployment,
            seconds=SECONDS,
        )
        reconciler.allow("FindLinksOfKey", ["dynamodb:Query"], f"{table_arn}/index/{BY_KEY}")
        reconciler.allow("ReadLink", ["dynamodb:GetItem"], table_arn, reading(VISIBLE))
        reconciler.allow("NoteOutcome", ["dynamodb:UpdateItem"], table_arn, updating(["signature", "claims"]))
        logs.SubscriptionFilter(
            self,
            "Lines",
            log_group=log_group,
            destination=destinations.LambdaDestination(reconciler.function),
            filter_pattern=logs.FilterPattern.all_events(),
        )
