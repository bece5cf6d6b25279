"""A local cloud for what the shared one can't show: whoever asks may mint, events are published, and pages of
`examples/callers` may read by script. It has no door but the one for links."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_cloud import Running

CALLERS = Path(__file__).resolve().parents[1] / "examples" / "callers"


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """Serves the examples' pages on loopback."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(CALLERS))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def open_cloud(
    request: pytest.FixtureRequest, pages: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    if not request.config.getoption("--local-cloud"):
        pytest.skip("needs --local-cloud, which `make test` gives")
    from local_cloud.cloud import LocalCloud  # not there when AWS is under test

    context = dict.fromkeys(("private_assets", "signed_urls", "graphql", "console"), "false")
    context |= {"audit_trail": "true", "cors_origins": pages}
    with LocalCloud(tmp_path_factory.mktemp("open") / ".local", context=context) as cloud:
        yield Running(cloud.outputs)
