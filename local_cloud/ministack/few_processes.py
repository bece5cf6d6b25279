"""Has MiniStack run a version of a function in a few processes, however many ask at once.

AWS starts a container for each invocation that runs beside others, and so does MiniStack: 32 viewers at once
were 32 processes, each of which took a third of a second of a core to start, for what one of them answers in
a few milliseconds. Here further invocations wait for one of `MOST` to be free. One that has waited for
`PATIENCE` gets a process of its own: those before it may be waiting for it.
"""

import importlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

MOST = 8
PATIENCE = 5.0
"""Seconds."""


class Turns:
    """Who may go on, by what they want to use."""

    def __init__(self, most: int, patience: float) -> None:
        self._most, self._patience = most, patience
        self._taken: Counter[str] = Counter()
        self._given_back = threading.Condition()

    @contextmanager
    def turn(self, of: str) -> Iterator[None]:
        """Waits, and holds a turn until the block is left."""
        with self._given_back:
            self._given_back.wait_for(lambda: self._taken[of] < self._most, self._patience)
            self._taken[of] += 1
        try:
            yield
        finally:
            with self._given_back:
                self._taken[of] -= 1
                self._given_back.notify_all()


def teach() -> None:
    """Have MiniStack do that from now on."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    run: Callable[..., dict[str, Any]] = functions._execute_function_warm
    turns = Turns(MOST, PATIENCE)

    def in_turn(function: dict[str, Any], *more: Any) -> dict[str, Any]:
        config = function.get("config") or function
        with turns.turn(f"{config.get('FunctionArn')}:{config.get('Version')}"):
            return run(function, *more)

    functions._execute_function_warm = in_turn
