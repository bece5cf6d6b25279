"""How many processes of a function run at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local_cloud.ministack.few_processes import Turns


def test_further_invocations_of_a_function_wait_until_one_ends() -> None:
    turns, running, most = Turns(2, patience=60), set[int](), list[int]()
    both = threading.Barrier(2)

    def invoke(number: int) -> None:
        with turns.turn("function"):
            running.add(number)
            both.wait(60)  # two run beside each other
            most.append(len(running))
            both.wait(60)
            running.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(invoke, range(6)))
    assert most == [2] * 6


def test_functions_do_not_wait_for_each_other() -> None:
    turns, began = Turns(1, patience=60), time.monotonic()
    with turns.turn("one"), turns.turn("another"):
        assert time.monotonic() - began < 30


def test_what_those_before_it_may_wait_for_goes_on_after_a_while() -> None:
    turns = Turns(1, patience=0.01)
    with turns.turn("calls itself"), turns.turn("calls itself"):
        pass


def test_a_turn_is_given_back_by_who_fails() -> None:
    turns, began = Turns(1, patience=60), time.monotonic()
    for _ in range(2):
        with pytest.raises(ValueError, match="no"), turns.turn("function"):
            raise ValueError("no")
    assert time.monotonic() - began < 30
