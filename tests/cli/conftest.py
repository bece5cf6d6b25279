"""The installed program, as a person at a terminal runs it: with a home and a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.shared_cloud import Running

PROGRAM = Path(sys.executable).parent / "onetime"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that the program sees of the machine."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "TERM": "dumb",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def onetime(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Runs `onetime` where there is no deployment."""

    def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if "input" not in more else {}
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
            **{"text": True} | given | more,
        )
        assert "Traceback" not in str(done.stderr)
        assert "Warning" not in str(done.stderr)
        return done

    return run


@pytest.fixture
def run(onetime: Run, local_cloud: Running, tmp_path: Path) -> Run:
    """Runs `onetime` in a folder where the local cloud's outputs are found."""
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(local_cloud.outputs))
    return onetime
