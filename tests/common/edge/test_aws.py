"""One request to AWS: a deadline for the whole exchange, and an honest word about its outcome.

The peer is a real socket on loopback that follows a script; nothing is mocked.
"""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.edge.aws import JsonService, NotSent, ServiceError, UnknownOutcome
from common.edge.http1 import MAX_ANSWER_BYTES, read_answer
from common.edge.sigv4 import Credentials

Script = Callable[[socket.socket], None]


class Clock:
    """A monotonic clock that moves by `step` whenever it is read: slowness without waiting."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 100.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@contextmanager
def peer(*scripts: Script) -> Iterator[str]:
    """Serve one connection per script on loopback; yields the endpoint."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for script in scripts:
            connection, _ = listener.accept()
            with connection:
                script(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread.join(5)
    listener.close()
    assert not thread.is_alive()


@contextmanager
def service(endpoint: str, monotonic: Callable[[], float] | None = None) -> Iterator[JsonService]:
    client = JsonService(
        service="dynamodb",
        region="us-east-1",
        target="DynamoDB_20120810",
        protocol="1.0",
        endpoint=endpoint,
        tls=None,
        credentials=lambda: Credentials("AKIDEXAMPLE", "secret"),
        clock=lambda: 1_800_000_000.0,
        monotonic=monotonic or Clock(),
    )
    yield client
    client.close()


def read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(status: int, body: object, *headers: str) -> Script:
    payload = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Phrase", *headers, f"Content-Length: {len(payload)}", "", ""]

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall("\r\n".join(lines).encode() + payload)

    return script


def test_two_calls_share_one_connection() -> None:
    def twice(connection: socket.socket) -> None:
        answering(200, {"n": 1})(connection)
        answering(200, {"n": 2})(connection)

    with peer(twice) as endpoint, service(endpoint) as client:
        assert client.call("UpdateItem", {"a": "é"}, 5) == {"n": 1}
        assert client.call("UpdateItem", {}, 5) == {"n": 2}


def test_a_connection_that_the_peer_closed_is_replaced_before_it_is_used() -> None:
    with peer(answering(200, {"n": 1}), answering(200, {"n": 2})) as endpoint, service(endpoint) as client:
        assert client.call("UpdateItem", {}, 5) == {"n": 1}
        assert client._connection is not None
        select.select([client._connection], [], [], 5)  # until the peer's close has arrived
        assert client.call("UpdateItem", {}, 5) == {"n": 2}


def test_a_connection_that_was_idle_for_long_is_replaced() -> None:
    clock = Clock()
    with peer(answering(200, {}), answering(200, {"n": 2})) as endpoint, service(endpoint, clock) as client:
        client.call("UpdateItem", {}, 5)
        clock.now += 20.0
        assert client.call("UpdateItem", {}, 5) == {"n": 2}


def test_an_answer_that_ends_the_connection_is_still_an_answer() -> None:
    closing = answering(200, {"n": 1}, "Connection: close")
    with peer(closing, answering(200, {"n": 2})) as endpoint, service(endpoint) as client:
        assert client.call("UpdateItem", {}, 5) == {"n": 1}
        assert client.call("UpdateItem", {}, 5) == {"n": 2}


def test_an_error_of_the_service_carries_its_name_and_body() -> None:
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "Item": {"a": {"S": "b"}},
    }
    with (
        peer(answering(400, body)) as endpoint,
        service(endpoint) as client,
        pytest.raises(ServiceError) as raised,
    ):
        client.call("UpdateItem", {}, 5)
    assert raised.value.code == "ConditionalCheckFailedException"
    assert raised.value.body["Item"] == {"a": {"S": "b"}}


def test_no_listener_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with service(f"http://127.0.0.1:{port}") as client, pytest.raises(NotSent):
        client.call("UpdateItem", {}, 5)


def test_a_connection_that_was_opened_ahead_is_the_next_call_s() -> None:
    with peer(answering(200, {"n": 1})) as endpoint, service(endpoint) as client:
        client.connect(5)
        assert client.call("UpdateItem", {}, 5) == {"n": 1}


@pytest.fixture
def silent_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that doesn't answer until the event is set."""
    answers, resolve = threading.Event(), socket.getaddrinfo

    def wait(*arguments: Any, **named: Any) -> Any:
        answers.wait()
        return resolve(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield answers
    answers.set()


def test_a_name_server_that_is_silent_holds_nobody_up_past_the_deadline(
    silent_name_server: threading.Event,
) -> None:
    with service("http://localhost:9") as client:
        with pytest.raises(NotSent, match="TimeoutError"):
            client.call("UpdateItem", {}, 0.05)
        assert not silent_name_server.is_set()


def test_a_look_up_that_took_too_long_serves_the_next_call(silent_name_server: threading.Event) -> None:
    with (
        peer(answering(200, {"n": 1})) as endpoint,
        service(endpoint.replace("127.0.0.1", "localhost")) as client,
    ):
        with pytest.raises(NotSent):
            client.call("UpdateItem", {}, 0.05)
        silent_name_server.set()
        assert client.call("UpdateItem", {}, 5) == {"n": 1}


def test_of_many_addresses_each_that_is_tried_has_time_to_answer_from_afar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float | None] = []

    class Recording(socket.socket):
        def connect(self, address: Any) -> None:
            waits.append(self.gettimeout())
            super().connect(address)

    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **named: resolve(*asked, **named) * 8)
    monkeypatch.setattr(socket, "socket", Recording)
    with (
        service("http://127.0.0.1:9", Clock()) as client,
        pytest.raises(NotSent, match="ConnectionRefusedError"),
    ):
        client.call("UpdateItem", {}, 1.4)
    assert waits == pytest.approx([0.7, 1.4])


