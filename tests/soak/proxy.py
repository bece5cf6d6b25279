"""A proxy on loopback that stands between the functions and their stores, and lets calls go wrong.

Everything that a fault does is done to real calls: what is "done" is done by the real store, and what is
lost is lost on a real connection.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

from local_cloud.edge.http_client import Limits, Reply, Unreachable, exchange
from local_cloud.edge.messages import HOP_BY_HOP, Headers, first, without
from tests.soak.faults import Fault, Plan

LIMITS = Limits(attempts=1, connect=5, read=20)
SLOW_SECONDS = 1.6
"""Longer than the guard waits for the reply to any one write."""

_THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow down"}'
_FAILED = b'{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"x-claim-token"}'
_SLOW_DOWN = b"<Error><Code>SlowDown</Code><CanonicalRequest>x-claim-token</CanonicalRequest></Error>"


@dataclass(frozen=True)
class Call:
    """One call as it came in."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def store(self) -> str:
        """Which store it is for: "store" (DynamoDB), "parameter" (SSM) or "object" (S3)."""
        service = first(self.headers, "x-amz-target") or ""
        return "store" if service.startswith("DynamoDB") else "parameter" if service else "object"


class FaultProxy:
    """Passes calls on to `upstream` and lets them go wrong as `plan_of` says.

    Attributes:
        late: calls that are still to be done.
        met: how often each fault was met.
    """

    def __init__(self, upstream: tuple[str, int], plan_of: Callable[[Call], Plan | None]) -> None:
        self.late: list[Call] = []
        self.met: Counter[str] = Counter()
        self._upstream, self._plan_of = upstream, plan_of
        self._open: set[asyncio.StreamWriter] = set()
        self.address = ("127.0.0.1", 0)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        async with await asyncio.start_server(self._connected, "127.0.0.1", 0) as server:
            self.address = server.sockets[0].getsockname()[:2]
            yield self
        for writer in self._open:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._open), return_exceptions=True)

    async def deliver_late(self) -> None:
        """Do what is still to be done."""
        while self.late:
            await self._do(self.late.pop(0))

    async def _do(self, call: Call) -> None:
        async with self._done(call) as reply:
            async for _ in reply.body:
                pass

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        # Cancelled when the proxy ends; asyncio's own callback can't take a task that ends that way.
        with suppress(OSError, asyncio.IncompleteReadError, Unreachable, asyncio.CancelledError):
            while await self._serve(await _read(reader), writer):
                pass
        writer.close()

    async def _serve(self, call: Call, writer: asyncio.StreamWriter) -> bool:
        """Answer one call; False to end the connection."""
        fault = self._fault(call)
        self.met[f"{call.store}: {fault.value}"] += 1
        match fault:
            case Fault.REQUEST_CUT:
                return False
            case Fault.LATE:
                self.late.append(call)
                return False
            case Fault.THROTTLED if call.store == "object":
                await _answer(writer, 503, (("Content-Type", "application/xml"),), _SLOW_DOWN)
                return True
            case Fault.THROTTLED:
                await _answer(writer, 400, (), _THROTTLED)
                return True
            case Fault.FAILED:
                await _answer(writer, 500, (), _SLOW_DOWN if call.store == "object" else _FAILED)
                return True
        async with self._done(call) as reply:
            body = b"".join([chunk async for chunk in reply.body])
            match fault:
                case Fault.REPLY_LOST:
                    return False
                case Fault.FAILED_AFTER:
                    await _answer(writer, 500, (), _FAILED)
                    return True
                case Fault.DOUBLED if reply.status == 200:
                    self.late.append(call)
                case Fault.DOUBLED:
                    await self._do(call)
                case Fault.SLOW:
                    await asyncio.sleep(SLOW_SECONDS)
            await _answer(writer, reply.status, reply.headers, body, whole=fault is not Fault.REPLY_CUT)
            return fault is not Fault.REPLY_CUT

    def _fault(self, call: Call) -> Fault:
        plan = self._plan_of(call)
        planned: list[Fault] = getattr(plan, call.store) if plan else []
        if not plan or not planned:
            return Fault.NONE
        fault = planned.pop(0)
        if call.store == "store":
            plan.met_at_store.append(fault)
        return fault

    def _done(self, call: Call) -> AbstractAsyncContextManager[Reply]:
        """The store's own reply."""
        body = _once(call.body) if call.body else None
        return exchange(self._upstream, call.method, call.target, call.headers, body, LIMITS)


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.rstrip().split("\r\n")
    method, target, _ = line.split(" ")
    headers = tuple((name, value.strip()) for name, _, value in (each.partition(":") for each in fields))
    length = int(first(headers, "content-length") or 0)
    return Call(method, target, headers, await reader.readexactly(length) if length else b"")


async def _answer(
    writer: asyncio.StreamWriter, status: int, headers: Headers, body: bytes, *, whole: bool = True
) -> None:
    """Send a response, or only the first half of its body."""
    kept = without(headers, HOP_BY_HOP | {"content-length"})
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in kept)]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1")
    writer.write(head + (body if whole else body[: len(body) // 2]))
    await writer.drain()


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
