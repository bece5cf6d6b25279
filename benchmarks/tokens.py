"""What the token guard costs beside PyJWT with cryptography and beside aws-jwt-verify on Node.

Each guard runs in a process of its own against an issuer on loopback; rounds alternate. Starts are counted
from the first import of the guard's own code to its keys being there, without the interpreter. As in Lambda,
the standard library is compiled and nothing else is: a function's folder can't be written to.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.bench import Worker
from common.edge.fetch import fetch
from common.edge.verifier import Verifier
from onetime_urls.assets.asset import make_asset
from onetime_urls.assets.sources import find_sources
from onetime_urls.protocol.private_assets import GuardSettings
from onetime_urls.protocol.rules import Rule, Rules
from tests.assets import unpack
from tests.links import viewer_event
from tests.token_guard.world import KEYS, IssuerServer, serving
from tests.tokens import SigningKey, key_set

CHECKOUT = Path(__file__).resolve().parents[1]
OURS, PYJWT, NODE = "token guard", "PyJWT", "aws-jwt-verify"
ROUNDS = 7
NEW_TOKENS, REPEATS, IMAGES = 40, 400, 50

MUST_REACH = {"token_start_ratio": 0.25, "token_remembered_ratio": 0.05, "token_zip_bytes": 64 * 1024}
"""Start beside PyJWT's, a remembered token beside a verified one, and the asset beside the 1 MB that a
viewer-request function may have."""

Figures = dict[str, dict[str, float]]


class Tokens:
    """An issuer with its guards, and requests that show its tokens."""

    def __init__(self, issuer: IssuerServer, folder: Path) -> None:
        rules = Rules((Rule("shared/*"), Rule("users/{sub}/*")))
        self.issuer, self.asset, self.vendored = issuer, folder / "asset", folder / "vendored"
        self.settings = GuardSettings(issuers=(issuer.trusted(),), rules=rules)
        settings = {"settings": self.settings.to_plain()}
        unpack(make_asset("token_guard", find_sources(), config=settings), self.asset)
        for source, path in _vendored():
            (self.vendored / path).parent.mkdir(parents=True, exist_ok=True)
            (self.vendored / path).write_bytes(source.read_bytes())

    def token(self, key: SigningKey | None = None, **changed: Any) -> str:
        now = int(time.time())
        return self.issuer.token(key, **{"iat": now, "exp": now + 3600} | changed)

    def requests(self, number: int, *, tokens: int) -> list[Any]:
        """Requests for different files with so many different tokens."""
        shown = [self.token(sub=os.urandom(16).hex()) for _ in range(tokens)]
        return [
            viewer_event(f"/shared/{at}.jpg", "", request_id=f"r-{at}", cookie=f"token={shown[at % tokens]}")
            for at in range(number)
        ]

    @contextmanager
    def worker(self, guard: str) -> Iterator[Worker]:
        command = [sys.executable, "-m", "benchmarks.worker"]
        commands = {
            OURS: [*command, "benchmarks.our_token_guard"],
            PYJWT: [*command, "benchmarks.pyjwt_guard"],
            NODE: ["node", str(CHECKOUT / "benchmarks" / "aws_jwt_verify_worker.mjs")],
        }
        settings = json.dumps(self.settings.to_plain())
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
        with subprocess.Popen(
            commands[guard],
            env={
                **environment,
                "PYTHONPATH": os.pathsep.join(map(str, (self.asset, self.vendored))),
                "PYTHONDONTWRITEBYTECODE": "1",
                "BENCH_SETTINGS": settings,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            yield Worker(process)


def measure(tokens: Tokens) -> Figures:
    """Milliseconds of CPU and megabytes for each guard. Medians."""
    samples: dict[str, dict[str, list[float]]] = {guard: {} for guard in (OURS, PYJWT, NODE)}
    for _ in range(ROUNDS):
        for guard, found in samples.items():
            with tokens.worker(guard) as worker:
                page = tokens.requests(IMAGES, tokens=1)
                runs = {
                    "first request": _run(worker, page[:1]),
                    "49 more of its page": _run(worker, page[1:]),
                    "the page again": _run(worker, page),
                    "another token": _run(worker, tokens.requests(NEW_TOKENS, tokens=NEW_TOKENS)),
                    "the same token": _run(worker, tokens.requests(REPEATS, tokens=1)),
                }
                cpu = {name: run["cpu"] * 1000 for name, run in runs.items()}
                cpu["another token"] /= NEW_TOKENS
                cpu["the same token"] /= REPEATS
                start = worker.ready_cpu * 1000
                figures = {
                    "start, ms": start,
                    "first request, ms": cpu["first request"],
                    "another token, ms": cpu["another token"],
                    "the same token, ms": cpu["the same token"],
                    "50 images, new container, ms": start + cpu["first request"] + cpu["49 more of its page"],
                    "50 images, again, ms": cpu["the page again"],
                    "peak memory, MB": runs["the same token"]["memory_kb"] / 1024,
                }
                for name, figure in figures.items():
                    found.setdefault(name, []).append(figure)
    return {
        guard: {name: statistics.median(values) for name, values in found.items()}
        for guard, found in samples.items()
    }


def _run(worker: Worker, events: list[Any]) -> dict[str, float]:
    figures: dict[str, float] = worker.run(events)
    assert figures["admitted"] == len(events), f"{figures['admitted']} of {len(events)} admitted"
    return figures


def verification(tokens: Tokens) -> dict[str, float]:
    """Milliseconds of CPU to verify a token of each algorithm, and to remember one."""
    keys = {name: SigningKey(name, name) for name in ("RS256", "RS384", "RS512", "ES256")}
    kept = tokens.issuer.documents[KEYS]
    tokens.issuer.documents[KEYS] = (200, key_set(*keys.values()))
    verifier = Verifier(tokens.settings.issuers, fetch)
    verifier.warm(5.0)
    tokens.issuer.documents[KEYS] = kept
    found = {}
    for name, key in keys.items():
        shown = [tokens.token(key, sub=str(number)) for number in range(100)]
        _verify(verifier, shown[:5])
        found[name] = _verify(verifier, shown[5:])
    found["remembered"] = min(_verify(verifier, shown[-50:]) for _ in range(20))
    return found


def _verify(verifier: Verifier, shown: list[str]) -> float:
    now, before = time.time(), time.process_time()
    for token in shown:
        verifier.verify(token, now, lambda: 1.0)
    return (time.process_time() - before) / len(shown) * 1000


def sizes(asset: Path) -> dict[str, int]:
    """Bytes of each guard's code, zipped, without the code that all of them share."""
    modules = CHECKOUT / "node_modules" / "aws-jwt-verify" / "dist" / "esm"
    return {
        OURS: _zipped(
            [path for path in asset.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        ),
        PYJWT: _zipped([source for source, _ in _vendored()]),
        NODE: _zipped([path for path in modules.rglob("*.js") if path.is_file()]),
    }


def _vendored() -> Iterator[tuple[Path, PurePosixPath]]:
    """What a function with PyJWT would carry: where each file is, and under which name it is imported."""
    for distribution in map(metadata.distribution, ("pyjwt", "cryptography", "cffi", "pycparser")):
        for file in distribution.files or ():
            if file.suffix in (".py", ".so") and ".." not in file.parts:
                yield Path(str(distribution.locate_file(file))), file


def _zipped(files: list[Path]) -> int:
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, file in enumerate(files):
                archive.write(file, f"{number}/{file.name}")
        return packed.tell()


def compare_guards() -> dict[str, float]:
    """Measure and print; what `MUST_REACH` limits comes back."""
    with tempfile.TemporaryDirectory() as name, IssuerServer() as issuer, serving(issuer):
        tokens = Tokens(issuer, Path(name))
        figures, verified, size = measure(tokens), verification(tokens), sizes(tokens.asset)
    _show(figures, verified, size)
    return {
        "token_start_ratio": round(figures[OURS]["start, ms"] / figures[PYJWT]["start, ms"], 3),
        "token_remembered_ratio": round(verified["remembered"] / verified["RS256"], 4),
        "token_zip_bytes": size[OURS],
    }


def _show(figures: Figures, verified: Mapping[str, float], size: Mapping[str, int]) -> None:
    guards = (OURS, PYJWT, NODE)
    print(f"{'CPU of a token guard':32}" + "".join(f"{guard:>16}" for guard in guards))
    for name in figures[OURS]:
        print(f"{name:32}" + "".join(f"{figures[guard][name]:16.3f}" for guard in guards))
    print(f"{'code, zipped, KB':32}" + "".join(f"{size[guard] / 1024:16.0f}" for guard in guards))
    for name, milliseconds in verified.items():
        print(f"{f'verifying, {name}, ms':32}{milliseconds:16.4f}")
    print(flush=True)


if __name__ == "__main__":
    print(json.dumps(compare_guards()))
