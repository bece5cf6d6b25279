"""The edge as an ASGI application: takes requests apart, answers them through the pipeline, logs one line
each.

Requests are read as bytes and left as they are. A viewer who goes away ends the work that is done for it. Log
lines hold the method, the path without the query, the status and where the answer came from: the query of
a presigned URL is a key. The path of a share's page is one too: whoever reads the lines may open it.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from local_cloud.edge import responses, results
from local_cloud.edge.hosts import host_of, is_loopback
from local_cloud.edge.http_client import TooSlow, Unreachable
from local_cloud.edge.messages import Request, Response, first
from local_cloud.edge.pipeline import Pipeline

if TYPE_CHECKING:
    from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

# Quotas: "Maximum length of a request, including headers and query strings" and "Maximum length of a URL",
# in bytes; beyond them "Request and response behavior for Amazon S3 origins" has a 413.
LONGEST_REQUEST = 20_480

_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # RFC 9110 section 5.5: in no header's value
_ABSOLUTE_FORM = re.compile("https?://[^/]*(/.*)?", re.IGNORECASE | re.DOTALL)


class ViewerGone(Exception):
    """The viewer closed the connection within its request."""


class App:
    """Serves one distribution; `log` takes a line without its end."""

    def __init__(self, pipeline: Pipeline, log: Callable[[str], None]) -> None:
        self._pipeline = pipeline
        self._log = log

    async def __call__(
        self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        """One ASGI connection scope: a request, the server's life span or a WebSocket, which is refused."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": None})
        else:
            await _Exchange(self._pipeline, scope, receive, send).run(self._log)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, pipeline: Pipeline, scope: "HTTPScope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        self._pipeline = pipeline
        self._scope = scope
        self._receive = receive
        self._send = send
        self._status = 0
        self._notes: list[str] = []
        self._ending = False
        self._request_read = asyncio.Event()

    async def run(self, log: Callable[[str], None]) -> None:
        """Answers, unless the viewer goes away before that is done; writes the log line either way."""
        began = time.monotonic()
        answering = asyncio.create_task(self._answer())
        leaving = asyncio.create_task(self._left())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if self._ending:
                # The server reports the end of an exchange as a disconnect, from within the last send.
                await asyncio.wait({answering})
            gone = not answering.done()
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.wait({answering, leaving})
        if gone:
            self._notes.append("the viewer left")
        elif failure := answering.exception():
            await self._fail(failure)
        # Over HTTP/2 any byte can be in either, and none may end a line or look like another part of it.
        asked = " ".join(
            quote(each, safe=_VISIBLE) for each in (self._scope["method"], self._scope["raw_path"])
        )
        milliseconds = round((time.monotonic() - began) * 1000)
        notes = f" ({'; '.join(self._notes)})" if self._notes else ""
        log(f"{asked} {self._status or '-'} {milliseconds} ms{notes}")

    async def _answer(self) -> None:
        request = request_of(self._scope)
        has_body = request is not None and carries_body(request)
        if not has_body:
            self._request_read.set()
        if request is None:
            await self._refuse(400, "The request isn't well-formed.")
        elif not is_loopback(host_of(self._scope["headers"])):
            await self._refuse(403, "The local edge answers to addresses 127.x.x.x and to localhost only.")
        elif is_too_long(request):
            await self._refuse(413, "The request is longer than CloudFront takes.")
        else:
            async with self._pipeline.answer(request, self._body() if has_body else None) as answer:
                self._notes = [answer.x_cache, answer.note] if answer.note else [answer.x_cache]
                await self._start(answer.status, answer.headers)
                async for chunk in answer.body:
                    await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                await self._end(b"")

    async def _end(self, body: bytes) -> None:
        self._ending = True
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def _start(self, status: int, headers: Any) -> None:
        self._status = status
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self._send(
            {"type": "http.response.start", "status": status, "headers": encoded, "trailers": False}
        )

    async def _refuse(self, status: int, sentence: str) -> None:
        page: Response = responses.error_page(status, sentence, "none")
        own = (("x-cache", "Error from cloudfront"), ("connection", "close"))
        await self._start(status, (*page.headers, *own))
        await self._end(page.body or b"")

    async def _fail(self, failure: BaseException) -> None:
        if isinstance(failure, (Unreachable, TooSlow)):
            self._notes.append(f"broken off, origin: {failure}")
        elif isinstance(failure, ViewerGone):
            self._notes.append("the viewer left")
        else:
            # Only the kind of the failure is told: its text could quote a request.
            self._notes.append(f"failed: {type(failure).__name__}")
        if not self._status:
            await self._refuse(500, "The local edge failed.")

    async def _body(self) -> AsyncIterator[bytes]:
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ViewerGone
            if message["body"]:
                yield message["body"]
            if not message["more_body"]:
                self._request_read.set()
                return

    async def _left(self) -> None:
        await self._request_read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


def request_of(scope: "HTTPScope") -> Request | None:
    """The request as the viewer sent it, or None if its target names no path or isn't percent-encoded."""
    path, querystring = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    if not set(path + querystring) <= set(_VISIBLE):
        return None
    if any(_CONTROL.search(value) for _, value in scope["headers"]):
        return None
    if not path.startswith("/"):
        absolute = _ABSOLUTE_FORM.fullmatch(path)
        if absolute is None:
            return None
        path = absolute.group(1) or "/"
    client = scope["client"]
    return Request(
        method=scope["method"],
        uri=path,
        querystring=querystring,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        client_ip=client[0] if client else "127.0.0.1",
        client_port=(client[1] or 0) if client else 0,
    )


def carries_body(request: Request) -> bool:
    """Whether a body follows the request's headers."""
    length = first(request.headers, "content-length") or "0"
    return length.strip("0") != "" or first(request.headers, "transfer-encoding") is not None


def is_too_long(request: Request) -> bool:
    """Whether the request or its URL is beyond CloudFront's quotas."""
    url = f"https://{first(request.headers, 'host') or ''}{request.target}"
    size = len(request.method) + len(request.target) + sum(len(n) + len(v) + 4 for n, v in request.headers)
    return len(url) > results.LONGEST_URL or size > LONGEST_REQUEST


async def _live(receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return
