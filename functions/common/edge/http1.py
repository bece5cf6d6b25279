"""Reads one HTTP/1.1 answer from a connection (RFC 9112, sections 4, 6 and 7).

Only what AWS's JSON services, issuers of tokens and the local cloud send: a body with a length or in chunks.
Anything else is an error, because a guess about where an answer ends could pair it with the wrong request.
`http.client` would do, but it brings the e-mail parser along, which costs a new container more CPU than the
claim itself (`make bench` measures what is left).
"""

import re
from collections.abc import Callable

MAX_ANSWER_BYTES = 1 << 20
"""More than any answer to a guard's requests to AWS: a DynamoDB item is 400 KB at most."""

_FRAMING = re.compile(rb"\r\n(connection|content-length|transfer-encoding):(.*?)(?=\r\n|\Z)")
"""The fields that say where an answer ends."""


def read_answer(receive: Callable[[], bytes], limit: int = MAX_ANSWER_BYTES) -> tuple[int, bytes, bool]:
    """Read one final answer.

    Args:
        receive: returns the next bytes, at least one; raises when there are none.
        limit: bytes to read at most, headers included.

    Returns:
        The status, the body, and whether the connection can carry another request.

    Raises:
        ValueError: the bytes aren't an answer that this reads, or are more than `limit`.
    """
    reader = _Reader(receive, limit)
    status = 100
    while status < 200:  # interim answers, such as 100 Continue, come before the real one
        head = reader.until(b"\r\n\r\n")
        if head[:9] != b"HTTP/1.1 " or not head[9:12].isdigit():
            raise ValueError("not an HTTP/1.1 answer")
        status = int(head[9:12])
    fields = _FRAMING.findall(head.lower())
    if len([name for name, _ in fields if name != b"connection"]) > 1:
        raise ValueError("several lengths")
    framing = {name: value.strip() for name, value in fields}
    if framing.get(b"transfer-encoding") == b"chunked":
        body = _read_chunks(reader)
    else:
        body = reader.exactly(_length(framing.get(b"content-length", b""), 10))
    return status, body, framing.get(b"connection") != b"close" and not reader.buffer


def _read_chunks(reader: "_Reader") -> bytes:
    body = bytearray()
    while size := _length(reader.until(b"\r\n").partition(b";")[0].strip(), 16):
        body += reader.exactly(size)
        if reader.until(b"\r\n"):
            raise ValueError("a chunk of another length")
    while reader.until(b"\r\n"):  # trailers
        pass
    return bytes(body)


def _length(digits: bytes, base: int) -> int:
    if not digits.isalnum():
        raise ValueError("not a length")
    return int(digits, base)


class _Reader:
    """Takes parts out of what `receive` returns."""

    def __init__(self, receive: Callable[[], bytes], limit: int) -> None:
        self._receive, self._limit = receive, limit
        self._taken = 0
        self.buffer = bytearray()

    def until(self, mark: bytes) -> bytes:
        """What comes before `mark`, which is taken too."""
        while (end := self.buffer.find(mark)) < 0:
            self._fill()
        taken = self._take(end)
        del self.buffer[: len(mark)]
        return taken

    def exactly(self, size: int) -> bytes:
        if size > self._limit:
            raise ValueError("too long")
        while len(self.buffer) < size:
            self._fill()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def _fill(self) -> None:
        received = self._receive()
        self._taken += len(received)
        if self._taken > self._limit:
            raise ValueError("too long")
        self.buffer += received
