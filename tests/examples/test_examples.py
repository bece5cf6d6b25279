"""Every example works as it stands, away from the checkout, with the wheel alone."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local_cloud.cloud import LocalCloud
from local_cloud.environment import JSII
from tests.stack.synthesis import ROOT

EXAMPLES = ROOT / "examples"
APPS = sorted(path.parent.name for path in EXAMPLES.glob("*/app.py"))
NODE = ROOT / ".venv" / "bin"


@pytest.fixture
def away(tmp_path: Path, installed: Path) -> Path:
    """A folder to work in, whose `python3` is the one that has the wheel."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(installed)
    return tmp_path


def copied(name: str, away: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / name, away / name))


def synthesise(app: Path, installed: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed, "-W", "error", "app.py"],
        cwd=app,
        env={
            "PATH": f"{NODE}:{os.environ['PATH']}",
            "HOME": str(app),
            "CDK_OUTDIR": str(app / "cdk.out"),
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(JSII),  # a home that is empty would have it unpacked anew
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_there_are_examples() -> None:
    assert APPS == ["smallest", "tokens_domain_alarms", "two_deployments"]


@pytest.mark.parametrize("name", APPS)
def test_an_example_synthesises_with_the_wheel_alone_and_warns_of_nothing(
    name: str, away: Path, installed: Path
) -> None:
    app = copied(name, away)
    done = synthesise(app, installed)
    assert done.returncode == 0, done.stderr
    assert "arning" not in done.stdout + done.stderr
    manifest = json.loads((app / "cdk.out" / "manifest.json").read_text())
    said = [
        each
        for artifact in manifest["artifacts"].values()
        for entries in artifact.get("metadata", {}).values()
        for each in entries
    ]
    assert not [each for each in said if each["type"] in ("aws:cdk:warning", "aws:cdk:error")]


def test_two_deployments_side_by_side_share_no_name(away: Path, installed: Path) -> None:
    app = copied("two_deployments", away)
    assert synthesise(app, installed).returncode == 0
    names: list[str] = []
    for template in sorted((app / "cdk.out").glob("*.template.json")):
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
            env=os.environ | {"HOME": str(away)},
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
