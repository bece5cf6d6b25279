"""How long `onetime --version` takes, in this tree and in another revision of it: `python -m
benchmarks.startup REV`.

The two run in turns, with the same Python and the same packages, so that whatever else the machine does
happens to both. Medians of wall and of CPU time are printed; the first runs, which compile, don't count.
"""

import io
import os
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS, WARM_UP = 20, 2


def main() -> None:
    """Compare and print."""
    revision = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", revision], cwd=ROOT, check=True, capture_output=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        trees = {revision: Path(folder), "this tree": ROOT}
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in trees}
        for _ in range(RUNS + WARM_UP):
            for name, tree in trees.items():
                taken[name].append(_run(tree, Path(folder) / "bytecode"))
    for name, runs in taken.items():
        wall, cpu = (statistics.median(each) * 1000 for each in zip(*runs[WARM_UP:], strict=True))
        print(f"onetime --version, {name:<12} {wall:5.0f} ms, of which {cpu:4.0f} ms CPU")


def _run(tree: Path, bytecode: Path) -> tuple[float, float]:
    """Seconds of wall and of CPU time."""
    entry = tomllib.loads((tree / "pyproject.toml").read_text())["project"]["scripts"]["onetime"]
    module, _, function = entry.partition(":")
    program = (
        f"import sys; sys.argv = ['onetime', '--version']; from {module} import {function}; {function}()"
    )
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(bytecode)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program], cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
