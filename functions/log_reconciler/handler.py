"""Binds the reconciler to the log group's subscription, the environment and the clock.

CloudWatch Logs hands over lines as they arrive, in batches, and Lambda tries a batch again if it fails.
Every write is conditional, so that a batch that comes twice changes nothing.
"""

import os
import re
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.utilities.data_classes import CloudWatchLogsEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_logger
from common.http_api.environment import REGION, matching, whole_number
from common.http_api.metrics import count
from log_reconciler.lines import read_lines
from log_reconciler.search import Reconciler
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.metrics import Metric
from onetime_urls.protocol.links.limits import MAX_S3_LIFETIME

_TABLE_ARN = re.compile(
    rf"arn:aws:dynamodb:(?P<region>{REGION.pattern}):[0-9]{{12}}:table/[A-Za-z0-9_.-]{{3,255}}"
)

logger = new_logger()


@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Note what one batch of CloudFront's log tells. The log is silent on whose links they are.

    Raises:
        ClientError, BotoCoreError: DynamoDB refuses, or can't be reached: Lambda tries the batch again.
    """
    batch = CloudWatchLogsEvent(event).parse_logs_data()
    lines = read_lines(line.message for line in batch.log_events)
    try:
        counts = reconciler().reconcile(lines, int(time.time()))
    except (BotoCoreError, ClientError) as error:
        count(Metric.UNAVAILABLE, cause=type(error).__name__)
        raise
    logger.info("reconciled", lines=len(batch.log_events), counts=counts)


@cache
def reconciler() -> Reconciler:
    """The reconciler of this deployment, made at the first batch and kept for the next ones.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    table = matching(os.environ, Variable.LINKS_TABLE_ARN, _TABLE_ARN)
    return Reconciler(
        dynamodb=boto3.client("dynamodb", region_name=table["region"], config=CLIENT_CONFIG),
        table=table["0"],
        longest=whole_number(os.environ, Variable.MAX_LIFETIME_SECONDS, 1, MAX_S3_LIFETIME),
    )
