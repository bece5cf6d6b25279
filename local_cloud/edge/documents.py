"""The CloudFront API's documents: how their lists are read, and how what isn't understood is refused.

A setting that is silently ignored would let a template pass here and fail on AWS, or the other way round. So
every key of every structure is either understood, or known to have no effect on what viewers get, or has to
be empty.
"""

from collections.abc import Collection, Mapping
from typing import Any

Document = Mapping[str, Any]


class NotModelled(Exception):
    """The distribution uses something that the edge would get wrong, or that CloudFront itself refuses."""


def items(document: Document, key: str) -> list[Any]:
    """The members of one of the API's `{"Quantity": n, "Items": [...]}` lists, absent or not."""
    return list((document.get(key) or {}).get("Items") or [])


def refuse_others(where: str, document: Document, known: Collection[str]) -> None:
    """Raises NotModelled, naming the key, if `document` sets anything but the `known` keys."""
    for key, value in document.items():
        if key not in known and not _idle(value):
            raise NotModelled(f"{where}: {key} isn't modelled")


def _idle(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.get("Quantity") == 0 or value.get("Enabled") is False or all(map(_idle, value.values()))
    return not value
