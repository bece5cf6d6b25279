"""What the wheel brings: one package, and the functions as they were when it was built."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

from onetime_urls.assets import FUNCTIONS
from onetime_urls.assets.bundle import packed
from onetime_urls.assets.sources import manifest, of_checkout
from tests.stack.synthesis import ROOT
from tests.wheel.building import build

CARRIED = "onetime_urls/assets/carried"

TRY = """
import sys
from pathlib import Path
from onetime_urls.assets.asset import make_asset
from onetime_urls.assets.sources import find_sources
asset = make_asset("url_issuer", find_sources())
Path(sys.argv[1]).write_bytes(asset.archive)
"""


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def run(python: Path, code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run code in the environment that has the wheel, away from the checkout."""
    return subprocess.run(
        [python, "-I", "-c", code, *arguments],
        cwd=python.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def checkout(folder: Path) -> Path:
    """A copy of what a wheel is built from."""
    for name in ("onetime_urls", "functions", "console"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_wheel_brings_one_top_level_package_with_types(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel) if ".dist-info/" not in name}
    assert tops == {"onetime_urls"}
    assert "onetime_urls/py.typed" in names(wheel)


def test_every_functions_handler_rides_in_the_wheel(wheel: Path) -> None:
    for function in FUNCTIONS:
        assert f"{CARRIED}/functions/{function}/handler.py" in names(wheel)


def test_the_consoles_files_ride_in_the_wheel_as_they_are_written_or_packed(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name.removeprefix(f"{CARRIED}/console/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith(f"{CARRIED}/console/")
        }
    (tmp_path / "console").symlink_to(ROOT / "console")
    assert carried in (packed(ROOT), packed(tmp_path))


def test_no_tests_bytecode_or_paths_of_the_machine_ride_along(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            assert not name.endswith(".pyc")
            assert "/tests/" not in name
            assert str(ROOT).encode() not in archive.read(name), name


def test_what_is_deployed_from_the_wheel_is_what_the_checkout_has(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = json.loads(archive.read(f"{CARRIED}/manifest.json"))
    assert carried == manifest(of_checkout(ROOT))


def test_an_installed_function_that_was_changed_is_not_deployed(installed: Path, tmp_path: Path) -> None:
    assert run(installed, TRY, tmp_path / "whole").returncode == 0
    where = run(installed, "import onetime_urls; print(onetime_urls.__file__)").stdout.strip()
    handler = Path(where).parent / "assets" / "carried" / "functions" / "url_issuer" / "handler.py"
    source = handler.read_bytes()
    try:
        for content in (source + b"\n", None):
            handler.unlink()
            if content:
                handler.write_bytes(content)
            done = run(installed, TRY, tmp_path / "changed")
            assert done.returncode == 1
            assert "onetime_urls.assets.Incomplete: " in done.stderr
            assert not (tmp_path / "changed").exists()
            handler.touch()
    finally:
        handler.write_bytes(source)


def test_another_version_of_a_vendored_library_changes_nothing(installed: Path, tmp_path: Path) -> None:
    site = Path(run(installed, "import jmespath; print(jmespath.__file__)").stdout.strip()).parent
    source = (site / "__init__.py").read_text()
    try:
        (site / "__init__.py").unlink()  # it may share its file with other environments
        (site / "__init__.py").write_text(f"{source}\nCHANGED = True\n")
        assert run(installed, TRY, tmp_path / "asset.zip").returncode == 0
    finally:
        (site / "__init__.py").write_text(source)
    with zipfile.ZipFile(tmp_path / "asset.zip") as asset:
        assert b"CHANGED" not in asset.read("jmespath/__init__.py")


def test_a_checkout_that_lacks_a_module_does_not_become_a_wheel(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    incomplete = checkout(tmp_path / "checkout")
    (incomplete / "functions" / "url_issuer" / "parameters.py").unlink()
    done = build(incomplete, tmp_path / "dist")
    assert done.returncode != 0
    assert "url_issuer.handler imports url_issuer.parameters, which isn't there" in done.stderr
    assert list(tmp_path.glob("dist/*.whl")) == []


def test_a_checkout_without_the_consoles_page_does_not_become_a_wheel(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    incomplete = checkout(tmp_path / "checkout")
    (incomplete / "console" / "index.html").unlink()
    done = build(incomplete, tmp_path / "dist")
    assert done.returncode != 0
    assert "console/index.html isn't there" in done.stderr
    assert list(tmp_path.glob("dist/*.whl")) == []


def test_a_function_that_imports_what_lambda_lacks_does_not_become_a_wheel(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    careless = checkout(tmp_path / "checkout")
    guard = careless / "functions" / "edge_guard" / "handler.py"
    guard.write_text(f"import requests\n{guard.read_text()}")
    done = build(careless, tmp_path / "dist")
    assert done.returncode != 0
    assert "edge_guard.handler imports requests, which no function may have" in done.stderr


def test_the_command_and_the_client_need_no_cdk(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(
            next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        ).decode()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    always = {line.split()[1].split(">")[0].split("<")[0] for line in required if "extra ==" not in line}
    assert always == {"boto3", "rich", "segno", "typer", "urllib3"}


def test_the_build_requires_what_is_locked() -> None:
    locked = (ROOT / "lock" / "requirements.txt").read_text()
    project = (ROOT / "pyproject.toml").read_text()
    pinned = project.split("requires = [")[1].split("]")[0]
    requirements = [line.strip().strip('",') for line in pinned.splitlines() if "==" in line]
    assert len(requirements) == 6
    for requirement in requirements:
        assert f"\n{requirement} \\" in f"\n{locked}", requirement
