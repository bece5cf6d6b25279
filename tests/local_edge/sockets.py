"""Real sockets on loopback for tests: an origin that is a function, and the edge behind hypercorn."""

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from local_cloud.edge.app import App
from local_cloud.edge.http_client import exchange
from local_cloud.edge.model import Distribution
from local_cloud.edge.pipeline import Pipeline
from local_cloud.edge.server import serve

Handler = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def origin(handler: Handler) -> AsyncIterator[tuple[str, int]]:
    """An origin that reads a request's head, calls `handler` with it and closes; its address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # what the other side's going away looks like
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[:2]


@asynccontextmanager
async def edge(
    distribution: Distribution, origin_address: tuple[str, int]
) -> AsyncIterator[tuple[int, list[str]]]:
    """The edge on a port of its own, without functions; the port and its log."""
    log: list[str] = []
    end, ready = asyncio.Event(), asyncio.Event()

    async def no_function(arn: str, event: object) -> object:
        raise AssertionError("no behaviour has a function")

    pipeline = Pipeline(distribution, no_function, functools.partial(exchange, origin_address))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    serving = asyncio.create_task(
        serve([(App(pipeline, log.append), listener.detach())], end, ready.set, log.append)
    )
    await ready.wait()
    try:
        yield port, log
    finally:
        end.set()
        await serving


async def said_to(port: int, request: bytes) -> bytes:
    """Everything that a server answers to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()
