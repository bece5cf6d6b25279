"""Builds the functions' code at synthesis: no Docker, no network, the same bytes every time.

Nothing has to be compiled, so an asset is a folder of files. What goes in is chosen rather than copied:
our packages' modules, and from the locked environment exactly the distributions that are named here. The
CDK copies the folder into its own output while the function's construct is made, and names the copy by a
hash of the content: an unchanged function is not deployed again. The folder can go after that, so it is
a temporary one. (`cdk synth --no-staging`, made for the SAM CLI, would need it to stay.)
"""

import ast
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import certifi
from aws_cdk import aws_lambda as lambda_

CHECKOUT = Path(__file__).resolve().parents[2]
_ROOTS = {True: CHECKOUT, False: CHECKOUT / "functions"}

VENDORED = ("aws-lambda-powertools", "fastjsonschema", "jmespath", "typing-extensions")
"""Distributions that `common` imports and that Lambda's Python runtime doesn't have: Powertools, what
it requires, and what its validation requires. boto3 is the runtime's."""

AMAZON_ROOTS = (
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
)
"""The roots that AWS's own endpoints chain to (Amazon Trust Services repository). Loading five instead
of certifi's hundred-odd saves CPU at every cold start of the guard."""


@contextmanager
def guard_code(*, parameter_name: str, parameter_region: str) -> Iterator[lambda_.Code]:
    """The edge guard's code, for as long as its construct is being made.

    It carries its configuration, because Lambda@Edge has no environment variables (CloudFront Developer
    Guide, "Restrictions on Lambda@Edge").
    """
    with TemporaryDirectory() as folder:
        write_guard(Path(folder), parameter_name=parameter_name, parameter_region=parameter_region)
        yield lambda_.Code.from_asset(folder)


@contextmanager
def api_code(function: str) -> Iterator[lambda_.Code]:
    """The code of a function behind the API, for as long as its construct is being made."""
    with TemporaryDirectory() as folder:
        write_api_function(Path(folder), function)
        yield lambda_.Code.from_asset(folder)


def write_guard(asset: Path, *, parameter_name: str, parameter_region: str) -> None:
    """Write the guard's asset into the folder `asset`.

    Raises:
        LookupError: the environment's certifi lacks one of Amazon's roots.
    """
    for path, source in _modules("edge_guard.handler"):
        _write(asset / path, without_prose(source.decode()).encode())
    config = json.dumps({"parameter": parameter_name, "region": parameter_region})
    roots = amazon_roots(Path(certifi.where()).read_text(encoding="utf-8"))
    _write(asset / "edge_guard" / "config.json", f"{config}\n".encode())
    _write(asset / "edge_guard" / "amazon-roots.pem", roots.encode())


def write_api_function(asset: Path, function: str) -> None:
    """Write a function behind the API into the folder `asset`: its handler and what that imports.

    Raises:
        LookupError: a vendored distribution isn't installed, or isn't pure Python.
    """
    for path, source in _modules(f"{function}.handler"):
        _write(asset / path, source)
    for distribution in VENDORED:
        _copy_distribution(distribution, asset)


def amazon_roots(bundle: str) -> str:
    """Amazon's roots out of `bundle`, which is PEM with certifi's `# Label: "…"` comments."""
    found = dict(
        re.findall(
            r'^# Label: "([^"\n]+)"\n(?:#.*\n)*'
            r"(-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n)",
            bundle,
            re.MULTILINE,
        )
    )
    missing = [label for label in AMAZON_ROOTS if label not in found]
    if missing:
        raise LookupError(f"certifi has no certificate labelled {', '.join(missing)}")
    return "".join(f"# {label}\n{found[label]}" for label in AMAZON_ROOTS)


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


def _modules(entry: str) -> Iterator[tuple[Path, bytes]]:
    """The module `entry` of ours and all of ours that it imports, each with the packages that it is in."""
    found: dict[Path, bytes] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if path is None or path in found:
            continue
        root = _ROOTS[name.startswith("onetime_urls")]
        found[path] = source = (root / path).read_bytes()
        waiting += _imports(source)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    yield from sorted(found.items())


def _path(name: str) -> Path | None:
    """Where the module of that name is, below its root; None if it isn't ours."""
    path = Path(*name.split("."))
    root = _ROOTS[name.startswith("onetime_urls")]
    return next(
        (each for each in (path.with_suffix(".py"), path / "__init__.py") if (root / each).is_file()), None
    )


def _imports(source: bytes) -> Iterator[str]:
    """Every name that a module may import: `from a import b` may mean the module `a.b`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{each.name}" for each in names)


def _copy_distribution(name: str, asset: Path) -> None:
    """Copy an installed distribution's modules and licences: no bytecode, which depends on the Python
    that made it, and no records of the installation, which depend on the machine."""
    distribution = metadata.distribution(name)
    if "Root-Is-Purelib: true" not in (distribution.read_text("WHEEL") or ""):
        raise LookupError(f"{name} isn't pure Python, it can't be vendored for Lambda")
    for recorded in sorted(distribution.files or []):
        path = PurePosixPath(recorded)
        licence = path.parts[0].endswith(".dist-info") and path.name in ("LICENSE", "AUTHORS")
        if ".." not in path.parts and (path.suffix == ".py" or licence):
            _write(asset / path, Path(str(distribution.locate_file(path))).read_bytes())


def _write(target: Path, content: bytes) -> None:
    """Write a file that Lambda can read, whatever the umask: the zip keeps its mode."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(0o644)
