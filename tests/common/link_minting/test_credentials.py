"""How long a link can live on the session that signs it."""

from hypothesis import given
from hypothesis import strategies as st

from common.link_minting.credentials import RENEW_AFTER, SignerCredentials, last_promise, reusable
from onetime_urls.protocol.links.limits import S3_GRACE
from tests.links import NOW

times = st.integers(0, 10_000)


def session(*, assumed_at: int, expires_at: int) -> SignerCredentials:
    return SignerCredentials("ASIAEXAMPLE", "a-secret-key", "a-token", assumed_at, expires_at)


@given(times, times, st.integers(1, 3600))
def test_a_session_is_used_again_only_if_it_outlives_the_link_or_is_brand_new(
    age: int, remaining: int, lifetime: int
) -> None:
    cached = session(assumed_at=NOW - age, expires_at=NOW + remaining)
    outlives_link = last_promise(cached) >= NOW + lifetime
    assert reusable(cached, lifetime, NOW) == (outlives_link or age < RENEW_AFTER)


def test_the_last_second_that_fits_is_used_and_the_next_is_not() -> None:
    cached = session(assumed_at=NOW - 2000, expires_at=NOW + 900 + S3_GRACE)
    assert reusable(cached, 900, NOW)
    assert not reusable(cached, 901, NOW)
    assert not reusable(cached, 900, NOW + 1)


def test_a_printed_session_shows_neither_key_nor_token() -> None:
    printed = repr(session(assumed_at=NOW, expires_at=NOW + 3600))
    assert "a-secret-key" not in printed
    assert "a-token" not in printed
