"""What may be asked of the link admin, and what is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http_api.errors import Code, Refused
from link_admin.parameters import Page, read_id, read_page, write_cursor


@given(issued_at=st.integers(0, 10**12 - 1), signature=st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_cursor_reads_back_as_what_it_was_made_of(issued_at: int, signature: str) -> None:
    cursor = write_cursor(issued_at, signature)
    assert read_page(f"key=a&next={cursor}") == Page("a", 20, (issued_at, signature))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%00",
        "====",
        "bm8",
        "w6k",
        base64.urlsafe_b64encode(b"1." + b"a" * 63).decode(),
        base64.urlsafe_b64encode(b"01." + b"a" * 64).decode().rstrip("="),
        base64.urlsafe_b64encode(b"-1." + b"a" * 64).decode().rstrip("="),
        base64.urlsafe_b64encode(b"1." + b"A" * 64).decode().rstrip("="),
        base64.urlsafe_b64encode(b"1." + b"a" * 64 + b"\n").decode().rstrip("="),
        base64.urlsafe_b64encode("١.".encode() + b"a" * 64).decode().rstrip("="),
        write_cursor(1, "a" * 64) + "*",
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_page(f"key=a&next={cursor}")
    assert refusal.value.code in (Code.INVALID_NEXT, Code.INVALID_QUERY)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
    try:
        page = read_page(f"key=a&next={encoded}")
    except Refused:
        return
    assert page.after is not None


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.0", "", "01", "1e1", "%D9%A3", "999999999999"])
def test_a_limit_outside_1_to_100_is_refused(limit: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_page(f"key=a&limit={limit}")
    assert refusal.value.code is Code.INVALID_LIMIT
    assert "from 1 to 100" in refusal.value.message


@pytest.mark.parametrize("limit", [1, 100])
def test_a_limit_from_1_to_100_is_taken(limit: int) -> None:
    assert read_page(f"limit={limit}&key=a%2Bb") == Page("a+b", limit, None)


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", "٣" * 64])
def test_an_id_that_no_link_can_have_is_refused_as_unknown(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_id(text)
    assert refusal.value.code is Code.NO_SUCH_LINK
