"""A part of a file as the body of a request that counts what is really sent, and can be stopped.

botocore reads a body more than once: for its checksum, for its signature, and to send it, again if it has
to. Only the last is progress. Its events tell them apart, as they do for boto3's own transfers (s3transfer,
`utils.signal_transferring`).
"""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Stopped(Exception):
    """This body can't be sent to its end, or nobody waits for it any more."""


class Counter:
    """Adds up what all parts have sent.

    Attributes:
        stop: set when no more may be sent.
    """

    def __init__(self, progress: Callable[[int, int], None], size: int) -> None:
        self._progress, self._size, self._there = progress, size, 0
        self._lock = threading.Lock()
        self.stop = threading.Event()

    def add(self, size: int) -> None:
        """So many bytes more are there; less than none if they have to be sent again."""
        with self._lock:
            self._there += size
            self._progress(self._there, self._size)


class PartBody(io.RawIOBase):
    """`size` bytes of a file, from `start`."""

    def __init__(self, path: Path, start: int, size: int, counter: Counter) -> None:
        self._file = path.open("rb")
        self._start, self._size, self._counter = start, size, counter
        self._at = self._counted = 0
        self.sending = False
        self._file.seek(start)

    def __len__(self) -> int:
        """The body's length, which botocore sends as its Content-Length."""
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, min(base + offset, self._size))
        self._file.seek(self._start + self._at)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes. Raises Stopped when nobody waits for them, or the file has no more."""
        if self._counter.stop.is_set():
            raise Stopped
        left = self._size - self._at
        found = self._file.read(left if size is None or size < 0 else min(size, left))
        if left and not found and size != 0:
            raise Stopped  # the file was cut meanwhile: no more bytes will come
        self._at += len(found)
        if self.sending:
            self._count(self._at)
        return found

    def close(self) -> None:
        self._file.close()
        super().close()

    def begin(self) -> None:
        """What is read from now on is sent. What was sent before is lost."""
        self.sending = True
        self._count(0)

    def pause(self) -> None:
        """What is read from now on is only looked at."""
        self.sending = False

    def _count(self, there: int) -> None:
        if there != self._counted:
            self._counter.add(there - self._counted)
            self._counted = there


def count_what_is_sent(s3: Any) -> None:
    """Have an S3 client tell each `PartBody` when it is sent and when it is only looked at."""
    events = s3.meta.events
    events.register_first("request-created.s3", _pause, unique_id="onetime-pause")
    events.register_last("request-created.s3", _begin, unique_id="onetime-begin")


def _pause(request: Any, **_: Any) -> None:
    if body := _part_in(request):
        body.pause()


def _begin(request: Any, **_: Any) -> None:
    if body := _part_in(request):
        body.begin()


def _part_in(request: Any) -> PartBody | None:
    """The body, also where botocore has wrapped it to send a checksum behind it (`AwsChunkedWrapper`)."""
    body = getattr(request.body, "_raw", request.body)
    return body if isinstance(body, PartBody) else None
