"""An issuer, a clock, and a guard that trusts the one and goes by the other."""

from collections.abc import Iterator

import pytest

from tests.token_guard.world import Clock, IssuerServer, make_guard, serving
from token_guard.guard import Guard


@pytest.fixture
def issuer() -> Iterator[IssuerServer]:
    with IssuerServer() as server, serving(server):
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(issuer: IssuerServer, clock: Clock) -> Guard:
    return make_guard(issuer, clock)
