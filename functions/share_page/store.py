"""Makes the page's calls to DynamoDB, each bounded in time, each failing in one way."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from common.http_api.aws_calls import TimeLeft, calling
from onetime_urls.protocol.links.rules import Item, Request
from onetime_urls.protocol.shares.pin import Tries, tries_request
from onetime_urls.protocol.shares.record import Share, get_request, is_id
from onetime_urls.protocol.shares.ticket import Tables, Ticket, link_request

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, kw_only=True)
class Store:
    """The two tables of a deployment, as the page's function may use them."""

    dynamodb: DynamoDBClient
    tables: Tables
    new_request_token: Callable[[], str] = lambda: secrets.token_hex(16)

    def share(self, share_id: str, time_left: TimeLeft) -> Share | None:
        """The share as it stands, in one consistent read; none, and no read, for what is no id.

        Raises:
            Unavailable: DynamoDB can't be reached.
        """
        if not is_id(share_id):
            return None
        item = self._get(get_request(self.tables.shares, share_id), time_left)
        return None if item is None else Share.from_item(item)

    def ticket(self, name: str, time_left: TimeLeft) -> Ticket | None:
        """What is stored under a ticket's name.

        Raises:
            Unavailable: DynamoDB can't be reached.
        """
        item = self._get(get_request(self.tables.shares, name), time_left)
        return None if item is None else Ticket.from_item(item)

    def link(self, signature: str, time_left: TimeLeft) -> Item | None:
        """Claims of a link, and whether it was revoked. The claim token is left where it is.

        Raises:
            Unavailable: DynamoDB can't be reached.
        """
        return self._get(link_request(self.tables.links, signature), time_left)

    def change_tries(
        self, share_id: str, before: Tries, after: Tries, time_left: TimeLeft
    ) -> tuple[bool, Share | None]:
        """Write down how often a PIN was tried, if that still is `before`.

        Returns:
            Whether it was written, and the share as it is after that, or as it stood.

        Raises:
            Unavailable: DynamoDB can't be reached.
        """
        with calling("UpdateItem", time_left):
            try:
                done = self.dynamodb.update_item(**tries_request(self.tables.shares, share_id, before, after))
            except self.dynamodb.exceptions.ConditionalCheckFailedException as error:
                item = cast("dict[str, Any]", error.response).get("Item")
                return False, None if item is None else Share.from_item(item)
        return True, Share.from_item(done["Attributes"])

    def transact(self, items: list[Request], time_left: TimeLeft) -> bool:
        """Do all of `items` or nothing (`TransactWriteItems`).

        The SDK repeats a call whose reply was lost with the same token, which DynamoDB recognises for ten
        minutes (DynamoDB API Reference, `ClientRequestToken`).

        Returns:
            False if a condition failed or another transaction was in the way: nothing was done.

        Raises:
            Unavailable: DynamoDB can't be reached. It may have been done.
        """
        with calling("TransactWriteItems", time_left):
            try:
                self.dynamodb.transact_write_items(
                    TransactItems=cast("Any", items), ClientRequestToken=self.new_request_token()
                )
            except self.dynamodb.exceptions.TransactionCanceledException:
                return False
        return True

    def _get(self, request: Request, time_left: TimeLeft) -> Item | None:
        with calling("GetItem", time_left):
            found = self.dynamodb.get_item(**request)
        return found.get("Item")
