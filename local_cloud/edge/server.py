"""Serves ASGI applications with hypercorn, each on a socket that is already listening, until told to end."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import hypercorn.asyncio
import hypercorn.config

from local_cloud.edge.app import App

_GRACE = 1.0  # seconds for requests under way when the edge is told to end


async def serve(
    served: Sequence[tuple[App, int]],
    end: asyncio.Event,
    ready: Callable[[], None],
    log: Callable[[str], None],
) -> None:
    """Serves each application on its listener, a file descriptor that is closed at the end; calls `ready`
    once all do.

    `log` gets a line for a connection that hypercorn couldn't make sense of.
    """

    def failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # A traceback would quote the viewer's bytes, and with them a query.
        log(f"- - - a connection failed: {type(context.get('exception')).__name__}")

    asyncio.get_running_loop().set_exception_handler(failed)
    all_ready = asyncio.Barrier(len(served))

    async def serving_until_told() -> None:
        if await all_ready.wait() == 0:
            ready()
        await end.wait()

    servers = {
        asyncio.create_task(
            hypercorn.asyncio.serve(app, _config(listener), shutdown_trigger=serving_until_told)
        )
        for app, listener in served
    }
    told = asyncio.create_task(end.wait())
    await asyncio.wait({*servers, told}, return_when=asyncio.FIRST_COMPLETED)
    # From Python 3.12 a server waits for its open connections to end, however long they take.
    await asyncio.wait(servers, timeout=_GRACE)
    told.cancel()
    for server in servers:
        if server.done():
            server.result()
        server.cancel()


def _config(listener: int) -> hypercorn.config.Config:
    config = hypercorn.config.Config()
    config.bind = [f"fd://{listener}"]
    config.loglevel = "ERROR"
    config.include_server_header = False
    config.include_date_header = False
    config.h11_pass_raw_headers = True  # functions see header names as they were written
    config.h11_max_incomplete_size = 64 * 1024  # past CloudFront's own limit, so that the edge answers 413
    config.graceful_timeout = _GRACE / 2
    return config
