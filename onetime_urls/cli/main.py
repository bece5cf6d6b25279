"""Runs a command of `onetime`, and ends it: whatever goes wrong is one sentence and an exit status.

Signals come in bursts: `timeout` sends its own to the process and to its group, and people press Ctrl-C again
when nothing happens at once. The first one ends the command, and those that follow don't disturb it while it
takes back what it began.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from onetime_urls.cli.failures import Ended, Exit, Failure
from onetime_urls.cli.terminal import err, tell_version

_SIGNALLED = 128
"""Exit statuses above it are a signal's."""

_BURST = 3.0
"""Seconds after a signal in which no other counts. After that one does, should the first have been lost: what
is raised while Python deletes an object comes to nothing."""


def main() -> None:
    """The program's entry."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a stream that isn't text
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console has that method
    end = Ending()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, end)
    try:
        _run()
    except Failure as failure:
        err(failure.sentence)
        _leave(failure.exit)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads: nothing to complain to
        sys.exit(Exit.FAILED)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        err(f"{named}{error.strerror or error}.")
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        err("Interrupted.")
        _leave(Exit.INTERRUPTED)
    except Ended as ended:
        _leave(ended.exit)


def _run() -> None:
    if sys.argv[1:] == ["--version"]:  # to read the commands' options, Typer loads pydantic: 0.2 s
        tell_version()
        return
    from onetime_urls.cli.commands import app

    try:
        app()
    except Exception as error:
        # The client's errors are known only once it is loaded: no command waits for that without need.
        client = sys.modules.get("onetime_urls.client")
        if client is None or not isinstance(error, client.Error):
            raise
        from onetime_urls.cli.api_words import failure_of

        raise failure_of(error) from None
    finally:
        sys.stdout.flush()


def _leave(status: int) -> NoReturn:
    """End the process. One that was told to end doesn't wait for parts that are stuck on their way."""
    if status > _SIGNALLED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


class Ending:
    """What is done when a signal comes."""

    def __init__(self) -> None:
        self._last = -_BURST

    def __call__(self, number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last < _BURST:
            return
        self._last = now
        raise KeyboardInterrupt if number == signal.SIGINT else Ended(number)
