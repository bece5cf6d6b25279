"""The keyed nonce: the deployment knows its own, and nobody else can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetime_urls.protocol.links.nonce import is_genuine, make_nonce
from tests.links import NONCE_KEY, keys

RANDOM = "0123456789abcdef" * 2

randoms = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


@given(randoms, keys)
def test_a_nonce_is_genuine_for_its_own_object(random: str, key: str) -> None:
    nonce = make_nonce(NONCE_KEY, random, key)
    assert len(nonce) == 64
    assert nonce.startswith(random)
    assert is_genuine((NONCE_KEY,), nonce, key)


@given(randoms, keys, keys)
def test_a_nonce_is_not_genuine_for_another_object(random: str, key: str, other: str) -> None:
    assert is_genuine((NONCE_KEY,), make_nonce(NONCE_KEY, random, key), other) is (key == other)


@given(st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_digits_that_somebody_made_up_are_not_genuine(nonce: str) -> None:
    assert not is_genuine((NONCE_KEY,), nonce, "a.txt")


def test_a_nonce_of_any_of_the_keys_is_genuine() -> None:
    keys = (NONCE_KEY, b"the previous key")
    assert all(is_genuine(keys, make_nonce(key, RANDOM, "a.txt"), "a.txt") for key in keys)
    assert not is_genuine((), make_nonce(NONCE_KEY, RANDOM, "a.txt"), "a.txt")


@pytest.mark.parametrize("key", [b"", b"another key"])
def test_another_key_makes_other_nonces(key: bytes) -> None:
    assert not is_genuine((NONCE_KEY,), make_nonce(key, RANDOM, "a.txt"), "a.txt")
