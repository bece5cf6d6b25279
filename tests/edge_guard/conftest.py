"""A guard, and the AWS that it calls."""

import threading
from collections.abc import Iterator

import pytest

from edge_guard.guard import Guard
from tests.edge_guard.world import Aws, make_guard
from tests.links import NOW
from tests.store.engines import moto_store


@pytest.fixture
def aws() -> Iterator[Aws]:
    with moto_store() as store, Aws(store) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def guard(aws: Aws) -> Iterator[Guard]:
    made = make_guard(aws, clock=lambda: NOW)
    yield made
    made.close()
