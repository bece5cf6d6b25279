"""Makes the link admin's calls to DynamoDB: look a link up, list an object's links, revoke.

A page is one query of the index and one read for each link on it. `BatchGetItem` would save round trips
and no capacity; but there the store of the local cloud can't tell which attributes are asked for, and
the role's permission to read depends on just that. A hundred small reads in a row take about a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.http_api.aws_calls import TimeLeft, calling
from link_admin.parameters import Page, no_such_link, write_cursor
from onetime_urls.protocol.links.record import Item, revoke_request
from onetime_urls.protocol.links.views import link_request, links_of_key_request

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, slots=True)
class LinkAdmin:
    """The links of one deployment.

    Attributes:
        table: name of the links table.
    """

    dynamodb: DynamoDBClient
    table: str

    def link(self, signature: str, time_left: TimeLeft) -> Item:
        """The visible attributes of a link's record.

        Raises:
            Refused: there is no such link.
            Unavailable: DynamoDB can't be reached, or refuses.
        """
        item = self._find(signature, time_left)
        if item is None:
            raise no_such_link()
        return item

    def links(self, page: Page, time_left: TimeLeft) -> tuple[list[Item], str | None]:
        """The records on a page, newest link first, and the cursor for the next page if there may be one.

        Raises:
            Unavailable: DynamoDB can't be reached, or refuses.
        """
        with calling("Query", time_left):
            found = self.dynamodb.query(**links_of_key_request(self.table, page.key, page.limit, page.after))
        # The index is a little behind the table: a record may be gone that it still lists.
        items = [self._find(entry["signature"]["S"], time_left) for entry in found["Items"]]
        last = found.get("LastEvaluatedKey")
        cursor = write_cursor(int(last["issued_at"]["N"]), last["signature"]["S"]) if last else None
        return [item for item in items if item is not None], cursor

    def revoke(self, signature: str, now: int, time_left: TimeLeft) -> None:
        """Stop a link for good; does nothing if it is revoked already.

        Raises:
            Refused: there is no such link.
            Unavailable: DynamoDB can't be reached, or refuses. The link may have been revoked.
        """
        with calling("UpdateItem", time_left):
            try:
                self.dynamodb.update_item(**revoke_request(self.table, signature, now))
            except self.dynamodb.exceptions.ConditionalCheckFailedException:
                raise no_such_link() from None

    def _find(self, signature: str, time_left: TimeLeft) -> Item | None:
        with calling("GetItem", time_left):
            found: Item | None = self.dynamodb.get_item(**link_request(self.table, signature)).get("Item")
        return found
