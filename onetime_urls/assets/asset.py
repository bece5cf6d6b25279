"""Makes a function's asset: its files, packed, and what they are told from other files by."""

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from onetime_urls.assets import EDGE_FUNCTIONS, FUNCTIONS, Incomplete
from onetime_urls.assets.archive import pack
from onetime_urls.assets.modules import statements
from onetime_urls.assets.sources import Sources
from onetime_urls.protocol.pages.brand import FILE, ShownBrand


@dataclass(frozen=True)
class Asset:
    """What a function is deployed with.

    Attributes:
        archive: a zip.
        fingerprint: of the paths and contents in it, hexadecimal. Another release of zlib may pack the same
            files into another archive, which is no reason to deploy a function again.
    """

    archive: bytes
    fingerprint: str


def make_asset(
    function: str,
    sources: Sources,
    *,
    config: Mapping[str, Any] | None = None,
    brand: ShownBrand | None = None,
    data: Mapping[str, bytes] | None = None,
) -> Asset:
    """The asset of `function`.

    Args:
        config: what a function at the edge is told: it has no environment variables (CloudFront Developer
            Guide, "Restrictions on Lambda@Edge").
        brand: whose pages the function shows.
        data: what else it carries, by its path in the function's folder.

    Raises:
        Incomplete: there is no such function, or something that it needs isn't there.
    """
    if function not in FUNCTIONS:
        raise Incomplete(f"there is no function {function}")
    files = sources.modules(function)
    if function in EDGE_FUNCTIONS:
        files = {path: without_prose(source) for path, source in files.items()}
        files[f"{function}/config.json"] = f"{json.dumps(config)}\n".encode()
        files[f"{function}/amazon-roots.pem"] = sources.amazon_roots
    if brand:
        files[f"{function}/{FILE}"] = f"{json.dumps(brand.plain)}\n".encode()
    files |= {f"{function}/{path}": content for path, content in (data or {}).items()}
    if function in EDGE_FUNCTIONS:
        return Asset(pack(files), _fingerprint(files))
    return Asset(pack(files, onto=sources.vendored_archive), _fingerprint(sources.vendored | files))


@cache
def without_prose(source: bytes) -> bytes:
    """A module's source without its docstrings, every statement on the line where it was.

    Half of the guard is prose, and all of it would be unpacked and read at every cold start. What is left
    in its place isn't empty, because `dataclass` would go and make up a docstring at run time.
    """
    lines = source.splitlines(keepends=True)
    for node in statements(source):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.end_lineno:
            first, last = node.lineno - 1, node.end_lineno
            blank = [b"\n"] * (last - first - 1)
            lines[first:last] = [lines[first][: node.col_offset] + b"'-'\n", *blank]
    return b"".join(lines)


def _fingerprint(files: Mapping[str, bytes]) -> str:
    told = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
