"""A deployment of shares for each test."""

from collections.abc import Iterator

import pytest

from tests.shares.world import World, world


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with world() as made:
        yield made
