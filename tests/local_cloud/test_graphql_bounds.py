"""What of a GraphQL query is counted."""

import pytest
from graphql import parse

from local_cloud.ministack.graphql_bounds import depth, refusal


@pytest.mark.parametrize(
    ("query", "levels"),
    [
        ("{ getFiles }", 1),
        ("{ files { files { file } next } getFiles }", 3),
        ("query a { getFiles } query b { files { next } }", 2),
        ("{ files { ... on FilePage { files { file } } } }", 3),
        ("{ ...a } fragment a on Query { files { ...b } } fragment b on FilePage { files { file } }", 3),
        ("{ ...a } fragment a on Query { files { next } ...a }", 2),
        ("{ ...missing }", 0),
    ],
)
def test_levels_are_those_of_fields_through_fragments_too(query: str, levels: int) -> None:
    assert depth(parse(query)) == levels


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("{ files { files { file } } }", None),
        ("{ a { b { c { d } } } }", "QueryDepthLimitReached"),
        ("{ __schema { types { name } } }", "ValidationError"),
        ("{ ...a } fragment a on Query { __type }", "ValidationError"),
        ("{ ... { ... on Query { __schema { types { name } } } } }", "ValidationError"),
        ("not a query", None),
    ],
)
def test_what_goes_beyond_an_apis_bounds_is_refused_before_anything_is_resolved(
    query: str, kind: str | None
) -> None:
    refused = refusal(query, 3, "DISABLED")
    assert (refused[0] if refused else None) == kind
    assert refusal(query, None, "ENABLED") is None
