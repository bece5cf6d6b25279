"""Tells MiniStack where a function's log of an invocation ends.

A process writes its log and its answer to different pipes, and MiniStack can't see whether the log it has is
all of it. It looks again every millisecond, for 5 ms after the last line, or for 50 ms if there is none: most
of what an invocation took. Here a process ends its log of each invocation with a mark.
"""

import importlib
import queue
import secrets
import time
from collections.abc import Callable
from typing import Any

_SCRIPT = "_PYTHON_WORKER_SCRIPT"
MARK = f"\N{END OF TRANSMISSION BLOCK}{secrets.token_hex(8)}"
"""Another one each time that the cloud starts: no function prints it by chance."""

_ANSWERED = "        _real_stdout.flush()\n\nrun()"
_MARKED = f"""\
        try:
            sys.__stderr__.write({MARK!r} + "\\n")
            sys.__stderr__.flush()
        except (OSError, ValueError):
            pass  # the function has closed it
{_ANSWERED}"""
_PATIENCE = 1.0
_LOOK = 0.05
"""Seconds for a mark, which was written before the answer that has come; and after how many it is looked
whether the process has ended without one."""


def teach() -> None:
    """Have MiniStack's Python functions do that from now on.

    Raises:
        LookupError: this MiniStack's processes answer in another way.
    """
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    setattr(runtime, _SCRIPT, marked(getattr(runtime, _SCRIPT)))
    waiting = runtime.Worker._drain_stderr_bounded

    def collected(worker: Any, *waits: float, **named_waits: float) -> str:
        if not str(worker.config.get("Runtime")).startswith("python"):
            return str(waiting(worker, *waits, **named_waits))
        return up_to_the_mark(worker._stderr_queue, worker._stderr_thread.is_alive)

    runtime.Worker._drain_stderr_bounded = collected


def marked(script: str) -> str:
    """The program of a process, with the mark.

    Raises:
        LookupError: it answers in another way.
    """
    if _ANSWERED not in script:
        raise LookupError("MiniStack's processes don't say when they have answered")
    return script.replace(_ANSWERED, _MARKED)


def up_to_the_mark(lines: "queue.Queue[str]", more_may_come: Callable[[], bool]) -> str:
    """The log of one invocation, and what the process wrote ahead of it. A mark that came too late for an
    earlier one may be there too, so all that has come is taken.

    Args:
        lines: of the log, in order.
        more_may_come: whether the process's log is still being read.
    """
    log: list[str] = []
    ended, end = False, time.monotonic() + _PATIENCE
    while not (ended and lines.empty()) and time.monotonic() < end:
        reading = more_may_come()
        try:
            log.append(lines.get(reading, _LOOK))
        except queue.Empty:
            if not reading:
                break
        else:
            ended = ended or log[-1].endswith(MARK)
    return "\n".join([line.removesuffix(MARK) for line in log if line != MARK])
