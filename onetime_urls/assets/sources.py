"""Where the functions' code comes from: the wheel that is installed, or a checkout.

A wheel carries the functions, the distributions that they vendor and Amazon's roots, as they were when it
was built, and a manifest of all that goes into assets. What is deployed is held to it, so neither another
version of a library in the user's environment nor a file that was lost or changed on the way gets into a
function or the console. In a checkout, where the environment is the locked one, everything is read from where
it is.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path, PurePosixPath

from onetime_urls.assets import EDGE_FUNCTIONS, FUNCTIONS, PROVIDED, VENDORED, Incomplete
from onetime_urls.assets.archive import pack
from onetime_urls.assets.bundle import packed
from onetime_urls.assets.modules import Modules

INSTALLED_IN = Path(__file__).resolve().parents[2]
"""The folder that `onetime_urls` is in."""

CARRIED = Path(__file__).resolve().parent / "carried"
"""What a wheel carries: console/, functions/, vendored/, amazon-roots.pem and manifest.json."""

AMAZON_ROOTS = (
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
)
"""The roots that AWS's own endpoints chain to (Amazon Trust Services repository). Loading five instead
of certifi's hundred-odd saves CPU at every cold start of the guard."""


@dataclass(frozen=True)
class Sources:
    """All that assets are made of.

    Attributes:
        packages: our top-level packages, and the folder that each is in.
        vendored: files of the vendored distributions, by their paths in an asset.
        amazon_roots: certificates, PEM.
        console: files of the web application as they are published, by their paths.
    """

    packages: Mapping[str, Path]
    vendored: dict[str, bytes]
    amazon_roots: bytes
    console: dict[str, bytes]

    @cached_property
    def vendored_archive(self) -> bytes:
        """The vendored files as a zip, which every asset begins with that has them: packed once."""
        return pack(self.vendored)

    def modules(self, function: str) -> dict[str, bytes]:
        """Our modules that the handler of `function` imports, by their paths in its asset.

        Raises:
            Incomplete: one isn't there.
        """
        vendored = {PurePosixPath(path).parts[0].removesuffix(".py") for path in self.vendored}
        others = () if function in EDGE_FUNCTIONS else vendored.union(PROVIDED)
        found = self._modules.imported_by(f"{function}.handler", others)
        return {path.as_posix(): source for path, source in found}

    @cached_property
    def _modules(self) -> Modules:
        return Modules(self.packages)


def find_sources() -> Sources:
    """The installed wheel's, held to its manifest, or the checkout's.

    Raises:
        Incomplete: something isn't there, or isn't what it was when the wheel was built.
    """
    if CARRIED.is_dir():
        sources = Sources(
            packages=_packages(INSTALLED_IN, CARRIED / "functions"),
            vendored=dict(_files(CARRIED / "vendored")),
            amazon_roots=_read(CARRIED / "amazon-roots.pem"),
            console=dict(_files(CARRIED / "console")),
        )
        if manifest(sources) != json.loads(_read(CARRIED / "manifest.json")):
            raise Incomplete("the installed onetime_urls isn't as it was built: install it again")
        return sources
    return of_checkout(INSTALLED_IN)


def of_checkout(folder: Path) -> Sources:
    """The sources of a checkout, with the libraries of the environment that runs this.

    Raises:
        Incomplete: a library isn't installed, or isn't pure Python; a root isn't in certifi; the console has
            no page, or can't be packed.
    """
    if not (folder / "functions").is_dir():
        raise Incomplete("onetime_urls was installed without its functions: build a wheel with `make wheel`")
    vendored: dict[str, bytes] = {}
    for name in VENDORED:
        vendored |= _distribution(name)
    certifi = _distribution("certifi", data="cacert.pem")
    return Sources(
        packages=_packages(folder, folder / "functions"),
        vendored=vendored,
        amazon_roots=amazon_roots(certifi["certifi/cacert.pem"].decode()),
        console=dict(packed(folder)),
    )


def carry(sources: Sources, folder: Path) -> None:
    """Write what a wheel carries into `folder`.

    Raises:
        Incomplete: something isn't there.
    """
    files = {f"vendored/{path}": content for path, content in sources.vendored.items()}
    files |= _of_console(sources)
    for function in FUNCTIONS:
        for path, source in sources.modules(function).items():
            if not path.startswith("onetime_urls/"):  # which a wheel has anyway
                files[f"functions/{path}"] = source
    files["amazon-roots.pem"] = sources.amazon_roots
    files["manifest.json"] = json.dumps(manifest(sources), indent=1).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def manifest(sources: Sources) -> dict[str, str]:
    """Path in an asset, or in the console's folder, to SHA-256, for all that is deployed.

    Raises:
        Incomplete: something isn't there.
    """
    everything = {"amazon-roots.pem": sources.amazon_roots, **sources.vendored, **_of_console(sources)}
    for function in FUNCTIONS:
        everything |= sources.modules(function)
    return {path: hashlib.sha256(everything[path]).hexdigest() for path in sorted(everything)}


def _of_console(sources: Sources) -> dict[str, bytes]:
    return {f"console/{path}": content for path, content in sources.console.items()}


def _packages(library: Path, functions: Path) -> dict[str, Path]:
    """The library and the packages of a folder of functions, each with the folder that it is in."""
    of_functions = {each.parent.name: functions for each in functions.glob("*/__init__.py")}
    return {**of_functions, "onetime_urls": library}


def amazon_roots(bundle: str) -> bytes:
    """Amazon's roots out of `bundle`, which is PEM with certifi's `# Label: "…"` comments.

    Raises:
        Incomplete: it lacks one.
    """
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
        raise Incomplete(f"certifi has no certificate labelled {', '.join(missing)}")
    return "".join(f"# {label}\n{found[label]}" for label in AMAZON_ROOTS).encode()


def _distribution(name: str, *, data: str | None = None) -> dict[str, bytes]:
    """An installed distribution's modules and licences, and a file of that name: no bytecode, which depends
    on the Python that made it, and no records of the installation, which depend on the machine."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise Incomplete(f"{name} isn't installed, and functions need it") from None
    if "Root-Is-Purelib: true" not in (distribution.read_text("WHEEL") or ""):
        raise Incomplete(f"{name} isn't pure Python, it can't be vendored for Lambda")
    files = {}
    for recorded in distribution.files or []:
        path = PurePosixPath(recorded)
        licence = path.parts[0].endswith(".dist-info") and path.name in ("LICENSE", "AUTHORS")
        if ".." not in path.parts and (path.suffix == ".py" or licence or path.name == data):
            files[str(path)] = _read(Path(str(distribution.locate_file(path))))
    return files


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":  # an installer may compile what it installs
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Incomplete(f"{path.name} isn't there") from None
