"""HTTP on both sides of the edge: bytes untouched, memory bounded, nothing left running, nothing told."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import h2.config
import h2.connection
import pytest
from h2.events import ResponseReceived, StreamEnded

from local_cloud.edge import http_client
from local_cloud.edge.http_client import Limits, TooSlow, Unreachable
from local_cloud.edge.messages import Headers
from tests.local_edge import sockets
from tests.local_edge.build import behaviour, distribution

QUICK = Limits(attempts=3, connect=5, read=5)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
MUCH = 1024 * 1024 * 1024  # bytes that an endless body claims to have
MOST_IN_FLIGHT = 24 * 1024 * 1024  # bytes: two pairs of socket buffers (6 MiB at most on Linux), and ours


async def fetched(
    address: tuple[str, int],
    target: str = "/",
    method: str = "GET",
    headers: Headers = (("Host", "o"),),
    body: AsyncIterator[bytes] | None = None,
    limits: Limits = QUICK,
) -> tuple[int, bytes]:
    async with http_client.exchange(address, method, target, headers, body, limits) as reply:
        return reply.status, b"".join([chunk async for chunk in reply.body])


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def answering(answer: bytes, heads: list[bytes] | None = None) -> sockets.Handler:
    async def handle(head: bytes, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if heads is not None:
            heads.append(head)
        writer.write(answer)
        await writer.drain()

    return handle


class Endless:
    """An origin whose body doesn't end; says when nobody takes it any more and when its viewer is gone."""

    def __init__(self) -> None:
        self.written = 0
        self.blocked, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self, _: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MUCH)
        try:
            while True:
                writer.write(b"x" * 65_536)
                self.written += 65_536
                try:
                    async with asyncio.timeout(0.2):
                        await writer.drain()
                except TimeoutError:
                    self.blocked.set()
                    await writer.drain()
        finally:
            self.ended.set()


def test_a_target_goes_out_byte_for_byte() -> None:
    heads: list[bytes] = []
    target = "//x/../%2f%2F%c3%A9/./a;b=c?x=%41&&y=+&=z%"

    async def scenario() -> tuple[int, bytes]:
        async with sockets.origin(answering(HELLO, heads)) as address:
            return await fetched(address, target)

    assert asyncio.run(scenario()) == (200, b"hello")
    assert heads[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())


def test_informational_answers_are_passed_over() -> None:
    async def scenario() -> tuple[int, bytes]:
        async with sockets.origin(answering(b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO)) as address:
            return await fetched(address)

    assert asyncio.run(scenario()) == (200, b"hello")


@pytest.mark.parametrize(
    ("length", "framed"), [((), b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), ((("Content-Length", "5"),), b"abcde")]
)
def test_an_upload_is_framed_as_its_length_is_known_or_not(length: Headers, framed: bytes) -> None:
    received: list[bytes] = []

    async def handle(_: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readexactly(len(framed)))
        writer.write(HELLO)
        await writer.drain()

    async def scenario() -> None:
        async with sockets.origin(handle) as address:
            await fetched(address, "/", "PUT", (("Host", "o"), *length), pieces(b"abc", b"de"))

    asyncio.run(scenario())
    assert received == [framed]


def test_an_upload_goes_no_faster_than_the_origin_takes_it() -> None:
    taken, never = 0, asyncio.Event()

    async def upload() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(4_096):  # 256 MiB
            await asyncio.sleep(0)
            taken += 65_536
            yield bytes(65_536)

    async def ignore(_: bytes, __: asyncio.StreamReader, ___: asyncio.StreamWriter) -> None:
        await never.wait()

    async def scenario() -> None:
        async with sockets.origin(ignore) as address, asyncio.timeout(0.5):
            await fetched(address, "/", "PUT", body=upload())

    with pytest.raises(TimeoutError):
        asyncio.run(scenario())
    assert 0 < taken < MOST_IN_FLIGHT


def connecting(monkeypatch: pytest.MonkeyPatch, failures: int) -> list[int]:
    """Makes the first so many attempts to connect fail; the list gets one entry per attempt."""
    attempts: list[int] = []
    connect = asyncio.open_connection

    async def open_connection(*address: Any, **options: Any) -> Any:
        attempts.append(1)
        if len(attempts) <= failures:
            raise ConnectionRefusedError
        return await connect(*address, **options)

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    return attempts


def test_connecting_is_tried_as_often_as_the_origin_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> tuple[int, bytes]:
        async with sockets.origin(answering(HELLO)) as address:
            return await fetched(address)

    attempts = connecting(monkeypatch, failures=2)
    assert asyncio.run(scenario())[0] == 200
    attempts = connecting(monkeypatch, failures=3)
    with pytest.raises(Unreachable):
        asyncio.run(scenario())
    assert len(attempts) == 3


def test_a_request_that_was_sent_is_never_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = connecting(monkeypatch, failures=0)

    async def scenario() -> None:
        async with sockets.origin(answering(b"")) as address:
            await fetched(address)

    with pytest.raises(Unreachable):
        asyncio.run(scenario())
    assert len(attempts) == 1


