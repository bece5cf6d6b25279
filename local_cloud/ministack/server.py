"""MiniStack as a child of the launcher: `python -m local_cloud.ministack.server FD FOLDER`.

Its own command isn't used because it can't listen on an inherited socket and serves plain http as http: a
bucket policy that enforces TLS would then refuse every principal but root. Here each request counts as an
https one, as it would be on AWS; the bytes stay on loopback.

When the launcher dies without a word, this process is the last that holds the instance's folder, and
removes it.
"""

import asyncio
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from local_cloud import lifeline, origin_access
from local_cloud.environment import CONSOLE_VARIABLE
from local_cloud.folder import InstanceFolder
from local_cloud.ministack import (
    api_cors,
    few_processes,
    function_code,
    function_logs,
    graphql_bounds,
    key_groups,
    metric_math,
    request_tags,
    settled_stacks,
    stack_outputs,
)
from local_cloud.ministack.browser_shield import DISCOVERY, Asked, may_enter

# Taken out before MiniStack is loaded: its functions inherit its environment.
_ORIGIN_ACCESS_SECRET = os.environ.pop(origin_access.SECRET_VARIABLE, "")
_CONSOLE = os.environ.pop(CONSOLE_VARIABLE, "")

# It is given no daemon to use it with (see `environment`), and it takes a tenth of a second to load.
sys.modules["docker"] = cast("Any", None)

# MiniStack carries no type information.
_MINISTACK: Any = importlib.import_module("ministack.app").app
api_cors.teach()
few_processes.teach()
function_logs.teach()
graphql_bounds.teach()
key_groups.teach()
metric_math.teach()
request_tags.teach()
settled_stacks.teach()


def _takes_uploads(bucket: str, origin: str, method: str) -> bool:
    s3: Any = importlib.import_module("ministack.services.s3")
    return bool(s3.cors_response_headers(bucket, method, {"origin": origin}))


async def _as_https(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] == "websocket":
        # Nothing here needs one, and pages may open them to anywhere.
        await send({"type": "websocket.close", "code": 1000, "reason": None})
        return
    if scope["type"] == "http":
        try:
            distribution = origin_access.distribution_of(scope["headers"], _ORIGIN_ACCESS_SECRET)
            if distribution:
                scope = cast("HTTPScope", origin_access.as_root(cast("dict[str, Any]", scope), distribution))
            else:
                asked = Asked.of(scope["method"], scope["path"], scope["query_string"], scope["headers"])
                if not may_enter(asked, _CONSOLE, _takes_uploads):
                    await _answer(send, 403, b"")
                    return
        except origin_access.Refused as refused:
            await _answer(send, refused.status, refused.document)
            return
        scope["scheme"] = "https"
        if DISCOVERY.fullmatch(scope["path"]):
            # Its addresses are this server's own, which are asked by http.
            scope["headers"] = [*scope["headers"], (b"x-forwarded-proto", b"http")]
    await _MINISTACK(scope, receive, send)


async def _answer(send: ASGISendCallable, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/xml")] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _serve(descriptor: int) -> bool:
    """Serve until told to stop; True if the launcher is gone."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    abandoned = False

    def end(launcher_gone: bool) -> None:
        nonlocal abandoned
        abandoned = launcher_gone
        stop.set()

    async def stopped() -> None:
        await stop.wait()

    def ended(launcher_gone: bool) -> None:
        loop.call_soon_threadsafe(end, launcher_gone)

    lifeline.watch(ended)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.2  # nothing here outlives the process: no request is worth waiting for
    await serve(_as_https, config, shutdown_trigger=stopped)
    return abandoned


def main(descriptor: int, folder: Path) -> None:
    """Serve, then end the functions' processes and this one.

    The interpreter isn't wound down: it would wait for every worker thread, and so for the slowest function.
    """
    if os.getpgrp() != os.getpid():
        raise SystemExit(
            "local_cloud.ministack.server must lead its own process group: it ends by killing it"
        )
    instance = InstanceFolder(folder)
    function_code.share(instance.work / "functions")
    stack_outputs.read_in_named_region()
    with asyncio.Runner() as runner:
        abandoned = runner.run(_serve(descriptor))
        if abandoned:
            instance.remove()
        sys.stdout.flush()
        sys.stderr.flush()
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
