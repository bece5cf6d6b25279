"""The person's side of a command: lines out, signals in.

A terminal can be gone (closed window, `| head`) while there is still tidying up to do, so printing never
fails. And a signal only sets a flag that every wait looks at, so that nothing is torn apart midway; a
second Ctrl-C doesn't interrupt the tidying up. (Not a threading.Event: setting one in a signal handler can
deadlock with a wait on it.)
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType


class Stop:
    """Remembers the first SIGINT, SIGTERM or SIGHUP."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.signal != 0

    def listen(self) -> None:
        """Take the signals over, for good. Under nohup SIGHUP stays ignored."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._take)

    def ignore(self) -> None:
        """Ignore the signals from now on. Python hands the ones that it listens for back to the system as it
        ends, and one more Ctrl-C in that moment would kill it, and its exit status with it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.signal = self.signal or number


def say(text: str = "", *, end: str = "\n") -> None:
    """Print to standard output, at once."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        _silence(sys.stdout.fileno())


def complain(text: str) -> None:
    """Print to standard error."""
    try:
        print(f"local cloud: {text}", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr.fileno())


def steps(title: str) -> Callable[[str, float | None], None]:
    """Prints the steps of a start, under a title that waits for the first of them: a line for each, with its
    name as it begins and its seconds when it is done."""
    titles = [title]

    def progress(name: str, seconds: float | None) -> None:
        if titles:
            say(titles.pop())
        if seconds is None:
            say(f"  {name:<16}", end="")
        else:
            say(f"{seconds:5.1f} s")

    return progress


def _silence(descriptor: int) -> None:
    """Whatever is printed from now on goes nowhere, and the interpreter's last flush succeeds."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
