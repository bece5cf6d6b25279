"""Where the tests that need a cloud get it from.

`make test` starts one local cloud for all of them (`--local-cloud`). `make integration` starts
nothing: it runs against a local cloud that is up already, or against AWS if `STACK` names a stack.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import settings

from tests.web import Deployment

settings.register_profile("ours", deadline=None)  # a busy machine is no finding
settings.load_profile("ours")

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--local-cloud", action="store_true", help="start a local cloud for the tests that need one"
    )


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[LocalCloud]":
    """A local cloud of the tests' own, with the API protected by IAM."""
    from local_cloud.cloud import LocalCloud  # not needed, and not there, when AWS is under test

    with LocalCloud(local_dir=tmp_path_factory.mktemp("cloud") / ".local", issuer_auth="iam") as cloud:
        yield cloud


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """The deployment under test, and the caller who tests it."""
    if request.config.getoption("--local-cloud"):
        cloud: LocalCloud = request.getfixturevalue("local_cloud")
        return Deployment.from_outputs(cloud.outputs)
    if stack := os.environ.get("STACK"):
        try:
            return Deployment.from_stack(stack)
        except (BotoCoreError, ClientError) as error:
            pytest.exit(f"the stack {stack} can't be read: {error}", returncode=2)
    outputs = Path(os.environ.get("LOCAL_DIR", ".local")) / "outputs.json"
    if not outputs.exists():
        pytest.exit(
            f"no {outputs}: run `make up` in another terminal, or name a stack with STACK=", returncode=2
        )
    return Deployment.from_file(outputs)
