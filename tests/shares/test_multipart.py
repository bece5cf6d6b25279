"""The form as `curl -F` sends it: read as the standard library reads it, with work that has a bound."""

import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from share_page.form import MAX_FORM_BYTES, MAX_TYPE_LENGTH, Form, NotAForm, WrongMediaType, read_form
from share_page.multipart import MAX_PARTS, read_parts

TYPE = "multipart/form-data; boundary=b"
BOUNDARY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "


def written(boundary: str, fields: list[tuple[str, str]]) -> bytes:
    """A form as curl writes it."""
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    )
    return f"{parts}--{boundary}--\r\n".encode()


def by_the_library(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """The form as the e-mail parser reads it: an independent implementation."""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=policy.HTTP)
    pairs = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        pairs.append((str(part.get_param("name", header="content-disposition")), content.decode()))
    return pairs


def lines_run(read: Callable[[], object]) -> int:
    """How many lines of Python `read` executes, whatever it raises."""
    count = 0

    def trace(*_: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read()
    except ValueError:
        pass
    finally:
        sys.settrace(before)
    return count


@given(
    st.text(BOUNDARY, min_size=1, max_size=70).filter(lambda text: text == text.strip()),
    st.lists(
        st.tuples(st.sampled_from(["pin", "ticket", "x"]), st.text("a-= \u00e9\u4e2d;", max_size=40)),
        min_size=1,
        max_size=MAX_PARTS,
    ),
)
def test_a_form_is_read_as_the_standard_library_reads_it(
    boundary: str, fields: list[tuple[str, str]]
) -> None:
    content_type, body = f'multipart/form-data; boundary="{boundary}"', written(boundary, fields)
    if any(f"--{boundary}" in value for _, value in fields):
        return
    assert read_parts(content_type, body) == fields == by_the_library(content_type, body)


@pytest.mark.parametrize(
    "content_type",
    [
        TYPE,
        "Multipart/Form-Data;boundary=b",
        'multipart/form-data; boundary="b"',
        "multipart/form-data ; \tboundary=b ",
    ],
)
def test_the_ways_in_which_clients_name_the_boundary_are_known(content_type: str) -> None:
    assert read_form(content_type, written("b", [("pin", "2468")])) == Form("2468")


def test_a_field_may_say_that_it_is_text() -> None:
    body = (
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; "
        b'name="pin"\r\n\r\n\xc3\xbc1\r\n--b--'
    )
    assert read_form(TYPE, body).pin == "\u00fc1"


def test_a_form_without_a_field_is_the_empty_form() -> None:
    assert read_form(TYPE, b"--b--") == read_form(TYPE, b"--b--\r\n") == Form()


FIELD = b'--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\n1\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"preamble\r\n" + FIELD + b"--b--",
        FIELD + b"--b--\r\nepilogue",
        FIELD,
        FIELD + b"--b",
        FIELD * (MAX_PARTS + 1) + b"--b--",
        FIELD.replace(b"\r\n", b"\n") + b"--b--",
        FIELD.replace(b"\r\n\r\n", b"\r\r\n\r\n") + b"--b--",
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain\n\r\n\r\n") + b"--b--",
        b'--b\r\nContent-Disposition: form-data; name="pin"\r\n--b--',
        b"--b\r\n\r\n1\r\n--b--",
        b'--b\r\nContent-Disposition: attachment; name="pin"\r\n\r\n1\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="pin"; filename="x"\r\n\r\n1\r\n--b--',
        b"--b\r\nContent-Disposition: form-data; name*=utf-8''pin\r\n\r\n1\r\n--b--",
        FIELD.replace(b"form-data;", b"form-data;" + b";" * 3000) + b"--b--",
        FIELD.replace(b"form-data;", b"(" * 3000 + b"form-data;") + b"--b--",
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + b"--b--",
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Type: application/octet-stream\r\n\r\n") + b"--b--",
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Disposition: form-data; name=ticket\r\n\r\n") + b"--b--",
        FIELD.replace(b"pin", b"p\xffn") + b"--b--",
        FIELD.replace(b"\r\n\r\n1", b"\r\n\r\n\xff") + b"--b--",
    ],
)
def test_what_no_client_sends_is_refused(body: bytes) -> None:
    with pytest.raises(NotAForm):
        read_form(TYPE, body)


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "; boundary=",
        '; boundary=""',
        '; boundary="b',
        '; boundary="b "',
        "; boundary=b;",
        "; boundary=b; charset=utf-8",
        "; boundary=b\r\nx: y",
        f"; boundary={'b' * 71}",
        "; boundary=b\u00e4",
        f"; boundary=b{'(' * 50}",
        "; (boundary)=b",
        "; boundary*=utf-8''b",
        "; boundary*0=b",
    ],
)
def test_a_boundary_that_is_not_one_is_refused(parameters: str) -> None:
    with pytest.raises(NotAForm):
        read_form(f"multipart/form-data{parameters}", written("b", [("pin", "1")]))


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "multipart/form-data", "text/html"])
@pytest.mark.parametrize("junk", [";", "(", ";(", '"', "\\", "=", " ", "; boundary=b", "\x00", "\u00e4"])
def test_a_long_header_costs_no_more_than_a_short_one(kind: str, junk: str) -> None:
    body = written("b", [("pin", "1")])
    short, long = (lines_run(lambda n=n: read_form(kind + junk * n, body)) for n in (1, 9000))  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert long <= short
    with pytest.raises((NotAForm, WrongMediaType)):
        read_form(kind + junk * 9000, body)


@pytest.mark.parametrize("junk", [b"\r\n--b", b";", b"(", b"\r\n", b"\r\n\r\n", b"--b\r\n", b"a:b\r\n", b":"])
def test_work_grows_no_faster_than_the_body_and_stops_at_its_cap(junk: bytes) -> None:
    head = b"--b\r\nContent-Disposition: form-data; name=pin"
    quarter = MAX_FORM_BYTES // 4 // len(junk)
    small, large, beyond = (
        lines_run(lambda n=n: read_form(TYPE, head + junk * n))  # type: ignore[misc]  # mypy can't infer a lambda's default
        for n in (quarter // 4, quarter, 64 * quarter)
    )
    assert large <= 4 * small + 50
    assert beyond <= small


def test_a_type_as_long_as_it_may_be_is_still_read() -> None:
    padded = TYPE.replace(" ", " " * (MAX_TYPE_LENGTH - len(TYPE) + 1))
    assert len(padded) == MAX_TYPE_LENGTH
    assert read_form(padded, written("b", [("pin", "1")])) == Form("1")
    with pytest.raises(NotAForm):
        read_form(padded + " ", written("b", [("pin", "1")]))
