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

_STATEMENTS_IN = ("body", "orelse", "handlers", "finalbody", "cases")
"""Fields of statements, and of their clauses (Python's "Abstract grammar")."""


class Modules:
    """The modules of our packages. Most are in several assets: each is looked for and read once."""

    def __init__(self, packages: Mapping[str, Path]) -> None:
        """
        Args:
            packages: our top-level packages, and the folder that each is in.
        """
        self._packages = packages
        self._found: dict[str, tuple[Path, bytes] | None] = {}

    def imported_by(self, entry: str, others: Collection[str]) -> Iterator[tuple[Path, bytes]]:
        """The module `entry` and all of ours that it imports, each with the packages that it is in: paths
        as in an asset, with their sources.

        Args:
            others: top-level names that may be imported besides.

        Raises:
            Incomplete: a module is missing, or isn't known.
        """
        found: dict[Path, bytes] = {}
        waiting = [(entry, "the asset")]
        while waiting:
            name, importer = waiting.pop()
            file = self._find(name)
            if file is None:
                self._refuse_unknown(name, importer, others)
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
                waiting += [(each, name) for each in members if self._find(each)]
        yield from sorted(found.items())

    def _find(self, name: str) -> tuple[Path, bytes] | None:
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def _read(self, name: str) -> tuple[Path, bytes] | None:
        top, *rest = name.split(".")
        if top not in self._packages:
            return None
        parts = Path(top, *rest)
        for path in (parts.with_suffix(".py"), parts / "__init__.py"):
            if (self._packages[top] / path).is_file():
                return path, (self._packages[top] / path).read_bytes()
        return None

    def _refuse_unknown(self, name: str, importer: str, others: Collection[str]) -> None:
        top = name.partition(".")[0]
        if top in self._packages:
            raise Incomplete(f"{importer} imports {name}, which isn't there")
        if top not in sys.stdlib_module_names and top not in others:
            raise Incomplete(f"{importer} imports {name}, which no function may have")


@cache
def _imports(source: bytes) -> list[tuple[str, list[str]]]:
    """Every module that is imported anywhere in `source`, with the names that are taken from it. What only
    a type checker imports is left out."""
    found: list[tuple[str, list[str]]] = []
    for node in statements(source):
        match node:
            case ast.Import(names=names):
                found += [(each.name, []) for each in names]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found.append((module, [each.name for each in names]))
    return found


def statements(source: bytes) -> Iterator[ast.AST]:
    """Every statement of a module, however deep, but those that are there for a type checker only.

    What expressions are made of is ten times as much, and no statement is in there.
    """
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                waiting += node.orelse
            case _:
                for field in _STATEMENTS_IN:
                    waiting += getattr(node, field, ())
