"""One HTTP/1.1 exchange on a fresh connection, in constant memory, with nothing normalised.

The request line goes out byte for byte, since S3 verifies signatures over the spelling of the path. Bodies
are read only as fast as they are taken, so a slow viewer slows the origin down. Leaving the context closes
the connection, which is how a viewer's going away ends the origin's work.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import h11

from local_cloud.edge.messages import HOP_BY_HOP, Headers, first, without

_CHUNK = 64 * 1024  # bytes


class Unreachable(Exception):
    """No connection was made, or it broke before the headers of a response; nothing more is known."""


class TooSlow(Exception):
    """The server took longer than the time allowed to connect, to answer or to send the next bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and how long, in seconds, to try to connect; how long to wait for each further read."""

    attempts: int
    connect: float
    read: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A response whose body is still to be read."""

    status: int
    headers: Headers
    body: AsyncIterator[bytes]


async def nothing() -> AsyncIterator[bytes]:
    """An empty body."""
    return
    yield b""


@asynccontextmanager
async def exchange(
    address: tuple[str, int],
    method: str,
    target: str,
    headers: Headers,
    body: AsyncIterator[bytes] | None,
    limits: Limits,
) -> AsyncIterator[Reply]:
    """Sends a request and yields the reply. Raises Unreachable or TooSlow, then and while the body is read.

    `body` is None for a request without one; a body without a Content-Length goes out in chunks.
    """
    reader, writer = await _connect(address, limits)
    try:
        connection = h11.Connection(h11.CLIENT)
        await _send(connection, writer, _request(method, target, headers, body), body)
        event = await _next(connection, reader, limits.read)
        while isinstance(event, h11.InformationalResponse):
            event = await _next(connection, reader, limits.read)
        if not isinstance(event, h11.Response):
            raise Unreachable("the connection was closed before an answer")
        yield Reply(
            event.status_code,
            tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in event.headers.raw_items()),
            _body(connection, reader, limits.read),
        )
    finally:
        writer.close()


async def _connect(
    address: tuple[str, int], limits: Limits
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    failure: Exception = Unreachable("no attempt was allowed")
    for _ in range(limits.attempts):
        try:
            async with asyncio.timeout(limits.connect):
                return await asyncio.open_connection(*address, limit=_CHUNK)
        except TimeoutError:
            failure = TooSlow("connecting took too long")
        except OSError:
            failure = Unreachable("the connection was refused")
    raise failure


def _request(method: str, target: str, headers: Headers, body: AsyncIterator[bytes] | None) -> h11.Request:
    sent = without(headers, HOP_BY_HOP)
    if body is None:
        sent = without(sent, {"content-length"})
    elif first(sent, "content-length") is None:
        sent += (("Transfer-Encoding", "chunked"),)
    return h11.Request(
        method=method,
        target=target.encode("latin-1"),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent],
    )


async def _send(
    connection: h11.Connection,
    writer: asyncio.StreamWriter,
    request: h11.Request,
    body: AsyncIterator[bytes] | None,
) -> None:
    try:
        # Head and a first piece of the body leave together: two small writes would wait for each other.
        pending = connection.send(request) or b""
        async for chunk in body or nothing():
            writer.write(pending + (connection.send(h11.Data(chunk)) or b""))
            pending = b""
            await writer.drain()
        writer.write(pending + (connection.send(h11.EndOfMessage()) or b""))
        await writer.drain()
    except OSError as error:
        raise Unreachable("the connection broke while the request was sent") from error


async def _next(
    connection: h11.Connection, reader: asyncio.StreamReader, patience: float
) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
    try:
        while (event := connection.next_event()) is h11.NEED_DATA:
            async with asyncio.timeout(patience):
                connection.receive_data(await reader.read(_CHUNK))
    except TimeoutError as error:
        raise TooSlow("nothing came for too long") from error
    except (OSError, h11.RemoteProtocolError) as error:
        raise Unreachable("the connection broke or carried no HTTP") from error
    return event


async def _body(
    connection: h11.Connection, reader: asyncio.StreamReader, patience: float
) -> AsyncIterator[bytes]:
    while isinstance(event := await _next(connection, reader, patience), h11.Data):
        yield bytes(event.data)
    if not isinstance(event, h11.EndOfMessage):
        raise Unreachable("the connection was closed within the body")
