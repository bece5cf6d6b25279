"""What is cached, under which key and for how long."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from local_cloud.edge import cache
from local_cloud.edge.messages import Headers
from local_cloud.edge.model import CachePolicy, Selection
from tests.local_edge.build import PRESIGNED, behaviour, cache_policy, request

NOW = 1_800_000_000.0
OFF = cache_policy()
OPTIMIZED = cache_policy(min_ttl=1, default_ttl=86_400, max_ttl=31_536_000)


def lifetime(
    status: int, policy: CachePolicy = OFF, headers: Headers = (), error_ttls: dict[int, int] | None = None
) -> float:
    return cache.lifetime(status, headers, policy, error_ttls or {}, NOW)


def said(value: str) -> Headers:
    return (("Cache-Control", value),)


@pytest.mark.parametrize("status", [404, 405, 410, 414, 500, 501, 502, 503, 504])
def test_errors_are_kept_ten_seconds_where_the_template_says_nothing_even_with_caching_off(
    status: int,
) -> None:
    assert lifetime(status) == 10
    assert lifetime(status, OPTIMIZED) == 10
    assert lifetime(status, error_ttls={status: 0}) == 0


@pytest.mark.parametrize("status", [400, 403, 412, 415])
def test_other_errors_are_kept_only_if_the_template_or_the_origin_says_so(status: int) -> None:
    assert lifetime(status) == 0
    assert lifetime(status, error_ttls={status: 7}) == 7
    assert lifetime(status, headers=said("max-age=60")) == 10
    assert lifetime(status, OPTIMIZED, said("max-age=60")) == 60


def test_a_range_error_is_never_kept() -> None:
    assert lifetime(416, OPTIMIZED, said("max-age=60"), {416: 300}) == 0


@pytest.mark.parametrize("directive", ["no-store", "no-cache", "private, max-age=5"])
def test_no_store_keeps_some_errors_out_of_the_cache_and_not_others(directive: str) -> None:
    assert lifetime(404, headers=said(directive)) == 0
    assert lifetime(503, headers=said(directive)) == 10


def test_nothing_that_went_well_is_kept_with_caching_off() -> None:
    assert lifetime(200, headers=said("public, max-age=3600")) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), 86_400),
        (said("max-age=60"), 60),
        (said("s-maxage=30, max-age=60"), 30),
        (said('max-age="60"'), 60),
        (said("max-age=0"), 1),
        (said("no-store"), 1),
        (said("max-age=99999999"), 31_536_000),
        (said("max-age=soon"), 86_400),
        ((("Expires", "Fri, 15 Jan 2027 08:01:00 GMT"),), 60),
        ((("Expires", "0"),), 1),
    ],
)
def test_objects_live_as_the_policy_and_the_origin_say(headers: Headers, seconds: float) -> None:
    assert lifetime(200, OPTIMIZED, headers) == seconds


@pytest.mark.parametrize("status", [206, 304])
def test_partial_and_unmodified_answers_are_not_kept(status: int) -> None:
    assert lifetime(status, OPTIMIZED) == 0


def test_two_queries_share_a_key_unless_the_cache_policy_tells_them_apart() -> None:
    one, other = request(querystring=PRESIGNED), request(querystring="x=1")
    assert cache.key(one, behaviour(), "GET") == cache.key(other, behaviour(), "GET")
    apart = behaviour(cache=cache_policy(queries=Selection("all")))
    assert cache.key(one, apart, "GET") != cache.key(other, apart, "GET")


def test_paths_methods_behaviours_and_listed_headers_have_keys_of_their_own() -> None:
    keyed = cache_policy(headers=Selection("whitelist", frozenset({"x-key"})), encodings=("gzip",))
    variants = [
        (request("/a"), behaviour(), "GET"),
        (request("/%61"), behaviour(), "GET"),
        (request("/a"), behaviour(), "HEAD"),
        (request("/a"), behaviour(pattern="/a"), "GET"),
        (request("/a", headers=(("X-Key", "1"),)), behaviour(cache=keyed), "GET"),
        (request("/a", headers=(("X-Key", "2"),)), behaviour(cache=keyed), "GET"),
        (request("/a", headers=(("X-Key", "2"), ("Accept-Encoding", "gzip"))), behaviour(cache=keyed), "GET"),
    ]
    assert len({cache.key(*each) for each in variants}) == len(variants)


def stored(body: bytes = b"") -> cache.Stored:
    return cache.Stored(200, (), body, "", NOW, NOW + 10)


def test_the_least_recently_used_entries_make_room() -> None:
    store, large = cache.Cache(), stored(b"x" * cache.LARGEST_BODY)
    for number in range(6):
        store.put((str(number),), large)
    store.get(("0",))
    store.put(("new",), large)
    assert store.get(("0",))
    assert store.get(("1",)) is None


def test_empty_entries_have_their_bound_too() -> None:
    store = cache.Cache()
    for number in range(10_000):
        store.put((str(number),), stored())
    assert store.get(("0",)) is None
    assert sum(store.get((str(number),)) is not None for number in range(10_000)) <= 4_096


def test_an_entry_that_is_replaced_counts_once() -> None:
    store = cache.Cache()
    store.put(("first",), stored())
    for _ in range(20):
        store.put(("k",), stored(b"x" * cache.LARGEST_BODY))
    assert store.get(("first",))


def recorded(*chunks: bytes, taken: int) -> cache.Stored | None:
    """What is stored once a viewer has taken this many chunks of a body."""
    store = cache.Cache()

    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def take() -> None:
        recording = store.recording(("k",), stored(), body())
        for _ in range(taken):
            await anext(recording, None)
        await recording.aclose()

    asyncio.run(take())
    return store.get(("k",))


def test_a_body_is_stored_once_it_is_whole() -> None:
    assert recorded(b"ab", b"cd", taken=3) == stored(b"abcd")
    assert recorded(b"ab", b"cd", taken=2) is None


def test_a_large_body_passes_through_unstored() -> None:
    assert recorded(b"x" * cache.LARGEST_BODY, b"x", taken=3) is None
