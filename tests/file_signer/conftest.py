"""The file signer, made anew for each test, and no waiting between the SDK's tries."""

from collections.abc import Iterator

import pytest

from tests.file_signer.world import World, deployment


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with deployment() as made:
        yield made
