"""A client of the tests' local cloud, and an object there."""

import json
from pathlib import Path

import pytest

from onetime_urls.client import Client
from tests.shared_cloud import Running


@pytest.fixture(scope="session")
def client(local_cloud: Running, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A client for programs. It may be used by all tests, as by all threads of a program."""
    outputs: Path = tmp_path_factory.mktemp("client") / "outputs.json"
    outputs.write_text(json.dumps(local_cloud.outputs))
    return Client.from_outputs(outputs)


@pytest.fixture(scope="session")
def key(client: Client, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The key of an object that is there for all tests: `a.txt`, which says `hello`."""
    file: Path = tmp_path_factory.mktemp("key") / "a.txt"
    file.write_text("hello")
    return client.upload(file).key
