"""Spares MiniStack to look for the tags that a request sets, on which policies may have conditions, where the
request can't set any.

To know whether an operation takes tags, it loads the description of the whole service: a quarter of a second
of CPU for those that a deployment calls.
"""

import importlib
from collections.abc import Callable, Iterable
from typing import Any

_NAME = "request_tag_context"


def teach() -> None:
    """Have MiniStack do that from now on."""
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    read: Callable[[str, str, bytes, dict[str, Any]], dict[str, Any]] = getattr(actions, _NAME)

    def tags(service: str, action: str, body: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        return read(service, action, body, parameters) if may_set_tags(body, parameters) else {}

    setattr(actions, _NAME, tags)


def may_set_tags(body: bytes, parameters: Iterable[str]) -> bool:
    """Whether there may be tags, which have "Tag" or "tag" in a name: of a member of a JSON document, where
    escapes may hide it, or of a parameter.
    """
    in_document = body[:1] == b"{" and (b"ag" in body or b"\\" in body)
    return in_document or any("ag" in name for name in parameters)
