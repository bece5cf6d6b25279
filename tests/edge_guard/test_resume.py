"""Ranges, leases and terms of a resumable link, read without I/O."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_cookie

from edge_guard.resume import (
    LeaseToken,
    Part,
    Terms,
    Unsatisfiable,
    lease_in,
    read_range,
    set_cookie,
    terms_of,
)
from tests.links import make_resumable, make_target

LEASE = LeaseToken("a" * 12, "0123456789abcdef" * 2, "pWc-_Q==")
numbers = st.integers(0, 2_000)


@given(numbers, st.none() | numbers, st.integers(1, 1_500))
def test_a_range_from_a_first_byte_is_that_slice_of_the_object(
    first: int, last: int | None, size: int
) -> None:
    backwards = last is not None and last < first
    wanted = range(0) if backwards else range(size)[first : None if last is None else last + 1]
    assert_read_as(wanted, f"bytes={first}-{'' if last is None else last}", size)


@given(numbers, st.integers(1, 1_500))
def test_a_suffix_range_is_that_slice_of_the_object(length: int, size: int) -> None:
    assert_read_as(range(size)[-length:] if length else range(0), f"bytes=-{length}", size)


def assert_read_as(wanted: range, value: str, size: int) -> None:
    if not wanted:
        with pytest.raises(Unsatisfiable):
            read_range(value, size)
        return
    part = read_range(value, size)
    assert part == Part(wanted[0], wanted[-1])
    assert part.size == len(wanted)
    assert part.range == f"bytes={wanted[0]}-{wanted[-1]}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bytes=0-", Part(0, 999)),
        ("Bytes = 0-1", Part(0, 1)),
        ("bytes=999-", Part(999, 999)),
        ("bytes=990-5000", Part(990, 999)),
        ("bytes=-5000", Part(0, 999)),
        ("", None),
    ],
)
def test_a_part_is_cut_at_the_object_s_ends(value: str, expected: Part | None) -> None:
    assert read_range(value, 1000) == expected


@pytest.mark.parametrize(
    "value",
    ["bytes=1000-", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=0-1,3-4", "bytes=0-, ", "items=0-1", "0-1",
     "bytes=0x1-2", "bytes=+1-2", "bytes=--1", "bytes=1-2-3", "bytes=٠-", f"bytes={'9' * 17}-"],
)  # fmt: skip
def test_several_ranges_or_none_that_the_object_has_are_refused(value: str) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(value, 1000)


@pytest.mark.parametrize("value", ["bytes=0-", "bytes=0-1", "bytes=-1"])
def test_an_empty_object_is_always_sent_whole(value: str) -> None:
    assert read_range(value, 0) is None


def test_the_terms_are_those_in_the_signed_url() -> None:
    assert terms_of(make_resumable(1000, window=300, factor=2)) == Terms(1000, 300, 2000, by_address=False)
    assert terms_of(make_resumable(7, x_link_resume_by="address")) == Terms(7, 300, 14, by_address=True)
    assert terms_of(make_target()) is None


def test_a_lease_that_is_handed_out_is_read_back() -> None:
    name, _, value = set_cookie(str(LEASE), "/a", 300).partition(";")[0].partition("=")
    assert lease_in(f"session=1; {name}={value}; theme=dark", "a" * 12) == LEASE
    assert parse_cookie(f"{name}={value}")[name] == str(LEASE)


@pytest.mark.parametrize(
    "cookies",
    [
        "",
        "onetime-lease=",
        "onetime-lease",
        "other=1",
        f"onetime-lease={'b' * 12}.{'0' * 32}.r-1",
        f"onetime-lease={'a' * 12}.{'0' * 31}.r-1",
        f"onetime-lease={'a' * 12}.{'0' * 33}.r-1",
        f"onetime-lease={'a' * 12}.{'0' * 32}.",
        f"onetime-lease={'a' * 12}.{'0' * 32}.{'r' * 129}",
        f"onetime-lease={'a' * 12}.{'0' * 32}.r 1",
        f"Onetime-Lease={'a' * 12}.{'0' * 32}.r-1",
    ],
)
def test_anything_but_a_lease_of_this_link_is_no_lease(cookies: str) -> None:
    assert lease_in(cookies, "a" * 12) is None


def test_a_lease_is_for_its_path_and_time_and_no_script_reads_it() -> None:
    name, *attributes = set_cookie(str(LEASE), "/a%20b/c", 300).split("; ")
    assert name == f"onetime-lease={LEASE}"
    assert set(attributes) == {"Max-Age=300", "Path=/a%20b/c", "Secure", "HttpOnly", "SameSite=None"}


def test_what_the_record_keeps_of_a_lease_is_a_hash_of_its_secret() -> None:
    assert LEASE.key == hashlib.sha256(LEASE.secret.encode()).hexdigest()
    assert LEASE.secret not in repr(LEASE)
