"""`python -m local_cloud` as a terminal has it: a process with output, signals and an exit status."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.local_cloud import processes

ROOT = Path(__file__).resolve().parents[2]

# What a caller may have set for other things, and what must not matter.
HOSTILE = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "the-callers-own",
    "AWS_SESSION_TOKEN": "the-callers-own",
    "AWS_REGION": "ap-southeast-2",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "CDK_DEFAULT_REGION": "ap-southeast-2",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}


class Launcher:
    """One run of a command on a folder. Leaving the block ends it."""

    def __init__(self, command: str, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.home = folder.parent / "home"
        self.home.mkdir(exist_ok=True)
        self._output = folder.parent / f"{folder.name}.{command}.txt"
        environment: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if name != "LOCAL_DIR"},
            **HOSTILE,
            "HOME": str(self.home),
            "LOCAL_DIR": str(folder),
            **variables,
        }
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local_cloud", command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return self._output.read_text()

    def reach(self, text: str, seconds: float = 60) -> Self:
        """Wait until it has printed `text`."""
        assert processes.within(seconds, lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output, self.output
        return self

    def finish(self, number: signal.Signals | None = None, seconds: float = 60) -> int:
        """Send a signal, if any, and wait for the exit status."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(seconds)

    def left_nothing(self) -> bool:
        """No process, no file, no lock; and nothing in the caller's home."""
        return not processes.of(self.folder) and not self.folder.exists() and not list(self.home.iterdir())
