"""What contributors are told, and what runs for them, is what there is."""

import re
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
    tools = {re.match(r"\.venv/bin/((?:ruff )?\S+)", hook["entry"])[1] for hook in hooks}  # type: ignore[index]
    rules = (ROOT / "Makefile").read_text().split(".types:")[1].split("\nintegration:")[0]
    assert tools == set(re.findall(r"^\t((?:ruff )?\S+)", rules, re.MULTILINE))


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
