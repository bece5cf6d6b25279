"""Binds events to the tables' streams, the log and the event bus.

Each event is one line of the log, written first, and one entry on the bus: the audit trail doesn't depend on
the bus. A change whose event can't be sent is reported to Lambda by itself, which tries the batch again from
there (Lambda Developer Guide, "Reporting batch item failures"); what was sent already may be sent twice then,
under the same id.
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
from common.http_api.metrics import count
from event_publisher.changes import Entry, entries
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.events import SOURCE
from onetime_urls.protocol.contract.metrics import Metric

if TYPE_CHECKING:
    from types_boto3_events.client import EventBridgeClient

_BUS = re.compile(r"[\w./-]{1,256}", re.ASCII)

logger = new_logger()


class NotPublished(Exception):
    """The event bus refused an event. The message is its error code."""


@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish the events in a batch of changes; the answer names the first change that failed."""
    for change in event["Records"]:
        try:
            for entry in entries(change):
                logger.info(entry.event, event=entry.id, when=entry.when, **entry.details)
                publish(entry)
        except (BotoCoreError, ClientError, NotPublished, KeyError, ValueError) as error:
            count(Metric.UNAVAILABLE, operation="PutEvents", cause=type(error).__name__)
            logger.warning("not published", change=change["eventID"], error=type(error).__name__)
            return {"batchItemFailures": [{"itemIdentifier": change["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def publish(entry: Entry) -> None:
    """Put one event on the bus.

    Raises:
        NotPublished: the bus refused it.
        BotoCoreError, ClientError: it couldn't be asked.
    """
    sent = events().put_events(
        Entries=[
            {
                "Source": SOURCE,
                "DetailType": entry.event,
                "Detail": json.dumps({"event": entry.id, "when": entry.when, **entry.details}),
                "Time": datetime.fromtimestamp(entry.when, UTC),
                "EventBusName": matching(os.environ, Variable.EVENT_BUS_NAME, _BUS)["0"],
            }
        ]
    )
    if sent["FailedEntryCount"]:
        raise NotPublished(sent["Entries"][0].get("ErrorCode", ""))


@cache
def events() -> EventBridgeClient:
    """The event bus's client, made at the first batch and kept for the next ones."""
    region = matching(os.environ, Variable.AWS_REGION, REGION)["0"]
    client: EventBridgeClient = boto3.client("events", region_name=region, config=CLIENT_CONFIG)
    return client
