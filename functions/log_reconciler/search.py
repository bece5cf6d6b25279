"""Finds the claims that lines of the log belong to, and notes what became of them.

A line names a request and an object. The object's links are found through the index by key, and among
their claims the one with the request's id. Only links that can have been alive when the request came in
are read, and of those the newest `MAX_LINKS`: what an object costs that is handed out more often than
that in an hour is bounded, and the claims beyond stay open. So is what a batch costs. Objects of which
something was sent come first, so that requests that came to nothing can't use the batch up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from log_reconciler.lines import Line
from log_reconciler.outcome import outcome
from onetime_urls.protocol.links.limits import MAX_CLOCK_SKEW
from onetime_urls.protocol.links.record import outcome_request
from onetime_urls.protocol.links.rules import Item
from onetime_urls.protocol.links.views import link_request, links_of_key_request

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

MAX_LINKS = 1000
MAX_READS = 5000
"""Records that one batch reads, in about half of the function's time."""
PAGE = 100


@dataclass(frozen=True, slots=True)
class Reconciler:
    """The links of one deployment.

    Attributes:
        table: the links table's ARN, which DynamoDB takes for its name.
        longest: seconds that a link lives at most.
    """

    dynamodb: DynamoDBClient
    table: str
    longest: int

    def reconcile(self, lines: Iterable[Line], now: int) -> dict[str, int]:
        """Note an outcome for every claim that a line tells one of. Done twice, it changes nothing more.

        Args:
            now: epoch seconds.

        Returns:
            How many lines came to what: "delivered", "failed", "open" for claims that nobody can judge,
            and "unmatched" for lines of no claim, or of one that was given back or noted before.

        Raises:
            ClientError, BotoCoreError: DynamoDB refuses, or can't be reached. What was noted stays.
        """
        counts = dict.fromkeys(("delivered", "failed", "open", "unmatched"), 0)
        waiting: dict[str, dict[str, Line]] = defaultdict(dict)
        for line in lines:
            counts["unmatched"] += 1
            for key in line.keys:
                waiting[key][line.request_id] = line
        reads = 0
        for key, lines_of_key in sorted(waiting.items(), key=_came_to_nothing):
            for item in self._links(key, lines_of_key.values()):
                reads += 1
                if reads > MAX_READS:
                    return counts
                for claim_id in item["claims"]["M"].keys() & lines_of_key.keys():
                    counts["unmatched"] -= 1
                    counts[self._note(item, lines_of_key.pop(claim_id), now)] += 1
                if not lines_of_key:
                    break
        return counts

    def _note(self, item: Item, line: Line, now: int) -> str:
        claim = item["claims"]["M"][line.request_id]["M"]
        found = outcome(line, int(item["size"]["N"]), claim, now)
        if found is None:
            return "open"
        try:
            self.dynamodb.update_item(
                **outcome_request(self.table, item["signature"]["S"], line.request_id, found)
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return "unmatched"
        return found

    def _links(self, key: str, lines: Collection[Line]) -> Iterator[Item]:
        """The visible records of an object's links that these requests can have claimed, newest first."""
        began = [line.began_at for line in lines]
        issued = min(began) - self.longest - MAX_CLOCK_SKEW, max(began) + MAX_CLOCK_SKEW
        after: tuple[int, str] | None = None
        for _ in range(MAX_LINKS // PAGE):
            page = self.dynamodb.query(**links_of_key_request(self.table, key, PAGE, after, issued))
            for entry in page["Items"]:
                found = self.dynamodb.get_item(**link_request(self.table, entry["signature"]["S"]))
                if "Item" in found:
                    yield found["Item"]
            last = page.get("LastEvaluatedKey")
            if last is None:
                return
            after = int(last["issued_at"]["N"]), last["signature"]["S"]


def _came_to_nothing(waiting: tuple[str, dict[str, Line]]) -> bool:
    """Whether nothing of an object was sent: what sorts last."""
    return not any(line.status in (200, 206) for line in waiting[1].values())
