"""The installed program, each time in a process of its own.

Python, boto3 and Typer take several times as long to load as most commands take to run, and so the processes
are forked off one that has loaded them (`forking`). A test that is about a terminal, a pipe or a limit of the
system starts `PROGRAM` itself.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROGRAM = Path(sys.executable).parent / "onetime"
SECONDS = 60
"""The longest that a run may take."""


@dataclass(frozen=True)
class Done:
    """What came of a run.

    Attributes:
        returncode: the exit status; a signal's negative number if that ended it.
        output: the bytes on standard output.
        stderr: the text on standard error.
    """

    returncode: int
    output: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        """The text on standard output."""
        return self.output.decode()


class Program:
    """Runs the program, one run at a time.

    Attributes:
        pid: the process id of the run; 0 where none is under way.
    """

    def __init__(self, folder: Path) -> None:
        """Args:
        folder: for the files that are a run's standard input, output and error.
        """
        self.pid = 0
        self._streams = [folder / name for name in ("stdin", "stdout", "stderr")]
        for each in self._streams:
            each.touch()
        self._server = subprocess.Popen(
            [sys.executable, "-P", Path(__file__).with_name("forking.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ},
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the tests
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._abandon()
        self._server.communicate()

    def start(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], given: str = ""
    ) -> None:
        """Begin a run in a folder. One that nobody waited for, because its test failed, is ended.

        Args:
            given: its standard input.
        """
        self._abandon()
        self._streams[0].write_text(given)
        wanted = {
            "arguments": [str(PROGRAM), *arguments],
            "folder": str(folder),
            "environment": dict(environment),
            "streams": [str(each) for each in self._streams],
        }
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(wanted).encode() + b"\n")
        self.pid = self._told()

    def end(self) -> Done:
        """Wait for the end of the run. Raises TimeoutError."""
        status, self.pid = self._told(), 0
        _, stdout, stderr = (each.read_bytes() for each in self._streams)
        said = stderr.decode()
        assert "Traceback" not in said
        assert "Warning" not in said
        return Done(status, stdout, said)

    def _abandon(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._told()
            self.pid = 0

    def _told(self) -> int:
        """The next number that the server tells."""
        told = self._server.stdout
        assert told is not None
        if not select.select([told], [], [], SECONDS)[0]:
            raise TimeoutError
        return int(told.readline())