def test_a_server_that_does_not_let_connect_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: Any, **__: Any) -> Any:
        await asyncio.Future()

    monkeypatch.setattr(asyncio, "open_connection", hang)
    with pytest.raises(TooSlow):
        asyncio.run(fetched(("127.0.0.1", 1), limits=Limits(attempts=2, connect=0.01, read=1)))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_server_that_stalls_is_too_slow(answer: bytes) -> None:
    async def handle(_: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await reader.read()

    async def scenario() -> None:
        async with sockets.origin(handle) as address:
            await fetched(address, limits=Limits(attempts=1, connect=5, read=0.05))

    with pytest.raises(TooSlow):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_a_server_that_speaks_no_http_or_breaks_off_is_an_error(answer: bytes) -> None:
    async def scenario() -> None:
        async with sockets.origin(answering(answer)) as address:
            await fetched(address)

    with pytest.raises(Unreachable):
        asyncio.run(scenario())


def test_a_viewer_who_stops_reading_stops_the_origin_and_one_who_leaves_ends_it() -> None:
    async def scenario() -> tuple[int, list[str]]:
        endless = Endless()
        async with (
            sockets.origin(endless) as address,
            sockets.edge(distribution(behaviour()), address) as (port, log),
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=65_536)
            writer.write(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.wait_for(endless.blocked.wait(), 20)
            in_flight = endless.written
            writer.transport.abort()
            await asyncio.wait_for(endless.ended.wait(), 20)
        return in_flight, log

    in_flight, log = asyncio.run(scenario())
    assert 0 < in_flight < MOST_IN_FLIGHT
    assert "the viewer left" in log[0]


def test_the_end_of_the_edge_does_not_wait_for_a_download() -> None:
    async def scenario() -> None:
        async with sockets.origin(Endless()) as address:
            async with sockets.edge(distribution(behaviour()), address) as (port, _):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=65_536)
                writer.write(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await reader.readuntil(b"\r\n\r\n")
            writer.close()

    asyncio.run(asyncio.wait_for(scenario(), 10))


WEIRD = {
    "no HTTP at all": b"hello\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "a raw non-ASCII path": "GET /\xe9 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "a space in the path": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "a tunnel": b"CONNECT e:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "a method of its own": b"BREW /tea HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "a header that is none": b"GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 80_000 + b"\r\n\r\n",
    "a large header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 30_000 + b"\r\n\r\n",
    "a long path": b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a body on a GET": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Length: 1\r\n\r\nx",
    "a WebSocket": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", WEIRD.values(), ids=WEIRD.keys())
def test_a_weird_request_is_refused_and_told_nothing(
    request_bytes: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> tuple[bytes, bytes]:
        async with (
            sockets.origin(answering(HELLO)) as address,
            sockets.edge(distribution(behaviour()), address) as (port, _),
        ):
            refused = await sockets.said_to(port, request_bytes)
            return refused, await sockets.said_to(
                port, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )

    refused, served = asyncio.run(scenario())
    assert refused.startswith(b"HTTP/1.1 4")
    assert served.endswith(b"hello")
    assert "Traceback" not in capfd.readouterr().err


async def asked_in_http_2(port: int, path: bytes) -> bytes:
    """The status that a client gets who takes HTTP/2 for granted and checks nothing; empty for none."""
    config = h2.config.H2Configuration(header_encoding=None, validate_outbound_headers=False)
    client = h2.connection.H2Connection(config)
    client.initiate_connection()
    pseudo = [(b":method", b"GET"), (b":scheme", b"http"), (b":authority", b"localhost"), (b":path", path)]
    client.send_headers(1, pseudo, end_stream=True)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(client.data_to_send())
    status = b""
    while data := await asyncio.wait_for(reader.read(65_536), 10):
        events = client.receive_data(data)
        status = next(
            (dict(e.headers)[b":status"] for e in events if isinstance(e, ResponseReceived)), status
        )
        if any(isinstance(each, StreamEnded) for each in events):
            break
    writer.close()
    return status


def asked_of_the_edge(path: bytes) -> tuple[bytes, list[bytes], list[str]]:
    """The status, what the origin saw and what was logged."""
    reached: list[bytes] = []

    async def scenario() -> tuple[bytes, list[str]]:
        async with (
            sockets.origin(answering(HELLO, reached)) as address,
            sockets.edge(distribution(behaviour()), address) as (port, log),
        ):
            status = await asked_in_http_2(port, path)
        gc.collect()  # an exception that nobody waited for is told when its task is collected
        return status, log

    status, log = asyncio.run(scenario())
    return status, reached, log


def test_http_2_is_served() -> None:
    status, reached, log = asked_of_the_edge(b"/a%20b")
    assert status == b"200"
    assert reached[0].startswith(b"GET /a%20b HTTP/1.1\r\n")
    assert log[0].startswith("GET /a%20b 200 ")


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (b"/caf\xc3\xa9?secret", "- - - a connection failed: "),
        (b"/a b", "GET /a%20b 400 "),
        (b"/a?q=\xff", "GET /a 400 "),
    ],
)
def test_a_path_in_http_2_that_is_not_percent_encoded_is_refused_and_not_logged_as_it_is(
    path: bytes, logged: str, capfd: pytest.CaptureFixture[str]
) -> None:
    _, reached, log = asked_of_the_edge(path)
    assert reached == []
    assert [line[: len(logged)] for line in log] == [logged]
    assert capfd.readouterr().err == ""


def test_http_1_0_and_a_kept_connection_are_served() -> None:
    async def scenario() -> tuple[bytes, bytes, list[str]]:
        async with (
            sockets.origin(answering(HELLO)) as address,
            sockets.edge(distribution(behaviour()), address) as (port, log),
        ):
            one = await sockets.said_to(port, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            many = b""
            for _ in range(3):
                writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                many += await reader.readuntil(b"hello")
            writer.close()
        return one, many, log

    one, many, log = asyncio.run(scenario())
    assert one.endswith(b"\r\n\r\nhello")
    assert many.count(b"HTTP/1.1 200") == 3
    assert [line.split(" ms ")[1] for line in log] == ["(Miss)"] * 4
