"""Holds GraphQL requests to the bounds that an API sets, which MiniStack's AppSync keeps and doesn't look at.

A query that is too deep is refused as a whole. Of one that resolves too many fields, whatever they are
called by aliases, the first ones are answered and the others are errors. Where introspection is off, a query
for the schema is refused (AppSync Developer Guide, "Configuring GraphQL run complexity, query depth, and
introspection"). The sentences are ours; the types of errors are AppSync's.
"""

import importlib
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

_MOST_RESOLVERS = 10_000
"""Where an API sets none (AppSync Developer Guide, "Quotas")."""

_resolvers_left: ContextVar[int] = ContextVar("resolvers_left")


class _TooManyResolvers(Exception):
    """A field beyond the bound. MiniStack tells viewers the attribute."""

    error_type = "ResolverExecutionLimitReached"


def teach() -> None:
    """Have MiniStack do that from now on."""
    appsync: Any = importlib.import_module("ministack.services.appsync")
    execute, resolve = appsync._execute_with_schema, appsync._resolve_field

    def bounded(api: str, schema: str, query: str, *more: Any) -> Any:
        bounds = appsync._apis.get(api, {})
        if refused := refusal(query, bounds.get("queryDepthLimit"), bounds.get("introspectionConfig")):
            kind, sentence = refused
            return appsync._json(200, {"data": None, "errors": [{"errorType": kind, "message": sentence}]})
        _resolvers_left.set(bounds.get("resolverCountLimit") or _MOST_RESOLVERS)
        return execute(api, schema, query, *more)

    def counted(*field: Any, **more: Any) -> Any:
        if not (left := _resolvers_left.get()):
            raise _TooManyResolvers("the request resolves more fields than this API allows")
        _resolvers_left.set(left - 1)
        return resolve(*field, **more)

    appsync._execute_with_schema, appsync._resolve_field = bounded, counted


def refusal(query: str, most_levels: int | None, introspection: str | None) -> tuple[str, str] | None:
    """Why a query is refused before anything of it is resolved: the type of error, and a sentence."""
    try:
        document = parse(query)
    except GraphQLError:
        return None  # which MiniStack tells itself
    if most_levels and depth(document) > most_levels:
        return "QueryDepthLimitReached", f"the query has more than {most_levels} levels"
    if introspection == "DISABLED" and _names(document) & {"__schema", "__type"}:
        return "ValidationError", "introspection is off"
    return None


def depth(document: DocumentNode) -> int:
    """Levels of fields in the deepest operation."""
    fragments = _fragments(document)
    return max(
        (
            _levels(each.selection_set, fragments, ())
            for each in document.definitions
            if isinstance(each, OperationDefinitionNode)
        ),
        default=0,
    )


def _levels(
    selected: SelectionSetNode | None, fragments: dict[str, SelectionSetNode], within: Collection[str]
) -> int:
    """
    Args:
        within: names of the fragments that this is in: one in itself is refused later.
    """
    found = [0]
    for each in selected.selections if selected else ():
        match each:
            case FieldNode():
                found.append(1 + _levels(each.selection_set, fragments, within))
            case InlineFragmentNode():
                found.append(_levels(each.selection_set, fragments, within))
            case FragmentSpreadNode() if each.name.value not in within:
                name = each.name.value
                found.append(_levels(fragments.get(name), fragments, (*within, name)))
    return max(found)


def _names(document: DocumentNode) -> set[str]:
    """Of the fields that operations and fragments begin with."""
    return {
        name
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode | FragmentDefinitionNode)
        for name in _first_names(each.selection_set)
    }


def _first_names(selected: SelectionSetNode) -> Iterator[str]:
    for each in selected.selections:
        match each:
            case FieldNode():
                yield each.name.value
            case InlineFragmentNode():
                yield from _first_names(each.selection_set)


def _fragments(document: DocumentNode) -> dict[str, SelectionSetNode]:
    return {
        each.name.value: each.selection_set
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
