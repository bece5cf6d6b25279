"""The name that a download is saved under."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from common.link_minting.disposition import (
    MAX_NAME_BYTES,
    content_disposition,
    name_from_key,
    name_problem,
    shortened,
)
from tests.links import keys

names = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60).filter(
    lambda name: name_problem(name) is None
)
kinds = st.sampled_from(["attachment", "inline"])


@given(kinds, names)
def test_an_independent_parser_reads_the_name_back(kind: str, name: str) -> None:
    read_kind, parameters = parse_options_header(content_disposition(kind, name))
    assert (read_kind, parameters) == (kind, {"filename": name})


@given(kinds, names)
def test_the_header_is_one_line_of_ascii_and_its_quotes_close_once(kind: str, name: str) -> None:
    value = content_disposition(kind, name)
    assert re.fullmatch(
        r'(attachment|inline); filename="[^"\\%]+"(; filename\*=UTF-8\'\'[\w.~%-]+)?', value, re.ASCII
    )
    assert all(" " <= character <= "~" for character in value)


@given(keys)
def test_the_name_taken_from_any_key_is_one_that_a_caller_could_have_chosen(key: str) -> None:
    assert name_problem(name_from_key(key)) is None


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("a/b/report.pdf", "report.pdf"),
        ("folder/", "folder"),
        ("/", "download"),
        ("a/ ", "download"),
        ("a\\b", "a_b"),
        ("..\\..\\evil.bat", ".._.._evil.bat"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("x\u2028y", "x_y"),
    ],
)
def test_the_default_name_is_the_last_segment_with_what_could_mislead_replaced(key: str, name: str) -> None:
    assert name_from_key(key) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("Zoë's résumé.pdf", "attachment; filename=\"Zoe's resume.pdf\"; "
         "filename*=UTF-8''Zo%C3%AB%27s%20r%C3%A9sum%C3%A9.pdf"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ('a"b', "attachment; filename=\"a_b\"; filename*=UTF-8''a%22b"),
        ("報告.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf"),
        ("a／b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%EF%BC%8Fb"),
    ],
)  # fmt: skip
def test_the_header_has_an_ascii_name_and_the_exact_one_beside_it_where_they_differ(
    name: str, value: str
) -> None:
    assert content_disposition("attachment", name) == value


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u3000", ".", "..", "a/b", "/etc/passwd", "..\\x", "a\r\nSet-Cookie: x=1", "a\x00", "a\x7f",
     "a\x85", "gpj.\u202eexe", "\u2066x", "\u200fx", "\u061cx", "a\u2029b", "x" * 256, "é" * 128],
)  # fmt: skip
def test_a_chosen_name_that_could_mislead_is_refused(name: str) -> None:
    assert name_problem(name) is not None


@pytest.mark.parametrize(
    "name", ["x", "x" * 255, "é" * 127, "a b", ".env", "👩‍💻.png", "a;b=c", "it's", "a%41"]
)
def test_any_other_name_may_be_chosen(name: str) -> None:
    assert name_problem(name) is None


@given(names, st.integers(20, MAX_NAME_BYTES))
def test_a_shortened_name_is_the_beginning_of_the_name_and_fits(name: str, longest: int) -> None:
    short = shortened(name, longest)
    assert len(short.encode()) <= longest
    if short != name:
        assert len(short.encode()) > longest - 4
        assert short.endswith(name.rpartition(".")[2]) or name.startswith(short)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("a" * 300 + ".pdf", "a" * 60 + ".pdf"),
        ("é" * 300 + ".pdf", "é" * 30 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 62),
        ("." + "b" * 300, "." + "b" * 63),
        ("a" * 64, "a" * 64),
    ],
)
def test_a_long_name_keeps_its_extension_and_tears_no_character(name: str, short: str) -> None:
    assert shortened(name, 64) == short
