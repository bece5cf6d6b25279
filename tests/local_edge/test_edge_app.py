"""The edge as an ASGI application: what it takes for a request, what it logs, and viewers who leave."""

import asyncio
from typing import Any

import pytest

from local_cloud.edge.app import App
from local_cloud.edge.functions import ExecutionError
from local_cloud.edge.pipeline import Pipeline
from tests.local_edge.build import PRESIGNED, behaviour, distribution
from tests.local_edge.inprocess import (
    GUARD,
    MadeUpOrigin,
    edge,
    exchange,
    failing,
    passing,
    scope_of,
    sender,
)


def test_an_absolute_form_target_is_its_path() -> None:
    served = edge()
    served.get("HTTP://any.host:1/a%2Fb?c=d")
    served.get("http://any.host")
    assert [each.target for each in served.origin.seen] == ["/a%2Fb?c=d", "/"]


@pytest.mark.parametrize("target", ["*", "any.host:443", "ftp://any.host/a", ""])
def test_a_target_without_a_path_is_refused(target: str) -> None:
    assert edge().get(target, method="OPTIONS").status == 400


@pytest.mark.parametrize("host", ["127.0.0.2:8080", "localhost:8080", "LOCALHOST", "[::1]:1"])
def test_loopbacks_names_are_served_at_any_port(host: str) -> None:
    assert edge().get("/a", headers=(("Host", host),)).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8080", "127.0.0.1.evil.example", "evil.localhost", "", "d111.cloudfront.net"]
)
def test_a_page_that_had_its_name_rebound_is_refused_by_its_host(host: str) -> None:
    served = edge()
    assert served.get("/a", headers=(("Host", host),)).status == 403
    assert served.origin.seen == []


def test_a_url_or_a_request_over_cloudfronts_length_is_refused() -> None:
    served = edge()
    base = len("https://127.0.0.1:8080/?")
    assert served.get("/?" + "a" * (8_192 - base)).status == 200
    assert served.get("/?" + "a" * (8_193 - base)).status == 413
    assert served.get("/" + "a" * 9_000).status == 413
    assert served.get("/", headers=(("X-Long", "b" * 20_500),)).status == 413


def test_the_log_has_method_path_status_and_source_and_never_the_query() -> None:
    served = edge(viewer_request=failing(ExecutionError("the function failed")))
    served.get(f"/a%20b?{PRESIGNED}", headers=(("X-Claim-Token", "secret"),))
    assert len(served.log) == 1
    method, path, status, *rest = served.log[0].split(" ")
    assert (method, path, status) == ("GET", "/a%20b", "503")
    assert "LambdaExecutionError" in " ".join(rest)
    assert "X-Amz" not in served.log[0]
    assert "secret" not in served.log[0]


def test_an_unforeseen_failure_is_a_500_that_tells_nothing() -> None:
    served = edge(viewer_request=failing(ZeroDivisionError("secret")))
    answer = served.get("/a")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert "ZeroDivisionError" in served.log[0]
    assert "secret" not in served.log[0]


def test_a_viewer_who_leaves_ends_the_work() -> None:
    started, ended = asyncio.Event(), asyncio.Event()
    log: list[str] = []
    sent: list[Any] = []

    async def hang(_arn: str, _event: dict[str, Any]) -> Any:
        started.set()
        try:
            await asyncio.Future()
        finally:
            ended.set()

    async def leave() -> Any:
        await started.wait()
        return {"type": "http.disconnect"}

    guarded = distribution(behaviour(viewer_request=GUARD))
    app = App(Pipeline(guarded, hang, MadeUpOrigin().fetch), log.append)
    asyncio.run(app(scope_of("GET", "/a", ()), leave, sender(sent)))
    assert sent == []
    assert ended.is_set()
    assert "the viewer left" in log[0]


def test_the_end_of_an_answer_is_not_taken_for_a_viewer_who_leaves() -> None:
    served, ended = edge(), asyncio.Event()
    finished: list[Any] = []

    async def receive() -> Any:
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message.get("more_body") is False:
            ended.set()
            for _ in range(9):  # as a server does that still has to flush what it was given
                await asyncio.sleep(0)
            finished.append(message)

    asyncio.run(served.app(scope_of("GET", "/a", ()), receive, send))
    assert finished
    assert "the viewer left" not in served.log[0]


def test_a_viewer_who_leaves_within_an_upload_sends_nothing_more() -> None:
    served = edge(allowed_methods=frozenset({"GET", "HEAD", "PUT"}))

    async def scenario() -> None:
        messages = iter(
            [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]
        )

        async def receive() -> Any:
            return next(messages)

        scope = scope_of("PUT", "/a", (("Content-Length", "9"),))
        await served.app(scope, receive, sender([]))

    asyncio.run(scenario())
    assert served.origin.seen == []
    assert "the viewer left" in served.log[0]


def test_a_websocket_is_refused_and_a_life_span_lived() -> None:
    async def scenario() -> tuple[list[Any], list[Any]]:
        closed: list[Any] = []
        lived: list[Any] = []
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        websocket: Any = {"type": "websocket"}
        lifespan: Any = {"type": "lifespan"}
        await edge().app(websocket, receive, sender(closed))
        await edge().app(lifespan, receive, sender(lived))
        return closed, lived

    closed, lived = asyncio.run(scenario())
    assert closed[0]["type"] == "websocket.close"
    assert [each["type"] for each in lived] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_many_viewers_are_answered_at_once() -> None:
    served = edge(viewer_request=passing, origin_response=passing)

    async def scenario() -> list[int]:
        asked = [exchange(served.app, f"/{number}", "GET", b"", ()) for number in range(64)]
        return [answer.status for answer in await asyncio.gather(*asked)]

    assert asyncio.run(scenario()) == [200] * 64
