"""The store under test: every engine in turn."""

from collections.abc import Iterator

import pytest

from tests.store.engines import Store, moto_store


@pytest.fixture(params=["moto"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with moto_store() as made:
        yield made
