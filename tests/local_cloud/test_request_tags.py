"""Which requests may set tags."""

from typing import Any

import pytest
from ministack.core.iam_actions import request_tag_context  # type: ignore[import-untyped]  # it has no types

from local_cloud.ministack.request_tags import may_set_tags

TAGGED: list[tuple[str, str, bytes, dict[str, Any]]] = [
    ("lambda", "lambda:CreateFunction", b'{"Tags": {"team": "one"}}', {}),
    ("kms", "kms:TagResource", b'{"Tags": [{"TagKey": "team", "TagValue": "one"}]}', {}),
    ("kms", "kms:TagResource", b'{"T\\u0061gs": [{"TagKey": "team", "TagValue": "one"}]}', {}),
    ("kms", "kms:UntagResource", b'{"TagKeys": ["team"]}', {}),
    ("iam", "iam:CreateRole", b"Action=...", {"Tags.member.1.Key": "team", "Tags.member.1.Value": "one"}),
    ("lambda", "lambda:UntagResource", b"", {"tagKeys": "team"}),
]


@pytest.mark.parametrize("request_", TAGGED, ids=[action for _, action, _, _ in TAGGED])
def test_whatever_sets_or_removes_tags_is_looked_at(
    request_: tuple[str, str, bytes, dict[str, Any]],
) -> None:
    assert request_tag_context(*request_)
    assert may_set_tags(*request_[2:])


def test_a_request_without_tags_is_not() -> None:
    assert not may_set_tags(b'{"Name": "parameter"}', {"Action": "CreateRole"})
    assert not may_set_tags(b"an object that isn't a document, with Tags in it", {})
