"""Has MiniStack run a version of a function in a few processes, however many ask at once.

AWS starts a container for each invocation that runs beside others, and so does MiniStack: 32 viewers at once
were 32 processes, each of which took a third of a second of a core to start, for what one of them answers in
a few milliseconds. Here further invocations wait for one of `MOST` to be free. Where none has become free for
`PATIENCE`, one more is started: what runs may be waiting for what waits.
"""

import importlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

MOST = 8
PATIENCE = 5.0
"""Seconds."""


class Turns:
    """Lets so many go on at a time, and one more whenever nobody could for `patience`, in seconds."""

    def __init__(self, most: int, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._patience, self._clock = most, patience, clock
        self._taken, self._last = 0, 0.0
        self._given_back = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits, and holds a turn until the block is left."""
        with self._given_back:
            while self._taken >= self._most and (left := self._last + self._patience - self._clock()) > 0:
                self._given_back.wait(left)
            self._taken += 1
            self._last = self._clock()
        try:
            yield
        finally:
            with self._given_back:
                self._taken -= 1
                self._given_back.notify()


def teach() -> None:
    """Have MiniStack do that from now on."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    run: Callable[..., dict[str, Any]] = functions._execute_function_warm
    turns: dict[tuple[str, str], Turns] = {}

    def in_turn(function: dict[str, Any], *more: Any) -> dict[str, Any]:
        config = function.get("config") or function
        version = str(config.get("FunctionArn")), str(config.get("Version"))
        with turns.setdefault(version, Turns(MOST, PATIENCE)).turn():
            return run(function, *more)

    functions._execute_function_warm = in_turn
