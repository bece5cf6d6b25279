"""Every example works as it stands, away from the checkout, with the wheel alone."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jsii
import pytest
from aws_cdk import App, CloudFormationValidatePlugin, IPolicyValidationContext, PolicyValidationStack
from constructs import IConstruct

from local_cloud.cloud import LocalCloud
from local_cloud.environment import JSII
from tests.stack.synthesis import ROOT, Json

EXAMPLES = ROOT / "examples"
APPS = sorted(path.parent.name for path in EXAMPLES.glob("*/app.py"))
NODE = ROOT / ".venv" / "bin"
BYTECODE = "PYTHONPYCACHEPREFIX"
"""Not for the environment with the wheel, which has it beside its sources."""


@pytest.fixture
def away(tmp_path: Path, installed: Path) -> Path:
    """A folder to work in, whose `python3` is the one that has the wheel."""
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\n{BYTECODE}= exec {installed} "$@"\n')
    python.chmod(0o755)
    return tmp_path


def copied(name: str, away: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / name, away / name))


@dataclass(frozen=True)
class Synthesised:
    """An example's templates, and what was said when they were made."""

    folder: Path
    said: str

    @property
    def messages(self) -> list[Json]:
        """What the CDK would say to whoever deploys it."""
        return [
            entry
            for each in self._stacks
            for of_construct in self._read(each["additionalMetadataFile"]).values()
            for entry in of_construct
        ]

    @property
    def stacks(self) -> list[PolicyValidationStack]:
        """Each stack's template and region."""
        return [
            PolicyValidationStack(
                stack_construct_path=each["displayName"],
                template_path=str(self.folder / each["properties"]["templateFile"]),
                region=each["environment"].rpartition("/")[2],
            )
            for each in self._stacks
        ]

    @property
    def _stacks(self) -> list[Json]:
        artifacts = self._read("manifest.json")["artifacts"].values()
        return [each for each in artifacts if each["type"] == "aws:cloudformation:stack"]

    def _read(self, name: str) -> Json:
        read: Json = json.loads((self.folder / name).read_text())
        return read


@jsii.implements(IPolicyValidationContext)
class Made:
    """What the CDK hands to a validation at synthesis, of templates that are there already."""

    def __init__(self, stacks: list[PolicyValidationStack]) -> None:
        self._stacks = stacks

    @property
    def app_construct(self) -> IConstruct:
        return App()

    @property
    def stack_templates(self) -> list[PolicyValidationStack]:
        return self._stacks

    @property
    def template_paths(self) -> list[str]:
        return [each.template_path for each in self._stacks]

    @property
    def account_id(self) -> None:
        return None

    @property
    def region(self) -> None:
        return None


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Callable[[str], Synthesised]:
    """Gives the example of that name, synthesised once."""
    return cache(lambda name: synthesise(copied(name, tmp_path_factory.mktemp("synthesised")), installed))


def synthesise(app: Path, installed: Path) -> Synthesised:
    context = json.loads((app / "cdk.json").read_text()).get("context", {})
    done = subprocess.run(
        [installed, "-W", "error", "app.py"],
        cwd=app,
        env={
            "PATH": f"{NODE}:{os.environ['PATH']}",
            "HOME": str(app),
            "CDK_OUTDIR": str(app / "cdk.out"),
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_VALIDATION": "false",  # what takes longest of it can be done once for all examples
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(JSII),  # a home that is empty would have it unpacked anew
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Synthesised(app / "cdk.out", done.stdout + done.stderr)


def test_there_are_examples() -> None:
    assert APPS == ["smallest", "tokens_domain_alarms", "two_deployments"]


@pytest.mark.parametrize("name", APPS)
def test_an_example_synthesises_with_the_wheel_alone_and_warns_of_nothing(
    name: str, synthesised: Callable[[str], Synthesised]
) -> None:
    made = synthesised(name)
    assert "arning" not in made.said
    assert made.messages
    assert not [each for each in made.messages if each["type"] in ("aws:cdk:warning", "aws:cdk:error")]


def test_the_cdks_own_validation_finds_nothing_in_any_example(
    synthesised: Callable[[str], Synthesised],
) -> None:
    stacks = [stack for name in APPS for stack in synthesised(name).stacks]
    assert len(stacks) > len(APPS)
    assert CloudFormationValidatePlugin().validate(Made(stacks)).violations == []


def test_two_deployments_side_by_side_share_no_name(synthesised: Callable[[str], Synthesised]) -> None:
    names: list[str] = []
    for template in sorted(synthesised("two_deployments").folder.glob("*.template.json")):
        for resource in json.loads(template.read_text())["Resources"].values():
            names += [
                f"{resource['Type']} {value}"
                for key, value in resource.get("Properties", {}).items()
                if key in ("Name", "TableName", "FunctionName", "DashboardName") and isinstance(value, str)
            ]
    assert len(names) == len(set(names))
    assert [name for name in names if "TableName" not in name]


def test_the_smallest_app_deploys_to_the_local_cloud_and_its_link_works_once(
    away: Path, installed: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--local-cloud"):
        pytest.skip("needs --local-cloud, which `make test` gives")
    app = copied("smallest", away)
    monkeypatch.setenv("PATH", f"{away / 'bin'}:{os.environ['PATH']}")
    (away / "report.txt").write_text("once")

    def onetime(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed.parent / "onetime", *arguments],
            cwd=away,
            env=os.environ | {"HOME": str(away), BYTECODE: ""},
            capture_output=True,
            text=True,
            check=False,
        )

    with LocalCloud(away / ".local", app=app, context={"stack_name": "Files"}) as cloud:
        shared = onetime("share", "report.txt", "--json")
        assert shared.returncode == 0, shared.stderr
        url = json.loads(shared.stdout)["url"]
        first, second = onetime("get", url, "-o", "first.txt"), onetime("get", url, "-o", "second.txt")
    assert cloud.outputs["IssuerAuth"] == "iam"
    assert first.returncode == 0, first.stderr
    assert (away / "first.txt").read_text() == "once"
    assert second.returncode != 0
    assert not (away / "second.txt").exists()
