"""The query of a mint request, read strictly."""

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http_api.errors import Code, Refused
from common.http_api.query import read_query, shown
from onetime_urls.protocol.paths import has_control_characters

texts = st.text(alphabet=st.characters(codec="utf-8")).filter(lambda text: not has_control_characters(text))
queries = st.dictionaries(texts, texts, max_size=5)


def refusal(raw: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_query(raw)
    return refused.value


@given(queries)
def test_what_form_encoders_write_is_read_back(parameters: dict[str, str]) -> None:
    assert read_query(urlencode(parameters)) == parameters


@given(queries)
def test_what_strict_percent_encoders_write_is_read_back(parameters: dict[str, str]) -> None:
    raw = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters.items())
    assert read_query(raw) == parameters


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40))
def test_whatever_is_accepted_is_what_an_independent_reader_finds(raw: str) -> None:
    try:
        read = read_query(raw)
    except Refused:
        return
    assert list(read.items()) == parse_qsl(raw, keep_blank_values=True, strict_parsing=bool(raw))


def test_a_plus_stands_for_a_space_and_an_escaped_plus_for_a_plus() -> None:
    assert read_query("key=a+b.txt") == {"key": "a b.txt"}
    assert read_query("key=a%2Bb.txt") == {"key": "a+b.txt"}


def test_an_equals_sign_in_a_value_needs_no_escape() -> None:
    assert read_query("key=a=b") == {"key": "a=b"}


def test_an_empty_query_has_no_parameters() -> None:
    assert read_query("") == {}


@pytest.mark.parametrize("raw", ["key=a&key=b", "key=a&%6Bey=a", "key=&key="])
def test_a_repeated_parameter_is_refused_by_name_however_it_is_spelt(raw: str) -> None:
    refused = refusal(raw)
    assert refused.code is Code.REPEATED_PARAMETER
    assert refused.message.startswith("key must be given once")


@pytest.mark.parametrize(
    "value", ["%", "%4", "%zz", "%-1", "%FF", "%C3", "%ED%A0%80", "%C0%AF", "%00", "%0a", "é"]
)
def test_a_value_that_is_not_escaped_utf_8_is_refused_under_its_parameter(value: str) -> None:
    refused = refusal(f"key={value}")
    assert refused.code is Code.INVALID_QUERY
    assert refused.message.startswith("key must be percent-encoded UTF-8")


@pytest.mark.parametrize("raw", ["key", "key=a&", "&key=a", "&", "key=a&&expires_in=1"])
def test_a_pair_without_an_equals_sign_is_refused(raw: str) -> None:
    assert refusal(raw).code is Code.INVALID_QUERY


def test_a_name_that_could_be_part_of_somebodys_secret_is_not_repeated() -> None:
    assert shown("expires_in") == "expires_in"
    for name in ("", "x" * 33, "a b", "käse", "name<script>", "a\n"):
        assert shown(name) == "A parameter with an empty or unusual name"
