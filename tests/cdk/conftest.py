"""Apps that aren't ours: constructs in stacks as a stranger would put them there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Validations
from cdk_nag import AwsSolutionsChecks

from tests.stack.synthesis import Synthesised


class Strangers:
    """An app without context, account or feature flags."""

    def __init__(self, folder: Path, *, checked: bool = False) -> None:
        """
        Args:
            checked: by cdk-nag and the CDK's own validation.
        """
        self.folder = folder
        self.app = App(outdir=str(folder), builtin_cloud_formation_validation=checked)
        if checked:
            Validations.of(self.app).add_plugins(AwsSolutionsChecks(self.app))

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
