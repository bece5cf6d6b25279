"""Packs the console's modules into few small files, as they are published.

The console runs as it is written, module by module. Packed, its scripts are half as large and a browser asks
for a handful instead of fifty: what isn't needed at first stays apart, and is loaded when it is. esbuild does
it, pinned by the checkout's package-lock.json; a wheel carries what came out. Where it isn't, as in a wheel
that pip builds from a clone, the modules go out as they are written.
"""

import json
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from onetime_urls.assets import Incomplete
from onetime_urls.protocol.contract.console import PAGE, PLACEHOLDER

_ENTRY = "app/main.js"
_ESBUILD = "node_modules/.bin/esbuild"
_PRELOAD = re.compile(r' *<link rel="modulepreload"[^>]*>\n')
_SCRIPT = re.compile(r'( *)<script type="module"[^>]*></script>\n')


@cache
def packed(checkout: Path) -> Mapping[str, bytes]:
    """What is published of a checkout's `console/`, by its paths.

    Raises:
        Incomplete: there is no page, or a module can't be packed.
    """
    console = checkout / "console"
    files = {
        path.relative_to(console).as_posix(): path.read_bytes()
        for path in sorted(console.rglob("*"))
        if path.is_file() and not path.name.endswith(".d.ts")
    }
    if PAGE not in files:
        raise Incomplete(f"console/{PAGE} isn't there")
    if not (checkout / _ESBUILD).exists():
        return files
    kept = {path: content for path, content in files.items() if not path.endswith(".js")}
    with TemporaryDirectory() as made:
        first = _run(checkout, Path(made))
        scripts = {f"app/{path.name}": path.read_bytes() for path in sorted(Path(made).glob("*.js"))}
    page = kept[PAGE].decode()
    return {**kept, **scripts, PAGE: _naming(page, first).encode()}


def _run(checkout: Path, made: Path) -> list[str]:
    """Write the scripts into a folder, and tell which the page needs at first beside its entry."""
    console = checkout / "console"
    facts = made / "facts.json"
    command = [
        str(checkout / _ESBUILD),
        _ENTRY,
        "--bundle",
        "--splitting",
        "--format=esm",
        "--target=es2022",
        "--charset=utf8",
        "--minify",
        "--legal-comments=none",  # licences are published beside
        f"--outdir={made}",
        f"--metafile={facts}",
        "--log-level=error",
    ]
    try:
        subprocess.run(command, cwd=console, check=True, capture_output=True, text=True)  # noqa: S603 paths of ours
    except subprocess.CalledProcessError as error:
        raise Incomplete(f"the console can't be packed: {error.stderr.strip()}") from None
    outputs = json.loads(facts.read_text())["outputs"]
    (entry,) = (each for each in outputs.values() if each.get("entryPoint") == _ENTRY)
    return [Path(each["path"]).name for each in entry["imports"] if each["kind"] == "import-statement"]


def _naming(page: str, first: list[str]) -> str:
    """The page, with what its script imports named: a browser asks for all of it at once."""
    links = "".join(f'\\1<link rel="modulepreload" href="{PLACEHOLDER}app/{name}">\n' for name in first)
    return _SCRIPT.sub(rf"\g<0>{links}", _PRELOAD.sub("", page))
