"""Lists shares in the order of their creation, newest first, a page at a time.

Those of all objects come from one index, those of one object from another. An index holds keys only: a
download changes nothing in it. The shares themselves are then read by key. A cursor is the last share's place
in the index, `<created_at>#<id>`, with the `#` written as a dot.
"""

import re
from typing import Any

from onetime_urls.protocol.shares.limits import ID_LENGTH
from onetime_urls.protocol.shares.record import BY_KEY, INDEX, KIND, Item, Request, key_of

MAX_PAGE = 100
"""Shares on one page: what one `BatchGetItem` reads (DynamoDB API Reference)."""

_CURSOR = re.compile(rf"(\d{{12}})\.([A-Za-z0-9_-]{{{ID_LENGTH}}})", re.ASCII)


def is_cursor(text: str) -> bool:
    """Whether `text` is what a page may have given as its `next`."""
    return _CURSOR.fullmatch(text) is not None


def page_request(table: str, limit: int, cursor: str | None, key: str | None = None) -> Request:
    """`Query` for the keys of one page.

    Args:
        cursor: one that `is_cursor`, or None for the first page.
        key: of the object whose shares they are; None for those of all objects.
    """
    partition = {"kind": {"S": KIND}} if key is None else {"object_key": {"S": key}}
    [(attribute, value)] = partition.items()
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": INDEX if key is None else BY_KEY,
        "KeyConditionExpression": f"{attribute} = :partition",
        "ExpressionAttributeValues": {":partition": value},
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if cursor is not None:
        created = cursor.replace(".", "#", 1)
        request["ExclusiveStartKey"] = {
            **key_of(created.partition("#")[2]),
            **partition,
            "created": {"S": created},
        }
    return request


def cursor_after(last: Item | None) -> str | None:
    """The cursor for the page after a `LastEvaluatedKey`, None after the last page."""
    if last is None:
        return None
    created: str = last["created"]["S"]
    return created.replace("#", ".", 1)
