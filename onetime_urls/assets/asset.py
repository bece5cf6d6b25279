"""Writes a function's asset into a folder."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onetime_urls.assets import EDGE_FUNCTIONS, FUNCTIONS, Incomplete
from onetime_urls.assets.sources import Sources
from onetime_urls.protocol.pages.brand import FILE, ShownBrand


def write_asset(
    folder: Path,
    function: str,
    sources: Sources,
    *,
    config: Mapping[str, Any] | None = None,
    brand: ShownBrand | None = None,
) -> None:
    """Write the asset of `function` into `folder`.

    Args:
        config: what a function at the edge is told: it has no environment variables (CloudFront Developer
            Guide, "Restrictions on Lambda@Edge").
        brand: whose pages the function shows.

    Raises:
        Incomplete: there is no such function, or something that it needs isn't there.
    """
    if function not in FUNCTIONS:
        raise Incomplete(f"there is no function {function}")
    files = sources.modules(function)
    if function in EDGE_FUNCTIONS:
        files = {path: without_prose(source.decode()).encode() for path, source in files.items()}
        files[f"{function}/config.json"] = f"{json.dumps(config)}\n".encode()
        files[f"{function}/amazon-roots.pem"] = sources.amazon_roots
    else:
        files |= sources.vendored
    if brand:
        files[f"{function}/{FILE}"] = f"{json.dumps(brand.plain)}\n".encode()
    for path, content in files.items():
        _write(folder / path, content)


def without_prose(source: str) -> str:
    """A module's source without its docstrings, every statement on the line where it was.

    Half of the guard is prose, and all of it would be unpacked and read at every cold start. What is left
    in its place isn't empty, because `dataclass` would go and make up a docstring at run time.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.end_lineno:
            first, last = node.lineno - 1, node.end_lineno
            blank = ["\n"] * (last - first - 1)
            lines[first:last] = [f"{lines[first][: node.col_offset]}'-'\n", *blank]
    return "".join(lines)


def _write(target: Path, content: bytes) -> None:
    """Write a file that Lambda can read, whatever the umask: the zip keeps its mode."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(0o644)
