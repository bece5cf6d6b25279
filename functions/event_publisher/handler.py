"""Binds notices to the tables' streams, the log and the event bus.

Each event is one line of the log and one entry on the bus. A change whose event can't be sent is reported
to Lambda by itself, which tries the batch again from there (Lambda Developer Guide, "Reporting batch item
failures"); what was sent already may be sent twice then, under the same id.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_logger
from common.http_api.environment import REGION, matching
from event_publisher.changes import Notice, notices
from onetime_urls.protocol.contract.environment import Variable

if TYPE_CHECKING:
    from types_boto3_events.client import EventBridgeClient

SOURCE = "onetime-urls"
"""The events' source, for rules."""

_BUS = re.compile(r"[\w./-]{1,256}", re.ASCII)

logger = new_logger()


class NotTaken(Exception):
    """The event bus refused an event. The message is its error code."""


@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Tell what a batch of changes came to; the answer names the first one that wasn't told."""
    for change in event["Records"]:
        try:
            for notice in notices(change):
                tell(notice)
        except (BotoCoreError, ClientError, NotTaken, KeyError, ValueError) as error:
            logger.warning("not told", change=change["eventID"], error=type(error).__name__)
            return {"batchItemFailures": [{"itemIdentifier": change["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def tell(notice: Notice) -> None:
    """Send one notice to the bus and write it into the log.

    Raises:
        NotTaken: the bus refused it.
        BotoCoreError, ClientError: it couldn't be asked.
    """
    sent = events().put_events(
        Entries=[
            {
                "Source": SOURCE,
                "DetailType": notice.what,
                "Detail": json.dumps({"event": notice.id, "when": notice.when, **notice.details}),
                "Time": datetime.fromtimestamp(notice.when, UTC),
                "EventBusName": matching(os.environ, Variable.EVENT_BUS_NAME, _BUS)["0"],
            }
        ]
    )
    if sent["FailedEntryCount"]:
        raise NotTaken(sent["Entries"][0].get("ErrorCode", ""))
    logger.info(notice.what, event=notice.id, when=notice.when, **notice.details)


@cache
def events() -> EventBridgeClient:
    """The event bus's client, made at the first batch and kept for the next ones."""
    region = matching(os.environ, Variable.AWS_REGION, REGION)["0"]
    client: EventBridgeClient = boto3.client("events", region_name=region, config=CLIENT_CONFIG)
    return client
