"""One local cloud from start to end: the steps in their order, and what happens when one fails or must stop.

    with LocalCloud(Path(".local")) as cloud:
        cloud.outputs["GetUrlEndpoint"]

Leaving the block, for whatever reason, ends every process and deletes every file. `outputs` has the stack's
own outputs, with addresses that work from this machine, and AwsEndpointUrl, AccessKeyId and SecretAccessKey
(see `identities`).
"""

import contextlib
import http.client
import itertools
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from botocore.exceptions import BotoCoreError, ClientError

from local_cloud import console, deployment, environment, identities, origin_access, shell
from local_cloud.children import Child, ChildFailed, finish, listen, listen_beside, pause
from local_cloud.clients import connect
from local_cloud.folder import InstanceFolder
from local_cloud.users import RULES, People

_CONSOLE = 4  # the console is at 127.0.0.4, whatever else is served
_READY_SECONDS = 60
_END_SECONDS = 5
_SHOWN_LINES = 20
_SHOWN_WIDTH = 400

# Called with a step's name as it begins, and again with the seconds that it took when it is done.
Progress = Callable[[str, float | None], None]


class CloudFailed(Exception):
    """The local cloud couldn't start or go on: the message says at which step and why, on one screen."""


class LocalCloud:
    """A context manager, good for one use."""

    def __init__(
        self,
        local_dir: Path,
        *,
        app: Path = environment.ROOT,
        issuer_auth: str = "none",
        region: str = "us-east-1",
        port: int = 0,
        aws_port: int = 0,
        context: Mapping[str, str] | None = None,
        progress: Progress | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """Starts nothing yet.

        `port` is for links (the local edge; further distributions are at the same port of 127.0.0.2 and so
        on), `aws_port` for the AWS API and the stack's own (MiniStack); 0 means a free one. `context` adds to
        the CDK context. `app` is the folder of the CDK app that is deployed: its stack is called what the
        context says as `stack_name`, and says in its outputs what ours says. A start ends early once
        `stopping` says so.
        """
        self.outputs: dict[str, str] = {}
        self.folder = InstanceFolder(local_dir)
        self._region = region
        self._port = port
        self._app = app
        self._aws_port = aws_port
        self._context = {
            "stack_name": "OneTimeUrls",
            "issuer_auth": issuer_auth,
            "region": region,
            "private_assets": "true",
            "upload_folders": "uploads/,private/",
            "private_rules": ",".join(RULES),
            "signed_urls": "true",
            "graphql": "true",
            # A browser has no IAM credentials.
            "console": "false" if issuer_auth == "iam" else "true",
            **(context or {}),
        }
        self._progress = progress or (lambda _name, _seconds: None)
        self._stopping = stopping
        self._origin_access_secret = secrets.token_urlsafe(32)
        self._servers: list[Child] = []
        self._commands: list[Child] = []

    def __enter__(self) -> Self:
        """Start everything, in 10 s or so.

        Raises CloudFailed, `folder.FolderRefused` or `children.Interrupted`; nothing is left behind then.
        """
        try:
            self.folder.acquire()
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def check(self) -> None:
        """Raises CloudFailed when MiniStack or the local edge has ended by itself."""
        with _explained("while serving"):
            self._check()

    def _start(self) -> None:
        with contextlib.ExitStack() as sockets:
            with _explained("ports"):
                aws = sockets.enter_context(listen(self._aws_port))
                links = sockets.enter_context(listen(self._port))
                # MiniStack has to know from the start whose pages sign people in and upload.
                pages = sockets.enter_context(listen_beside(links, _CONSOLE)) if self._has_console else None
            self._start_behind(aws, links, pages, sockets)

    def _start_behind(
        self,
        aws: socket.socket,
        links: socket.socket,
        pages: socket.socket | None,
        sockets: contextlib.ExitStack,
    ) -> None:
        work, region, stack = self.folder.work, self._region, self._context["stack_name"]
        endpoint = _url(aws)
        with self._step("MiniStack"):
            # Synthesis takes longest and waits for nobody: it runs beside the next two steps.
            synthesis = self._command(
                deployment.synthesise(work, self._app, self._context, self._log("synth"))
            )
            self._start_ministack(aws, pages)
            clients = connect(endpoint, region)
            account = clients.sts.get_caller_identity()["Account"]
        with self._step("cdk bootstrap"):
            log = self._log("bootstrap")
            self._finish(self._command(deployment.bootstrap(work, account, endpoint, region, log)))
        with self._step("cdk synth"):
            self._finish(synthesis)
        with self._step("cdk deploy"):
            self._finish(self._command(deployment.deploy(work, endpoint, region, self._log("deploy"))))
            deployed = deployment.read(clients, stack)
        with self._step("IAM users"):
            edge_key = identities.edge_user(clients, deployed, account)
            caller_key = identities.caller_user(clients, deployed, account, region)
        with self._step("pool users"):
            if pool := deployed.outputs.get("UserPoolId"):
                People(work).make(clients.cognito, pool, deployed.outputs["UserPoolClientId"])
        with self._step("local edge"):
            numbers = (each for each in itertools.count(2) if not pages or each != _CONSOLE)
            served = [(deployed.distributions[0], links)]
            for distribution in deployed.distributions[1:]:
                its_own = pages if distribution.url == deployed.outputs.get("ConsoleUrl") else None
                beside = its_own or sockets.enter_context(listen_beside(links, next(numbers)))
                served.append((distribution, beside))
            addresses = {distribution.url: _url(listener) for distribution, listener in served}
            deployment.point(clients, deployed, addresses)
            console.point(clients, deployed, addresses, endpoint)
            self._start_edge(served, endpoint, edge_key)
        self.outputs = {
            **{name: deployment.local(value, addresses) for name, value in deployed.outputs.items()},
            **{
                name: deployment.reachable(deployed.outputs[name], endpoint)
                for name in ("ApiEndpoint", "GetUrlEndpoint", "FilesEndpoint", "UrlEndpoint")
                if name in deployed.outputs
            },
            **deployment.graphql_output(deployed, endpoint),
            "AwsEndpointUrl": endpoint,
            "AccessKeyId": caller_key.id,
            "SecretAccessKey": caller_key.secret,
        }
        self.folder.publish(self.outputs, shell.script(self.outputs, self.folder.path))

    @property
    def _has_console(self) -> bool:
        return self._context["console"] == "true"

    def _start_ministack(self, listener: socket.socket, pages: socket.socket | None) -> None:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        server = Child(
            "MiniStack",
            ["-m", "local_cloud.ministack.server", str(descriptor), str(self.folder.path)],
            environment=environment.ministack(
                self.folder.work, port, self._origin_access_secret, _url(pages) if pages else ""
            ),
            log=self._log("ministack"),
            descriptors=(descriptor, self.folder.descriptor),
        )
        self._serve(server, lambda: _healthy(port))

    def _start_edge(
        self,
        served: Sequence[tuple[deployment.Distribution, socket.socket]],
        endpoint: str,
        key: identities.AccessKey,
    ) -> None:
        log = self._log("edge")
        arguments = ["--aws-endpoint", endpoint, "--log", str(log)]
        for distribution, listener in served:
            arguments += ["--fd", str(listener.fileno()), "--distribution", distribution.id]
        server = Child(
            "the local edge",
            ["-m", "local_cloud.edge", *arguments],
            environment=environment.base(self.folder.work)
            | environment.client(endpoint, deployment.EDGE_REGION, key.variables())
            | {origin_access.SECRET_VARIABLE: self._origin_access_secret},
            log=log,
            descriptors=[listener.fileno() for _, listener in served],
            answers=True,
        )
        self._serve(server, lambda: server.says(b"ready"))

    def _serve(self, server: Child, ready: Callable[[], bool]) -> None:
        self._servers.append(server)
        deadline = time.monotonic() + _READY_SECONDS
        while not ready():
            self._check()
            if time.monotonic() > deadline:
                raise ChildFailed(f"{server.name} wasn't ready after {_READY_SECONDS} s", server.log)
            pause(self._stopping)

    def _check(self) -> None:
        for server in self._servers:
            server.check()

    def _command(self, command: Child) -> Child:
        self._commands.append(command)
        return command

    def _finish(self, command: Child) -> None:
        finish(command, self._stopping)
        command.end(0)
        self._commands.remove(command)

    def _log(self, name: str) -> Path:
        return self.folder.work / "logs" / f"{name}.log"

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._progress(name, None)
        began = time.monotonic()
        with _explained(name):
            yield
        self._progress(name, time.monotonic() - began)

    def _end(self) -> None:
        """End what uses MiniStack before MiniStack, then delete the files."""
        for child in [*reversed(self._commands), *reversed(self._servers)]:
            child.end(_END_SECONDS)
        if self._commands:
            environment.break_locks({command.process.pid for command in self._commands})
        self._commands.clear()
        self._servers.clear()
        self.folder.release()


@contextlib.contextmanager
def _explained(step: str) -> Iterator[None]:
    """Turns what can go wrong in a step into CloudFailed."""
    try:
        yield
    except ChildFailed as error:
        raise CloudFailed(f"{step}: {error}. The end of its log:\n\n{_tail(error.log)}") from error
    except (BotoCoreError, ClientError, OSError, deployment.DeploymentOdd) as error:
        raise CloudFailed(f"{step}: {error}") from error


def _url(listener: socket.socket) -> str:
    address, port = listener.getsockname()
    return f"http://{address}:{port}"


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tail(log: Path) -> str:
    lines = [line.rstrip()[:_SHOWN_WIDTH] for line in log.read_text(errors="replace").splitlines()]
    return "\n".join(f"    {line}" for line in [line for line in lines if line][-_SHOWN_LINES:])
