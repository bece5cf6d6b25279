"""The store under test: every engine in turn, and a real table too if `LINKS_TABLE` names one."""

import os
import secrets
from collections.abc import Iterator

import pytest

from tests.store.engines import Store, deployed_store, ministack_store, moto_store

LINKS_TABLE = os.environ.get("LINKS_TABLE")


@pytest.fixture(params=["moto", "ministack", *(["aws"] if LINKS_TABLE else [])])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "moto":
        with moto_store() as made:
            yield made
    elif request.param == "aws":
        assert LINKS_TABLE is not None
        yield deployed_store(LINKS_TABLE)
    elif request.config.getoption("--local-cloud"):
        endpoint = request.getfixturevalue("local_cloud").outputs["AwsEndpointUrl"]
        yield ministack_store(endpoint, f"links-{secrets.token_hex(4)}")
    else:
        pytest.skip("needs --local-cloud, which `make test` gives")
