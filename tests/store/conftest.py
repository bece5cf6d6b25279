"""The store under test: every engine in turn."""

import secrets
from collections.abc import Iterator

import pytest

from tests.store.engines import Store, deployed_store, ministack_store, moto_store


@pytest.fixture(params=["moto", "ministack", "aws"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "moto":
        with moto_store() as made:
            yield made
    elif request.param == "ministack":
        if not request.config.getoption("--local-cloud"):
            pytest.skip("needs --local-cloud, which `make test` gives")
        endpoint = request.getfixturevalue("local_cloud").outputs["AwsEndpointUrl"]
        yield ministack_store(endpoint, f"links-{secrets.token_hex(4)}")
    else:
        deployed = deployed_store()
        if deployed is None:
            pytest.skip("needs a table on AWS: set LINKS_TABLE to its ARN")
        yield deployed
