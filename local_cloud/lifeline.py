"""How children of the launcher end when it does, however it does: by kill -9 too.

Every child holds the read end of a pipe as its standard input; only the launcher holds the other end. When
the launcher is gone, or closes it, the child reads end of file. The project's own servers watch for that
themselves; commands that don't (cdk and whatever it starts) run under this module: `python -m
local_cloud.lifeline COMMAND...`.

A pipe is used because it works on every Unix and reaches a child whose launcher had no time to say goodbye;
a signal on the parent's death (prctl) is Linux only.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

# What the launcher writes before it closes the pipe on purpose. Without it, the launcher died.
GOODBYE = b"stop\n"


def watch(ended: Callable[[bool], None]) -> None:
    """Call `ended` once, from a thread, when standard input ends: with True if no GOODBYE came first."""

    def read() -> None:
        said = b""
        while data := os.read(0, 64):
            said += data
        ended(said != GOODBYE)

    threading.Thread(target=read, daemon=True, name="lifeline").start()


def _end_group(_abandoned: bool) -> None:
    # Everything that the command started is in this group too: cdk runs a shell, Python, Node.
    os.killpg(0, signal.SIGKILL)


def main(command: list[str]) -> int:
    """Run the command as part of this process's group, which must be its own, and return its exit status."""
    if os.getpgrp() != os.getpid():
        raise SystemExit("local_cloud.lifeline must lead its own process group: it kills the group it is in")
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    watch(_end_group)
    status = process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
