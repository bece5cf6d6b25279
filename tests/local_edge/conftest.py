"""One MiniStack for the session, and an edge for each distribution that tests share."""

from collections.abc import Iterator

import pytest

from tests.local_edge.small_cloud import Edge, SmallCloud
from tests.local_edge.templates import CACHING_OPTIMIZED, behaviour, distribution


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    made = SmallCloud(tmp_path_factory.mktemp("edge") / "cloud")
    try:
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def edge(cloud: SmallCloud) -> Iterator[Edge]:
    """A distribution that is right by default and wrong in one way under each of some paths."""
    guarded = (("viewer-request", cloud.function), ("origin-response", cloud.function))
    every_method = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    template = distribution(
        behaviour(*guarded),
        behaviour(*guarded, PathPattern="/oac/*", TargetOriginId="with-oac"),
        behaviour(*guarded, PathPattern="/idle-oac/*", TargetOriginId="with-idle-oac"),
        behaviour(*guarded, PathPattern="/oai/*", TargetOriginId="with-oai"),
        behaviour(*guarded, PathPattern="/headerless/*", OriginRequestPolicyId={"Ref": "Headerless"}),
        behaviour(*guarded, PathPattern="/cached/*", CachePolicyId=CACHING_OPTIMIZED),
        behaviour(("viewer-request", cloud.hasty_function), PathPattern="/hasty/*"),
        behaviour(PathPattern="/plain/*", AllowedMethods=every_method),
        prefix="right",
    )
    with cloud.edge(cloud.deploy("right", template)) as serving:
        yield serving


@pytest.fixture(scope="session")
def careless_edge(cloud: SmallCloud) -> Iterator[Edge]:
    """A distribution whose error TTLs were left at their default."""
    guarded = (("viewer-request", cloud.function), ("origin-response", cloud.function))
    template = distribution(behaviour(*guarded), prefix="careless", careful=False)
    with cloud.edge(cloud.deploy("careless", template)) as serving:
        yield serving
