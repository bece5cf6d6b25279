"""Apps that aren't ours: constructs in stacks as a stranger would put them there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack

from tests.stack.synthesis import Synthesised


class Strangers:
    """An app without context, account or feature flags."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = App(outdir=str(folder))

    def stack(
        self, name: str = "Files", region: str | None = "us-east-1", *, stack_name: str | None = None
    ) -> Stack:
        environment = Environment(region=region) if region else None
        return Stack(self.app, name, env=environment, stack_name=stack_name)

    def synth(self) -> Synthesised:
        self.app.synth()
        return Synthesised(self.folder)


@pytest.fixture
def strangers(tmp_path: Path) -> Strangers:
    return Strangers(tmp_path)


@pytest.fixture
def another(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Strangers]:
    """Makes further apps."""
    return lambda: Strangers(tmp_path_factory.mktemp("app"))