def test_a_name_that_is_none_means_not_sent() -> None:
    with service("http://no-such-host.invalid:80") as client, pytest.raises(NotSent):
        client.call("UpdateItem", {}, 5)


def test_a_deadline_that_has_passed_means_not_sent() -> None:
    with service("http://127.0.0.1:9", Clock(step=1)) as client, pytest.raises(NotSent):
        client.call("UpdateItem", {}, 0.5)


def cut(connection: socket.socket) -> None:
    read_request(connection)


def cut_inside_the_answer(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}")


def answer_without_a_length(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")


def answer_with_a_page(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>")


def answer_with_a_list(connection: socket.socket) -> None:
    answering(200, [])(connection)


@pytest.mark.parametrize(
    "script", [cut, cut_inside_the_answer, answer_without_a_length, answer_with_a_page, answer_with_a_list]
)
def test_an_answer_that_cannot_be_read_means_an_unknown_outcome(script: Script) -> None:
    with peer(script) as endpoint, service(endpoint) as client, pytest.raises(UnknownOutcome):
        client.call("UpdateItem", {}, 5)


def test_an_answer_that_trickles_past_the_deadline_means_an_unknown_outcome() -> None:
    done = threading.Event()

    def trickle(connection: socket.socket) -> None:
        read_request(connection)
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{":
            if done.is_set():
                return
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return
        done.wait(5)

    with peer(trickle) as endpoint, service(endpoint, Clock(step=0.05)) as client:
        with pytest.raises(UnknownOutcome):
            client.call("UpdateItem", {}, 0.5)
        done.set()


def feed(parts: list[bytes]) -> Callable[[], bytes]:
    left = iter(parts)

    def receive() -> bytes:
        try:
            return next(left)
        except StopIteration:
            raise ConnectionError from None

    return receive


@given(st.binary(max_size=200), st.lists(st.integers(1, 50), max_size=10), st.booleans())
def test_an_answer_is_read_the_same_however_it_is_cut_up(
    body: bytes, sizes: list[int], chunked: bool
) -> None:
    if chunked:
        rest, encoded = body, b""
        for size in sizes:
            part, rest = rest[:size], rest[size:]
            encoded += b"%x;ext=1\r\n%s\r\n" % (len(part), part) if part else b""
        encoded += (b"%X\r\n%s\r\n" % (len(rest), rest) if rest else b"") + b"0\r\nTrailer: x\r\n\r\n"
        message = (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding:  Chunked \r\n\r\n" + encoded
        )
    else:
        message = b"HTTP/1.1 200 OK\r\ncontent-LENGTH:  %d \r\n\r\n%s" % (len(body), body)
    parts, at = [], 0
    for size in [*sizes, *sizes, len(message)]:
        parts.append(message[at : at + size])
        at += size
    assert read_answer(feed([part for part in parts if part])) == (200, body, True)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_answer_are_an_error_and_never_anything_else(junk: bytes) -> None:
    with pytest.raises((ValueError, ConnectionError)):
        read_answer(feed([junk] if junk else []))


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"Transfer-Encoding: chunked\rContent-Length: 2", "not a length"),
        (b"Content-Length: 2\rx", "not a length"),
        (b"Content-Length: 2\n3", "not a length"),
        (b"x: 2", "not a length"),
        (b"Content-Length: 2\r\nContent-Length: 1", "several lengths"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 2", "several lengths"),
        (b"Content-Length: 2\r\nTransfer-Encoding: gzip, chunked", "several lengths"),
    ],
)
def test_an_answer_whose_end_can_only_be_guessed_is_an_error(head: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_answer(feed([b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n"]))


def test_an_answer_of_another_protocol_is_an_error() -> None:
    """RFC 9112, section 2.3: the protocol's name has capital letters."""
    with pytest.raises(ValueError, match="not an HTTP"):
        read_answer(feed([b"http/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]))


def test_an_endless_answer_is_cut_off() -> None:
    with pytest.raises(ValueError, match="too long"):
        read_answer(lambda: b"x" * 65536)
    with pytest.raises(ValueError, match="too long"):
        read_answer(feed([b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_ANSWER_BYTES + 1)]))


def test_bytes_after_the_answer_bar_the_connection() -> None:
    assert read_answer(feed([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP"])) == (200, b"{}", False)
