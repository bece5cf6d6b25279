"""What contributors are told, and what runs for them, is what there is."""

import re
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.stack.synthesis import ROOT


def loaded(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def test_before_a_commit_the_same_tools_run_as_in_make_check_and_nothing_is_downloaded() -> None:
    repos = loaded(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = repos[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    named = re.compile(r"(?:\.venv|node_modules/\.)/?bin/((?:ruff )?\S+)")
    tools = {named.match(hook["entry"])[1] for hook in hooks}  # type: ignore[index]  # a hook without a match fails here
    rules = (ROOT / "Makefile").read_text().split(".types:")[1].split("\nintegration:")[0]
    tests = {"node"}  # which run after a commit, as pytest does
    assert tools == set(re.findall(r"^\t((?:ruff )?\S+)", rules, re.MULTILINE)) - tests


def test_ci_runs_make_test_and_builds_wheel_and_site_and_nothing_else() -> None:
    [job] = loaded(".github/workflows/ci.yml")["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make test", "make wheel docs"]


def test_every_room_is_in_contributings_table() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().split("## The rooms")[1].split("## ")[0]
    rooms = [*(ROOT / "functions").iterdir(), *(ROOT / "onetime_urls").iterdir()]
    folders = [each.relative_to(ROOT).as_posix() for each in rooms if (each / "__init__.py").exists()]
    named = set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE))
    assert {each for each in folders if each not in named} == set()
    assert {each for each in named if not (ROOT / each).exists()} == set()


def checked_modules(paths: list[str]) -> Iterator[Path]:
    """What mypy is told to check."""
    for path in paths:
        yield from [ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py")


def test_whatever_a_checker_is_told_to_pass_over_has_its_reason_beside_it() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    silenced = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(.*)")
    reasons = {
        (path.relative_to(ROOT).as_posix(), reason)
        for path in checked_modules(mypy["files"])
        for reason in silenced.findall(path.read_text())
    }
    assert len(reasons) > 10
    assert {path for path, reason in reasons if not re.search("[a-z]{2}", reason)} == set()


def test_mypy_reads_every_part_of_the_cdk_and_of_moto_that_is_imported() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    named: dict[str, set[str]] = {"normal": set(), "skip": set()}
    for override in mypy["overrides"]:
        if "follow_imports" in override:
            named[override["follow_imports"]].update(override["module"])
    assert named["skip"] == {"aws_cdk.*", "moto.*"}
    imports = re.compile(r"^ *from ((?:aws_cdk|moto)[\w.]*) import (\w+)", re.MULTILINE)
    found = {each for path in checked_modules(mypy["files"]) for each in imports.findall(path.read_text())}
    modules = {module for module, _ in found} | {f"{module}.{name}" for module, name in found}
    installed = Path(sysconfig.get_path("purelib"))
    parts = {each for each in modules if list(installed.glob(f"{each.replace('.', '/')}*"))}
    assert "aws_cdk.aws_lambda" in parts
    assert {
        each for each in parts - named["normal"] if f"{each.rpartition('.')[0]}.*" not in named["normal"]
    } == set()


def test_each_test_that_a_table_of_the_docs_names_is_there() -> None:
    """They are named by the first words of their names, four at least."""
    there = [
        name.replace("_", " ")
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def test_(\w+)", path.read_text(), re.MULTILINE)
    ]
    named = {
        name
        for path in (ROOT / "docs").rglob("*.md")
        for name in re.findall(r"`([a-z0-9]+(?: [a-z0-9]+){3,})`", path.read_text())
    }
    assert len(named) > 50
    assert {each for each in named if not any(name.startswith(each) for name in there)} == set()
