"""The wheel, built once from this checkout, and an environment elsewhere that has nothing else of ours."""

import subprocess
import sys
import sysconfig
from importlib.util import cache_from_source
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def build(checkout: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the wheel of a checkout into `folder`, as `make wheel` does."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with `onetime-urls[cdk]`, everything else as it is locked."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    python = folder / "bin" / "python"
    uv = Path(sys.executable).parent / "uv"
    locked = ROOT / "lock" / "requirements.txt"
    requirement = f"onetime-urls[cdk] @ {wheel.as_uri()}"
    pip: list[Path | str] = [uv, "pip", "install", "--quiet", "--python", python, "--constraint", locked]
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([*pip, requirement], check=True)
    [packages] = folder.glob("lib/*/site-packages")
    _lend_bytecode(packages)
    return python


def _lend_bytecode(packages: Path) -> None:
    """Give the environment what Python has compiled of the same files here: to compile the CDK takes longer
    than to use it. Python takes no bytecode of a source with another time or size (Python Language Reference,
    "Cached bytecode invalidation")."""
    here = Path(sysconfig.get_path("purelib"))
    for source in packages.rglob("*.py"):
        compiled = Path(cache_from_source(str(here / source.relative_to(packages))))
        if compiled.exists():
            lent = source.parent / "__pycache__" / compiled.name
            lent.parent.mkdir(exist_ok=True)
            lent.symlink_to(compiled)
