"""Each combination of settings, synthesised once for all tests."""

from collections.abc import Callable

import pytest

from tests.stack.combinations import COMBINATIONS
from tests.stack.synthesis import Synthesised, synthesise


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Synthesised]:
    """Gives the combination of that name."""
    made: dict[str, Synthesised] = {}

    def give(name: str) -> Synthesised:
        if name not in made:
            made[name] = synthesise(tmp_path_factory.mktemp(name), validated=True, **COMBINATIONS[name])
        return made[name]

    return give


@pytest.fixture
def default(synthesised: Callable[[str], Synthesised]) -> Synthesised:
    return synthesised("default")


@pytest.fixture
def disposable(synthesised: Callable[[str], Synthesised]) -> Synthesised:
    return synthesised("disposable")


@pytest.fixture
def abroad(synthesised: Callable[[str], Synthesised]) -> Synthesised:
    return synthesised("abroad")


@pytest.fixture
def tailored(synthesised: Callable[[str], Synthesised]) -> Synthesised:
    return synthesised("tailored")


@pytest.fixture(params=COMBINATIONS)
def every(request: pytest.FixtureRequest, synthesised: Callable[[str], Synthesised]) -> Synthesised:
    """Each combination in turn."""
    return synthesised(request.param)
