"""Where the tests that need a cloud get it from.

`make test` starts one local cloud for all of them (`--local-cloud`), in however many processes they run.
`make integration` starts nothing: it runs against a local cloud that is up already, or against AWS if `STACK`
names a stack.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import settings
from moto.core.config import default_user_config
from moto.core.models import RESPONSES_METHODS

from tests.open_cloud import open_cloud, pages
from tests.shared_cloud import NAMED_ORIGIN, Running, SharedCloud, group, rank, wait_for
from tests.web import Deployment
from tests.wheel.building import installed, wheel

__all__ = ["installed", "open_cloud", "pages", "wheel"]  # shared by several folders

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

settings.register_profile("ours", deadline=None)  # a busy machine is no finding
settings.register_profile("soak", parent=settings.get_profile("ours"), max_examples=1_000)
settings.load_profile("ours")

# A session reads a service's description once, and that takes longer than most tests.
default_user_config["core"]["reset_boto3_session"] = False

# moto reads boto3's requests by itself. What it would answer to other clients is a thousand patterns a start.
RESPONSES_METHODS.clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--local-cloud", action="store_true", help="start a local cloud for the tests that need one"
    )


def pytest_configure(config: pytest.Config) -> None:
    parallel = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if parallel and config.getoption("--local-cloud"):
        config.pluginmanager.register(SharedCloud())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: rank(item.nodeid))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what all tests are made of: it would walk that over and over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """Leave the loop to whose it is, from a frame with room behind it for all frames of tests.

    CPython maps 16 KB for frames at a time, and unmaps them with the last frame in there. A call that is
    made over and over just at such a boundary costs two system calls each time: one state machine made
    1,700,000. A frame that is larger than 16 KB gets a piece of its own, of which the tests' have the rest.
    """
    others = session.config.pluginmanager.subset_hook_caller("pytest_runtestloop", [sys.modules[__name__]])
    return others(session=session)


pytest_runtestloop.__code__ = pytest_runtestloop.__code__.replace(co_stacksize=2**16)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out groups of tests, where pytest-xdist has no more than modules or single tests."""
    from xdist.scheduler import LoadScopeScheduling  # only there where this is called

    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = group
    return scheduling


@pytest.fixture(scope="session")
def local_cloud(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A local cloud of the tests' own, with the API protected by IAM."""
    if folder := getattr(request.config, "workerinput", {}).get("shared_cloud"):
        yield wait_for(folder)
        return
    from local_cloud.cloud import LocalCloud  # not needed, and not there, when AWS is under test

    with LocalCloud(
        local_dir=tmp_path_factory.mktemp("cloud") / ".local",
        issuer_auth="iam",
        context={"cors_origins": NAMED_ORIGIN},
    ) as cloud:
        yield Running(cloud.outputs)


@pytest.fixture(scope="session")
def user_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator["LocalCloud"]:
    """A local cloud whose API takes tokens of users, who sign in to its console. One for all such tests."""
    from local_cloud.cloud import LocalCloud  # not there when AWS is under test

    with LocalCloud(tmp_path_factory.mktemp("users") / "local", issuer_auth="jwt") as cloud:
        yield cloud


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """The deployment under test, and the caller who tests it."""
    if request.config.getoption("--local-cloud"):
        cloud: Running = request.getfixturevalue("local_cloud")
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
