"""Starts the local edge: `python -m local_cloud.edge --aws-endpoint URL --fd N --distribution ID [--fd N
--distribution ID ...] [--log PATH]`.

Each `--fd` is a bound, listening loopback socket that the parent process hands down, for the distribution
named next to it: the socket tells distributions apart, as the Host header does on AWS. Credentials come from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Once the edge serves it writes the line `ready` to stdout. It
ends on SIGTERM, on SIGINT and when its stdin reaches its end, which it does when the parent dies. A failure
to start is one line on stderr and exit code 1.

ORIGIN_ACCESS_SECRET is what MiniStack knows distributions by where an origin access control signs (see
`local_cloud.origin_access`).

The IAM user needs cloudfront:GetDistribution, GetCachePolicy, GetOriginRequestPolicy,
GetResponseHeadersPolicy, GetOriginAccessControl, GetKeyGroup and GetPublicKey, and on the associated function
versions lambda:GetFunctionConfiguration and lambda:InvokeFunction. It needs nothing on S3: viewers bring what
S3 asks for, or don't.
"""

import argparse
import asyncio
import functools
import ipaddress
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from local_cloud import origin_access
from local_cloud.edge import deployed
from local_cloud.edge.app import App
from local_cloud.edge.documents import NotModelled
from local_cloud.edge.functions import Functions
from local_cloud.edge.http_client import exchange
from local_cloud.edge.pipeline import Pipeline
from local_cloud.edge.server import serve

REGION = "us-east-1"  # where CloudFront's API and its functions are


class CannotStart(Exception):
    """The arguments or the environment are wrong; the message is one line for a person."""


def main() -> int:
    """Runs the edge; returns the exit code."""
    arguments = _arguments()
    try:
        address = _address(arguments.aws_endpoint)
        listeners = _listeners(arguments)
        pipelines = _pipelines(address, dict(zip(arguments.distribution, listeners, strict=True)))
        with Path(arguments.log or os.devnull).open("a", encoding="utf-8", buffering=1) as log:
            out = functools.partial(print, file=log if arguments.log else sys.stderr)
            # A line begins with the distribution that it is about.
            apps = [
                App(pipeline, functools.partial(out, distribution))
                for pipeline, distribution in zip(pipelines, arguments.distribution, strict=True)
            ]
            asyncio.run(_serve(list(zip(apps, listeners, strict=True)), out))
    except (CannotStart, NotModelled, BotoCoreError, ClientError, OSError) as error:
        print(f"local edge: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local_cloud.edge", description="CloudFront's data plane."
    )
    parser.add_argument(
        "--fd",
        type=int,
        required=True,
        action="append",
        help="file descriptor of a listening loopback socket",
    )
    parser.add_argument("--aws-endpoint", required=True, help="http://ADDRESS:PORT of the local AWS")
    parser.add_argument(
        "--distribution", required=True, action="append", help="id of the deployed distribution behind it"
    )
    parser.add_argument("--log", help="file to append a line per request to (default: stderr)")
    return parser.parse_args()


def _address(endpoint: str) -> tuple[str, int]:
    match = re.fullmatch(r"http://([0-9.]+):([0-9]{1,5})/?", endpoint)
    if not match or not ipaddress.ip_address(match.group(1)).is_loopback:
        raise CannotStart("--aws-endpoint has to be http:// with a loopback address and a port")
    return match.group(1), int(match.group(2))


def _listeners(arguments: argparse.Namespace) -> list[int]:
    if len(arguments.fd) != len(arguments.distribution):
        raise CannotStart("each --fd needs a --distribution")
    return [_listener(each) for each in arguments.fd]


def _listener(descriptor: int) -> int:
    with socket.socket(fileno=os.dup(descriptor)) as listener:
        name = listener.getsockname()
        listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if not isinstance(name, tuple) or not ipaddress.ip_address(name[0]).is_loopback or not listening:
            raise CannotStart("--fd has to be a listening socket on a loopback address")
    return descriptor


def _pipelines(address: tuple[str, int], served: Mapping[str, int]) -> list[Pipeline]:
    """A pipeline for each distribution; `served` has their listeners by their ids."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        raise CannotStart("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set")
    session = boto3.session.Session(key, secret, region_name=REGION)
    # One attempt and no proxy: the endpoint is on this machine.
    client = functools.partial(
        session.client,
        endpoint_url=f"http://{address[0]}:{address[1]}",
        config=Config(proxies={}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10),
    )
    cloudfront, lambda_ = client("cloudfront"), client("lambda")
    functions = Functions(address, Credentials(key, secret), REGION)
    fetch = functools.partial(exchange, address)
    described = [deployed.distribution(cloudfront, lambda_, each) for each in served]
    for distribution in described:
        for setting in distribution.idle:
            print(f"local edge: {distribution.id}: {setting} has no effect here", file=sys.stderr)
    shared = os.environ.get(origin_access.SECRET_VARIABLE, "")
    return [
        Pipeline(
            each,
            functions.invoke,
            fetch,
            origin_access.credential(each.arn, shared),
            _url(served[each.id]),
        )
        for each in described
    ]


def _url(descriptor: int) -> str:
    with socket.socket(fileno=os.dup(descriptor)) as listener:
        host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _serve(served: Sequence[tuple[App, int]], log: Callable[[str], None]) -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    threading.Thread(target=_at_end_of_stdin, args=(loop, end.set), daemon=True).start()
    await serve(served, end, lambda: print("ready", flush=True), log)


def _at_end_of_stdin(loop: asyncio.AbstractEventLoop, then: Callable[[], None]) -> None:
    """Waits in a thread, since an event loop can't watch every kind of file that stdin may be."""
    try:
        while os.read(0, 1024):
            pass
    except OSError:
        pass  # a stdin that can't be read is at its end as well
    if not loop.is_closed():
        loop.call_soon_threadsafe(then)


if __name__ == "__main__":
    sys.exit(main())
