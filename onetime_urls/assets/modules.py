"""Finds the modules of ours that a module imports, however far away.

The source is read, not run. What is neither ours, nor the standard library's, nor allowed by name stops
the search: a function would fail at its first invocation for want of it.
"""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from onetime_urls.assets import Incomplete


def imported_by(
    entry: str, packages: Mapping[str, Path], others: Collection[str]
) -> Iterator[tuple[Path, bytes]]:
    """The module `entry` and all of ours that it imports, each with the packages that it is in: paths as in
    an asset, with their sources.

    Args:
        packages: our top-level packages, and the folder that each is in.
        others: top-level names that may be imported besides.

    Raises:
        Incomplete: a module is missing, or isn't known.
    """
    found: dict[Path, bytes] = {}
    waiting = [(entry, "the asset")]
    while waiting:
        name, importer = waiting.pop()
        file = _find(name, packages)
        if file is None:
            _refuse_unknown(name, importer, packages, others)
            continue
        path, source = file
        if path in found:
            continue
        found[path] = source
        if "." in name:
            waiting.append((name.rpartition(".")[0], name))
        for imported, names in _imports(source):
            waiting.append((imported, name))
            members = (f"{imported}.{each}" for each in names)  # a member may be a module as well
            waiting += [(each, name) for each in members if _find(each, packages)]
    yield from sorted(found.items())


def _find(name: str, packages: Mapping[str, Path]) -> tuple[Path, bytes] | None:
    top, *rest = name.split(".")
    if top not in packages:
        return None
    parts = Path(top, *rest)
    for path in (parts.with_suffix(".py"), parts / "__init__.py"):
        if (packages[top] / path).is_file():
            return path, (packages[top] / path).read_bytes()
    return None


def _refuse_unknown(name: str, importer: str, packages: Mapping[str, Path], others: Collection[str]) -> None:
    top = name.partition(".")[0]
    if top in packages:
        raise Incomplete(f"{importer} imports {name}, which isn't there")
    if top not in sys.stdlib_module_names and top not in others:
        raise Incomplete(f"{importer} imports {name}, which no function may have")


@cache
def _imports(source: bytes) -> list[tuple[str, list[str]]]:
    """Every module that is imported anywhere in `source`, with the names that are taken from it. What only
    a type checker imports is left out. Most modules are in several assets, and are read once."""
    found: list[tuple[str, list[str]]] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                waiting += node.orelse
                continue
            case ast.Import(names=names):
                found += [(each.name, []) for each in names]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found.append((module, [each.name for each in names]))
        waiting += ast.iter_child_nodes(node)
    return found
