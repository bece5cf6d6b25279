"""Has MiniStack's CloudFormation answer a change of a stack once it is done.

The CDK looks whether a stack has settled, and if it hasn't, again after 5 s. On AWS that is nothing; here
most stacks take less. So the answer to the request that starts a change waits for it, and the first look
finds it done. A change that takes longer than `PATIENCE` goes on by itself, as they all do on AWS: it may
wait for a signal that only comes after the answer.
"""

import asyncio
import importlib
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

PATIENCE = 10.0
"""Seconds."""

_SCHEDULE = "_create_stack_task_in_region"
_started: ContextVar[list[asyncio.Event]] = ContextVar("started")
"""What the request at hand has started; set once it is done."""


def teach() -> None:
    """Have MiniStack do that from now on."""
    formation: Any = importlib.import_module("ministack.services.cloudformation")
    schedule, handle = getattr(formation.stacks, _SCHEDULE), formation.handle_request

    def noted(change: Coroutine[Any, Any, None], *whose: Any, **more: Any) -> None:
        done = asyncio.Event()
        _started.get([]).append(done)
        schedule(_then_set(change, done), *whose, **more)

    async def settled(*request: Any) -> Any:
        started: list[asyncio.Event] = []
        _started.set(started)
        answer = await handle(*request)
        for each in started:
            try:
                await asyncio.wait_for(each.wait(), PATIENCE)
            except TimeoutError:
                break
        return answer

    for module in (formation.handlers, formation.changesets):
        setattr(module, _SCHEDULE, noted)
    formation.handle_request = settled


async def _then_set(change: Coroutine[Any, Any, None], done: asyncio.Event) -> None:
    try:
        await change
    finally:
        done.set()
