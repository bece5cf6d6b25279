"""How many invocations of a function run at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from local_cloud.ministack.few_processes import Turns


def test_further_invocations_wait_until_one_ends() -> None:
    turns, running, most = Turns(2, patience=60), set[int](), list[int]()
    both = threading.Barrier(2)

    def invoke(number: int) -> None:
        with turns.turn():
            running.add(number)
            both.wait(60)  # two run beside each other
            most.append(len(running))
            both.wait(60)
            running.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(invoke, range(6)))
    assert most == [2] * 6


def test_one_more_goes_on_whenever_nobody_could_for_a_while() -> None:
    """They are all held by what they wait for, as where a function calls itself."""
    now, began, end = [0.0], threading.Semaphore(0), threading.Event()
    turns = Turns(1, patience=0.01, clock=lambda: now[0])

    def invoke(_: int) -> None:
        with turns.turn():
            began.release()
            end.wait(60)

    with ThreadPoolExecutor(4) as pool:
        invocations = pool.map(invoke, range(4))
        for _ in range(4):
            assert began.acquire(timeout=60)
            assert not began.acquire(blocking=False)
            now[0] += 0.01
        end.set()
        list(invocations)


def test_a_turn_is_given_back_by_who_fails() -> None:
    turns = Turns(1, patience=60)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"), turns.turn():
            raise ValueError("no")
