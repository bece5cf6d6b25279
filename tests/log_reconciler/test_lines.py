"""Reading CloudFront's lines: what they say of a claim, and that junk says nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from log_reconciler.lines import Line, read_lines
from onetime_urls.protocol.paths import percent_encode
from tests.links import NOW, keys
from tests.log_reconciler.invented import logged


def read(**changed: str) -> list[Line]:
    return list(read_lines([json.dumps(logged(**changed))]))


def test_a_line_names_request_object_time_and_what_went_out() -> None:
    assert read() == [
        Line(
            request_id="r-1",
            keys=("reports/q1.pdf",),
            began_at=NOW,
            status=200,
            sent=1834,
            result=("Miss", "Miss"),
            part=None,
        )
    ]


def test_a_partial_answer_has_its_first_and_last_byte() -> None:
    [line] = read(sc_status="206", sc_range_start="0", sc_range_end="1233")
    assert line.part == (0, 1233)


def test_numbers_may_be_numbers() -> None:
    fields = {**logged(), "sc-status": 200, "sc-bytes": 1834, "time-taken": 1.25}
    assert list(read_lines([json.dumps(fields)])) == read()


@given(key=keys)
def test_the_key_is_among_what_a_path_stands_for_escaped_once_or_twice(key: str) -> None:
    once = "/" + percent_encode(key, keep_slashes=True)
    for stem in (once, once.replace("%", "%25")):
        [line] = read(cs_uri_stem=stem)
        assert key in line.keys


@pytest.mark.parametrize("status", ["400", "403", "404", "405", "414", "416", "431"])
def test_a_request_that_was_refused_without_a_claim_is_left_out(status: str) -> None:
    assert read(sc_status=status) == []


def test_an_answer_of_the_guards_own_is_left_out_whatever_its_status() -> None:
    assert read(sc_status="503", x_edge_detailed_result_type="LambdaGeneratedResponse") == []
    assert len(read(sc_status="503", x_edge_detailed_result_type="LambdaExecutionError")) == 1


@pytest.mark.parametrize("taken", ["inf", "1e999", "-inf", "1e300"])
def test_a_request_took_a_day_at_most(taken: str) -> None:
    [line] = read(time_taken=taken)
    assert NOW - 86_400 <= line.began_at <= NOW + 2


def test_a_line_that_is_nested_without_end_is_left_out() -> None:
    assert list(read_lines(["[" * 100_000])) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"cs_method": "HEAD"},
        {"cs_uri_stem": "/-/page"},
        {"cs_uri_stem": "/"},
        {"cs_uri_stem": "no-slash"},
        {"cs_uri_stem": "/%ff"},
        {"sc_status": "-"},
        {"sc_bytes": "-"},
        {"date": "today"},
        {"time_taken": "-"},
        {"time_taken": "nan"},
    ],
)
def test_a_line_of_no_claim_or_with_a_value_that_cannot_be_is_left_out(changed: dict[str, str]) -> None:
    assert read(**changed) == []


@given(st.text() | st.recursive(st.none() | st.text(), lambda each: st.lists(each)).map(json.dumps))
def test_junk_is_left_out(message: str) -> None:
    assert list(read_lines([message])) == []


def test_a_line_without_a_field_is_left_out() -> None:
    for name in logged():
        fields = logged()
        del fields[name]
        assert list(read_lines([json.dumps(fields)])) == []
