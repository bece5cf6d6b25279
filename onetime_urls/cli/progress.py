"""A progress bar on standard error, where that is a terminal."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Bar:
    """Shows bytes, speed and the time that is left, once there is something to show: a question may come
    first."""

    def __init__(self, doing: str, before: str = "", after: str = "") -> None:
        """Args:
        doing: what happens while bytes move.
        before: what happens until then; empty shows nothing until then.
        after: what happens once all bytes are there; empty shows no change.
        """
        self._doing, self._before, self._after = doing, before, after
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._progress: Any = None
        self._task: Any = None
        self._lock = threading.Lock()
        if before:
            self._show(before, None)

    def move(self, there: int, total: int) -> None:
        """So many bytes are there, of so many."""
        with self._lock:
            done = there >= total and self._after
            self._show(self._after if done else self._doing, total)
            if self._progress is not None:
                self._progress.update(self._task, completed=there)

    def stop(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._progress is not None:
                self._progress.stop()
                self._progress, self._shown = None, False

    def _show(self, doing: str, total: int | None) -> None:
        if not self._shown:
            return
        if self._progress is None:
            self._progress = _progress()
            self._task = self._progress.add_task(doing, total=total)
            self._progress.start()
        changed: dict[str, Any] = {} if total is None else {"total": total}
        self._progress.update(self._task, description=doing, **changed)


def _progress() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    # The terminal echoes ^C behind the bar: were that a line of its own, the bar couldn't be taken away.
    width = shutil.get_terminal_size().columns - len("^C^C")
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True, width=width, highlight=False, markup=False, emoji=False),
        transient=True,
        expand=True,
    )


@contextmanager
def bar(doing: str, before: str = "", after: str = "") -> Iterator[Bar]:
    """A bar that is taken away at the end. Arguments are those of `Bar`."""
    shown = Bar(doing, before, after)
    try:
        yield shown
    finally:
        shown.stop()
