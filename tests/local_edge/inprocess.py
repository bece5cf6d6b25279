"""The whole edge in this process: the ASGI application, with functions and an origin made up by the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from local_cloud.edge.app import App
from local_cloud.edge.http_client import Limits, Reply
from local_cloud.edge.messages import Headers
from local_cloud.edge.model import Distribution
from local_cloud.edge.pipeline import Pipeline
from tests.local_edge.build import FUNCTION, behaviour, distribution
from tests.web import Answer

Function = Callable[[dict[str, Any]], Any]

GUARD, AFTER = FUNCTION, FUNCTION + "1"


@dataclass
class Sent:
    """One request as the origin got it."""

    method: str
    target: str
    headers: Headers
    body: bytes
    limits: Limits


@dataclass
class MadeUpOrigin:
    """Answers every request alike, or raises; `broken` ends the body with an error."""

    status: int = 200
    headers: Headers = (("Content-Type", "text/plain"), ("Content-Length", "5"))
    body: tuple[bytes, ...] = (b"he", b"llo")
    failure: Exception | None = None
    broken: Exception | None = None
    seen: list[Sent] = field(default_factory=list)

    @asynccontextmanager
    async def fetch(
        self, method: str, target: str, headers: Headers, body: AsyncIterator[bytes] | None, limits: Limits
    ) -> AsyncIterator[Reply]:
        received = b"".join([chunk async for chunk in body]) if body else b""
        self.seen.append(Sent(method, target, headers, received, limits))
        if self.failure:
            raise self.failure
        yield Reply(self.status, self.headers, self._chunks(method))

    async def _chunks(self, method: str) -> AsyncIterator[bytes]:
        for chunk in self.body if method != "HEAD" else ():
            yield chunk
        if self.broken:
            raise self.broken


@dataclass
class Edge:
    """A distribution served from here; `clock` is what it takes for the time, in epoch seconds."""

    distribution: Distribution
    functions: dict[str, Function] = field(default_factory=dict)
    origin: MadeUpOrigin = field(default_factory=MadeUpOrigin)
    clock: float = 1_800_000_000.0
    events: list[dict[str, Any]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        pipeline = Pipeline(
            self.distribution,
            self._invoke,
            self.origin.fetch,
            address="http://127.0.0.1:8080",
            clock=lambda: self.clock,
        )
        self.app = App(pipeline, self.log.append)

    async def _invoke(self, arn: str, event: dict[str, Any]) -> Any:
        self.events.append(event["Records"][0]["cf"])
        return self.functions[arn](event["Records"][0]["cf"])

    def get(self, target: str, *, method: str = "GET", body: bytes = b"", headers: Headers = ()) -> Answer:
        """One request and its answer; a body that was broken off has no status."""
        return asyncio.run(exchange(self.app, target, method, body, headers))


def edge(
    *,
    viewer_request: Function | None = None,
    origin_response: Function | None = None,
    serving: MadeUpOrigin | None = None,
    error_ttls: dict[int, int] | None = None,
    **changed: Any,
) -> Edge:
    """An edge with one behaviour, which runs the given functions and is otherwise as `changed`."""
    made = behaviour(
        viewer_request=GUARD if viewer_request else None,
        origin_response=AFTER if origin_response else None,
        **changed,
    )
    functions = {GUARD: viewer_request or (lambda _: None), AFTER: origin_response or (lambda _: None)}
    return Edge(distribution(made, error_ttls=error_ttls or {}), functions, serving or MadeUpOrigin())


def passing(event: dict[str, Any]) -> Any:
    """A function that changes nothing."""
    return event.get("response") or event["request"]


def failing(error: Exception) -> Function:
    def fail(_: dict[str, Any]) -> Any:
        raise error

    return fail


async def exchange(app: App, target: str, method: str, body: bytes, headers: Headers) -> Answer:
    """One request to an ASGI application, as hypercorn would hand it over."""
    length: Headers = (("Content-Length", str(len(body))),) if body else ()
    sent: list[Any] = []
    await app(scope_of(method, target, (*length, *headers)), receiver(body), sender(sent))
    received = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]} if sent else {}
    complete = bool(sent) and sent[-1].get("more_body") is False
    content = b"".join(each.get("body", b"") for each in sent[1:])
    return Answer(sent[0]["status"] if complete else 0, received, content)


def scope_of(method: str, target: str, headers: Headers) -> Any:
    """A request's ASGI scope, as far as the edge looks at it. It names loopback unless it has a Host."""
    path, _, query = target.encode("latin-1").partition(b"?")
    named = headers if "Host" in dict(headers) else (("Host", "127.0.0.1:8080"), *headers)
    return {
        "type": "http",
        "method": method,
        "raw_path": path,
        "query_string": query,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named],
        "client": ("203.0.113.7", 4711),
    }


def receiver(body: bytes) -> Any:
    """Hands over the request's body, then waits for the end of the exchange like a viewer that stays."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else await asyncio.Future()

    return receive


def sender(sent: list[Any]) -> Callable[[Any], Awaitable[None]]:
    """Keeps what the application sends."""

    async def send(message: Any) -> None:
        sent.append(message)

    return send
