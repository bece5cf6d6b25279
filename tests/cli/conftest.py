"""The installed program, as a person at a terminal runs it: with a home and a folder of its own."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import Done, Program
from tests.client.conftest import client, key
from tests.shared_cloud import Running

__all__ = ["Run", "client", "key"]

Run = Callable[..., Done]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """What runs the program."""
    with Program(tmp_path_factory.mktemp("program")) as program:
        yield program


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that the program sees of the machine."""
    bytecode = {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ}
    return bytecode | {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "TERM": "dumb",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def onetime(program: Program, tmp_path: Path, environment: dict[str, str]) -> Run:
    """Runs `onetime` where there is no deployment."""

    def run(*arguments: str, given: str = "") -> Done:
        program.start(arguments, tmp_path, environment, given)
        return program.end()

    return run


@pytest.fixture
def run(onetime: Run, local_cloud: Running, tmp_path: Path) -> Run:
    """Runs `onetime` in a folder where the local cloud's outputs are found."""
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(local_cloud.outputs))
    return onetime
