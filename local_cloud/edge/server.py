"""Serves the ASGI application with hypercorn on a socket that is already listening, until told to end."""

import asyncio
from collections.abc import Callable
from typing import Any

import hypercorn.asyncio
import hypercorn.config

from local_cloud.edge.app import App

_GRACE = 1.0  # seconds for requests under way when the edge is told to end


async def serve(
    app: App, listener: int, end: asyncio.Event, ready: Callable[[], None], log: Callable[[str], None]
) -> None:
    """Serves `listener`, a file descriptor that is closed at the end; calls `ready` once it does.

    `log` gets a line for a connection that hypercorn couldn't make sense of.
    """

    def failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # A traceback would quote the viewer's bytes, and with them a query.
        log(f"- - - a connection failed: {type(context.get('exception')).__name__}")

    asyncio.get_running_loop().set_exception_handler(failed)
    config = hypercorn.config.Config()
    config.bind = [f"fd://{listener}"]
    config.loglevel = "ERROR"
    config.include_server_header = False
    config.include_date_header = False
    config.h11_pass_raw_headers = True  # functions see header names as they were written
    config.h11_max_incomplete_size = 64 * 1024  # past CloudFront's own limit, so that the edge answers 413
    config.graceful_timeout = _GRACE / 2

    async def serving_until_told() -> None:
        ready()
        await end.wait()

    server = asyncio.create_task(hypercorn.asyncio.serve(app, config, shutdown_trigger=serving_until_told))
    told = asyncio.create_task(end.wait())
    await asyncio.wait({server, told}, return_when=asyncio.FIRST_COMPLETED)
    # From Python 3.12 a server waits for its open connections to end, however long they take.
    await asyncio.wait({server}, timeout=_GRACE)
    told.cancel()
    if server.done():
        server.result()
    server.cancel()
