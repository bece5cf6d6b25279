"""Makes the link admin's calls to DynamoDB: look a link up, list links, revoke.

A page is one query of an index, or one of each of its parts, and one read for each link on it.
`BatchGetItem` would save round trips and no capacity; but there the store of the local cloud can't tell
which attributes are asked for, and the role's permission to read depends on just that. A hundred small reads
in a row take about a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.http_api.aws_calls import TimeLeft, calling
from link_admin.parameters import Page, no_such_link, write_cursor
from onetime_urls.protocol.links.record import revoke_request
from onetime_urls.protocol.links.rules import Item, Request
from onetime_urls.protocol.links.views import all_links_requests, link_request, links_of_key_request, newest

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
        requests = (
            all_links_requests(self.table, page.limit, page.after)
            if page.key is None
            else [links_of_key_request(self.table, page.key, page.limit, page.after)]
        )
        found = [self._query(request, time_left) for request in requests]
        entries = newest([each["Items"] for each in found], page.limit)
        # The index is a little behind the table: a record may be gone that it still lists.
        items = [self._find(entry["signature"]["S"], time_left) for entry in entries]
        more = any("LastEvaluatedKey" in each for each in found)
        more = more or sum(len(each["Items"]) for each in found) > len(entries)
        last = entries[-1] if more and entries else None
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

    def _query(self, request: Request, time_left: TimeLeft) -> Any:
        with calling("Query", time_left):
            return self.dynamodb.query(**request)

    def _find(self, signature: str, time_left: TimeLeft) -> Item | None:
        with calling("GetItem", time_left):
            found: Item | None = self.dynamodb.get_item(**link_request(self.table, signature)).get("Item")
        return found
