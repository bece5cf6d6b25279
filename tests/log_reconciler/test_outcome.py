"""From a line to "delivered", "failed" or nothing: no more is said than the line shows."""

import json
from typing import Any

import pytest

from log_reconciler.lines import read_lines
from log_reconciler.outcome import Outcome, outcome
from tests.links import NOW
from tests.log_reconciler.invented import logged

SIZE = 1234


def decided(claim: dict[str, Any] | None = None, *, size: int = SIZE, **changed: Any) -> Outcome | None:
    [line] = read_lines([json.dumps(logged(**changed))])
    return outcome(line, size, claim or {}, NOW + 60)


def resumable(**counted: int) -> dict[str, Any]:
    return {"lease": {"S": "0" * 64}} | {name: {"N": str(value)} for name, value in counted.items()}


def test_a_whole_answer_without_an_error_was_delivered() -> None:
    assert decided() == "delivered"
    assert decided(sc_bytes=str(SIZE)) == "delivered"
    assert decided(size=0, sc_bytes="600") == "delivered"


@pytest.mark.parametrize("result", ["Hit", "RefreshHit", "OriginShieldHit", "Miss"])
def test_it_does_not_matter_where_cloudfront_had_the_bytes_from(result: str) -> None:
    assert decided(x_edge_result_type=result, x_edge_detailed_result_type=result) == "delivered"


@pytest.mark.parametrize(
    "changed",
    [
        {"sc_bytes": str(SIZE - 1)},
        {"sc_bytes": "0"},
        {"sc_status": "502"},
        {"sc_status": "503"},
        {"sc_status": "000"},
        {"x_edge_result_type": "Error"},
        {"x_edge_detailed_result_type": "ClientCommError"},
        {"x_edge_detailed_result_type": "OriginCommError"},
        {"x_edge_result_type": "SomethingNew"},
        {"sc_status": "206", "sc_range_start": "0", "sc_range_end": "99"},
        {"sc_status": "206", "sc_range_start": "1", "sc_range_end": "1233"},
        {"sc_status": "206"},
    ],
)
def test_fewer_bytes_an_error_or_a_part_is_a_failure(changed: dict[str, Any]) -> None:
    assert decided(**changed) == "failed"


def test_a_part_that_is_the_whole_object_was_delivered() -> None:
    assert decided(sc_status="206", sc_range_start="0", sc_range_end="1233") == "delivered"


def test_a_broken_answer_that_followers_went_on_from_stays_open() -> None:
    assert decided(resumable(until=NOW, followers=2), sc_bytes="99") is None


def test_a_broken_answer_that_can_still_be_resumed_stays_open() -> None:
    assert decided(resumable(until=NOW + 61), sc_bytes="99") is None


def test_a_broken_answer_that_nobody_resumed_in_time_failed() -> None:
    assert decided(resumable(until=NOW + 60), sc_bytes="99") == "failed"
    assert decided(resumable(until=NOW + 60, followers=0), sc_bytes="99") == "failed"


def test_a_whole_answer_was_delivered_whatever_followed() -> None:
    assert decided(resumable(until=NOW + 61, followers=2)) == "delivered"
