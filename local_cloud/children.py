"""Starting, watching and ending the launcher's child processes.

Each child leads a session and process group of its own, so that Ctrl-C in the terminal reaches the launcher
only and the children end in order; each has a log file; each ends with the launcher (see `lifeline`).
Waiting is always interruptible: the launcher's signal handlers only set a flag, and every wait looks at it.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local_cloud import lifeline
from local_cloud.environment import ROOT

_LOOK_SECONDS = 0.05


class Interrupted(Exception):
    """The launcher was told to stop."""


class ChildFailed(Exception):
    """A child ended that should have gone on, or a command failed; `log` is where it wrote."""

    def __init__(self, message: str, log: Path) -> None:
        super().__init__(message)
        self.log = log


class Child:
    """A running child process and its log."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        folder: Path = ROOT,
        descriptors: Sequence[int] = (),
        answers: bool = False,
    ) -> None:
        """Start Python with these arguments, in `folder`.

        With `answers`, standard output is a pipe for `says`. Without, it goes to the log with standard error.
        """
        self.name = name
        self.log = log
        self._said = b""
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if answers else file,
                stderr=file,
                env=dict(environment),
                cwd=folder,
                pass_fds=tuple(descriptors),
                start_new_session=True,
            )

    def check(self) -> None:
        """Raises ChildFailed when the child has ended."""
        status = self.process.poll()
        if status is not None:
            raise ChildFailed(f"{self.name} ended unexpectedly ({_status(status)})", self.log)

    def says(self, line: bytes) -> bool:
        """Whether the child has written this line to its standard output by now."""
        pipe = self.process.stdout
        while pipe is not None and select.select([pipe], [], [], 0)[0]:
            data = os.read(pipe.fileno(), 4096)
            if not data:
                break
            self._said += data
        return line in self._said.splitlines()

    def end(self, grace_seconds: float) -> None:
        """Ask the child to end, then end what is left of its process group. Returns when it is gone."""
        pipe = self.process.stdin
        if pipe is not None and not pipe.closed:
            with contextlib.suppress(OSError):
                os.write(pipe.fileno(), lifeline.GOODBYE)
            with contextlib.suppress(OSError):
                pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(grace_seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def command(
    name: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path, folder: Path = ROOT
) -> Child:
    """Start a command that knows nothing of us, to be waited for with `finish` or ended with `Child.end`."""
    wrapped = ["-m", "local_cloud.lifeline", *arguments]
    return Child(name, wrapped, environment=environment, log=log, folder=folder)


def finish(child: Child, stopping: Callable[[], bool]) -> None:
    """Wait for a command's success. Raises ChildFailed, or Interrupted (the command then still runs)."""
    while child.process.poll() is None:
        pause(stopping)
    if child.process.returncode != 0:
        raise ChildFailed(f"{child.name} failed ({_status(child.process.returncode)})", child.log)


def pause(stopping: Callable[[], bool]) -> None:
    """Give way for a moment between two looks at something. Raises Interrupted."""
    time.sleep(_LOOK_SECONDS)
    if stopping():
        raise Interrupted


def listen(port: int, address: str = "127.0.0.1") -> socket.socket:
    """A listening socket on a loopback address, at this port or a free one (0), for a child to inherit.

    It listens from the start, so that nobody else can take the port and early requests wait. Raises OSError
    with a sentence.
    """
    try:
        return socket.create_server((address, port), backlog=128)
    except OSError as error:
        raise OSError(f"port {port} on {address} can't be used: {error.strerror}") from error


def listen_beside(first: socket.socket, number: int) -> socket.socket:
    """A listening socket on the loopback address 127.0.0.`number`, at the port of `first` if it is free.

    An address of its own, because browsers send a host's cookies to each of its ports. Where the system has
    no such address (macOS, unless `ifconfig lo0 alias` added it) it is another port of 127.0.0.1.
    """
    address = f"127.0.0.{number}"
    for port, place in ((first.getsockname()[1], address), (0, address)):
        with contextlib.suppress(OSError):
            return listen(port, place)
    return listen(0)


def _status(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"signal {-status}"
