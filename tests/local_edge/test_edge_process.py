"""The edge as a process: when it starts, what it says when it doesn't, and how it ends."""

import signal
import socket
import sys
from collections.abc import Callable

import pytest

from local_cloud.edge.__main__ import main
from tests.local_edge.small_cloud import SmallCloud
from tests.local_edge.templates import behaviour, distribution

Refusal = Callable[..., str]


@pytest.fixture
def refusal(
    cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """Has an edge start with such arguments, which it doesn't, and gives the one line that it says."""

    def refused(*distributions: str, **changed: str) -> str:
        with cloud.edge_arguments(*distributions, **changed) as (arguments, _), monkeypatch.context() as own:
            own.setattr(sys, "argv", ["edge", *arguments])
            for name, value in cloud.edge_environment.items():
                own.setenv(name, value)
            assert main() == 1
        said = capsys.readouterr()
        [line] = said.err.splitlines()
        assert (said.out, line[:12]) == ("", "local edge: ")
        return line

    return refused


@pytest.mark.parametrize("version", ["", ":$LATEST"])
def test_a_function_without_a_version_number_is_refused_as_cloudfront_does(
    cloud: SmallCloud, refusal: Refusal, version: str
) -> None:
    unqualified = cloud.function.rpartition(":")[0]
    name = "latest" if version else "unqualified"
    template = distribution(behaviour(("viewer-request", unqualified + version)), prefix=name)
    assert "only a numbered function version" in refusal(cloud.deploy(name, template))


def test_a_distribution_with_what_is_not_modelled_is_refused(cloud: SmallCloud, refusal: Refusal) -> None:
    guarded = distribution(behaviour(("viewer-response", cloud.function)), prefix="unmodelled")
    assert "viewer-response: this trigger isn't modelled" in refusal(cloud.deploy("unmodelled", guarded))


def test_a_distribution_that_is_not_there_is_refused(refusal: Refusal) -> None:
    assert "NoSuchDistribution" in refusal("E0000000000000")


def test_an_aws_that_is_not_there_is_refused(refusal: Refusal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert "Could not connect" in refusal("E0000000000000", aws_endpoint=f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("endpoint", ["http://192.0.2.1:80", "https://127.0.0.1:80", "http://localhost:80"])
def test_an_aws_that_is_not_on_loopback_is_refused(refusal: Refusal, endpoint: str) -> None:
    told = refusal("E0000000000000", aws_endpoint=endpoint)
    assert "--aws-endpoint has to be http:// with a loopback address" in told


def test_a_user_without_the_rights_is_refused(cloud: SmallCloud, refusal: Refusal) -> None:
    function = cloud.make_function("foreign", timeout=5)
    template = distribution(behaviour(("viewer-request", function)), prefix="foreign")
    assert "lambda:GetFunctionConfiguration" in refusal(cloud.deploy("foreign", template))


@pytest.mark.parametrize(("address", "listens"), [("", True), ("127.0.0.1", False)])
def test_a_socket_that_does_not_listen_on_loopback_is_refused(
    refusal: Refusal, address: str, *, listens: bool
) -> None:
    with socket.socket() as listener:
        listener.bind((address, 0))
        if listens:
            listener.listen()
        told = refusal("E0000000000000", fd=str(listener.fileno()), distribution="E0000000000001")
    assert told == "local edge: --fd has to be a listening socket on a loopback address"


def test_a_socket_without_a_distribution_is_refused(refusal: Refusal) -> None:
    assert refusal("E0000000000000", fd="0") == "local edge: each --fd needs a --distribution"


def test_a_process_that_does_not_start_ends_with_an_error(cloud: SmallCloud) -> None:
    child, _ = cloud.start_edge("E0000000000000")
    assert child.process.wait(20) == 1
    child.end(0)
    assert child.log.read_text().startswith("local edge: ")


@pytest.mark.parametrize("end", ["end of stdin", "SIGTERM", "SIGINT"])
def test_the_edge_ends_quickly_and_quietly_when_told_to(cloud: SmallCloud, end: str) -> None:
    with cloud.edge(
        cloud.deploy(f"end-{len(end)}", distribution(behaviour(), prefix=f"end-{len(end)}"))
    ) as edge:
        process = edge.child.process
        with socket.create_connection(("127.0.0.1", int(edge.url.rpartition(":")[2]))):
            if end == "end of stdin":
                assert process.stdin is not None
                process.stdin.close()
            else:
                process.send_signal(getattr(signal, end))
            assert process.wait(3) == 0
        assert edge.child.log.read_text() == ""


def test_distributions_have_origins_of_their_own_in_one_process(cloud: SmallCloud) -> None:
    ids = [cloud.deploy(name, distribution(behaviour(), prefix=name)) for name in ("one", "two")]
    with cloud.edges(*ids) as (one, two):
        hosts = [edge.url.rpartition(":")[0] for edge in (one, two)]
        # Browsers send a host's cookies to all of its ports, so that a port of its own would not do.
        assert hosts == ["http://127.0.0.1", "http://127.0.0.2"]
        assert {edge.get("/a").status for edge in (one, two)} == {403}
        two.get("/next")  # a line is written after its answer: let the next one be there too
        lines = one.requests.read_text().splitlines()
    assert [line.split(" ")[:3] for line in lines[:2]] == [[each, "GET", "/a"] for each in ids]
