"""boto3's clients, kept from one test to the next: making one takes longer than most tests."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3

_kept: dict[Any, list[Any]] = {}
_listening: list[tuple[Any, tuple[Any, ...]]] = []


@contextmanager
def kept_clients() -> Iterator[None]:
    """Within, `boto3.client` gives what it gave in earlier such contexts for the same arguments, no client
    twice. Those with credentials of their own are made anew.

    Whatever has begun to listen to a kept client's events no longer does afterwards.
    """
    make: Any = boto3.client
    given_out: Counter[Any] = Counter()

    def client(service: str, **given: Any) -> Any:
        if not given.keys() <= {"region_name", "config"}:
            return make(service, **given)
        key = (service, frozenset(given.items()))
        kept = _kept.setdefault(key, [])
        if given_out[key] == len(kept):
            kept.append(_noting_listeners(make(service, **given)))
        given_out[key] += 1
        return kept[given_out[key] - 1]

    with patch.object(boto3, "client", client):
        try:
            yield
        finally:
            while _listening:
                events, listener = _listening.pop()
                events.unregister(*listener)


def _noting_listeners(client: Any) -> Any:
    events = client.meta.events
    for name in ("register", "register_first", "register_last"):
        setattr(events, name, _noting(events, getattr(events, name)))
    return client


def _noting(events: Any, register: Callable[..., None]) -> Callable[..., None]:
    def note(*listener: Any) -> None:
        _listening.append((events, listener))
        register(*listener)

    return note
