"""A deployment on moto for each module, as new for each test, and no waiting between the SDK's tries."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from tests.url_issuer.world import Deployment, Log, deployment
from url_issuer.handler import logger


@pytest.fixture(scope="module")
def _deployed() -> Iterator[Deployment]:
    with deployment() as made:
        yield made


@pytest.fixture
def cloud(_deployed: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    _deployed.reset()
    return _deployed


@pytest.fixture
def log() -> Iterator[Log]:
    """What the function logs: call it for the lines so far."""
    lines = io.StringIO()
    [console] = logger.handlers
    assert isinstance(console, logging.StreamHandler)
    before = console.setStream(lines)
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    console.setStream(before)
