"""Which behaviour takes a request, and what of it reaches the origin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.edge import policies
from local_cloud.edge.messages import Headers, joined
from local_cloud.edge.model import OriginRequestPolicy, Selection
from tests.local_edge.build import ALL, BUCKET, behaviour, cache_policy, distribution, origin, request

VIA = "1.1 abc.cloudfront.net (CloudFront)"


def whitelist(*names: str) -> Selection:
    return Selection("whitelist", frozenset(names))


def sent(headers: Headers, **changed: object) -> dict[str, str]:
    """The headers that go to the origin, by lower-case name; each may be there once."""
    forwarded = policies.origin_request(request(headers=headers), behaviour(**changed), VIA).headers
    names = [name.lower() for name, _ in forwarded]
    assert len(names) == len(set(names))
    return {name.lower(): value for name, value in forwarded}


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "/", True),
        ("/s/*", "/s/abc", True),
        ("s/*", "/s/", True),
        ("/s/*", "/S/abc", False),
        ("/s/*", "/t/s/abc", False),
        ("/a?c.txt", "/abc.txt", True),
        ("/a?c.txt", "/ac.txt", False),
        ("/a.txt", "/axtxt", False),
        ("*.jpg", "/deep/er/x.jpg", True),
    ],
)
def test_path_patterns_match_as_documented(pattern: str, path: str, *, matches: bool) -> None:
    assert policies.path_matches(pattern, path) is matches


@pytest.mark.parametrize(
    ("raw", "normalised"),
    [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a//b/", "/a//b/"),
        ("/%61/%7e%2f%2F", "/a/~%2F%2F"),
        ("/a/./b/../c", "/a/c"),
        ("/a/%2e%2E/%2e", "/"),
        ("/../../a", "/a"),
        ("/a%zz", "/a%zz"),
    ],
)
def test_paths_are_normalised_for_matching(raw: str, normalised: str) -> None:
    assert policies.normalised_path(raw) == normalised


def test_a_behaviour_can_not_be_dodged_by_spelling_its_path_otherwise() -> None:
    served = distribution(behaviour(pattern="/s/*"), behaviour())
    for spelling in ("/s/x", "/%73/x", "/./s/x", "/t/../s/x", "/t/%2e%2e/s/x"):
        assert policies.behaviour_for(served, spelling).pattern == "/s/*"
    assert policies.behaviour_for(served, "/t/x").pattern == "*"


def test_the_first_behaviour_that_matches_wins() -> None:
    served = distribution(behaviour(pattern="/s/*"), behaviour(pattern="/s/t/*"), behaviour())
    assert policies.behaviour_for(served, "/s/t/x").pattern == "/s/*"


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="?#")))
def test_the_raw_path_goes_on_byte_for_byte(path: str) -> None:
    assert policies.origin_request(request(uri="/" + path), behaviour(), VIA).uri == "/" + path


def test_no_header_goes_on_unless_a_policy_lists_it() -> None:
    headers = (
        ("Host", "127.0.0.1:8080"),
        ("X-Claim-Token", "t"),
        ("X-Other", "o"),
        ("Accept", "*/*"),
        ("Referer", "r"),
        ("Cookie", "c=1"),
        ("Authorization", "a"),
        ("Connection", "keep-alive"),
    )
    listed = sent(headers)
    assert {
        name: listed[name] for name in listed if name not in {"x-forwarded-for", "via", "user-agent"}
    } == {
        "host": BUCKET,
        "x-claim-token": "t",
    }
    assert "x-claim-token" not in sent(headers, origin_request=OriginRequestPolicy())


def test_cloudfronts_own_headers_are_set() -> None:
    own = sent((("User-Agent", "curl/8"), ("X-Forwarded-For", "192.0.2.4, 192.0.2.3"), ("Via", "1.0 p")))
    assert own["user-agent"] == "Amazon CloudFront"
    assert own["via"] == VIA
    assert own["x-forwarded-for"] == "192.0.2.4, 192.0.2.3,203.0.113.7"


@pytest.mark.parametrize(
    "name", ["Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"]
)
def test_conditional_and_range_headers_go_on_whatever_the_policy(name: str) -> None:
    assert sent(((name, "v"),), origin_request=OriginRequestPolicy())[name.lower()] == "v"


def test_all_headers_but_some_leaves_out_those_and_what_concerns_one_connection() -> None:
    policy = OriginRequestPolicy(headers=Selection("allExcept", frozenset({"host", "x-out"})))
    headers = (
        ("X-Out", "1"),
        ("X-In", "2"),
        ("TE", "trailers"),
        ("Upgrade", "h2c"),
        ("X-Amz-Cf-Id", "forged"),
    )
    forwarded = sent(headers, origin_request=policy)
    assert forwarded.keys() - {"host", "user-agent", "via", "x-forwarded-for"} == {"x-in"}


def test_the_user_agent_goes_on_only_when_listed() -> None:
    listed = OriginRequestPolicy(headers=whitelist("user-agent"))
    assert sent((("User-Agent", "curl/8"),), origin_request=listed)["user-agent"] == "curl/8"


def test_custom_origin_headers_replace_the_viewers() -> None:
    own = origin(custom_headers=(("X-Claim-Token", "mine"),))
    assert sent((("x-claim-token", "viewer's"),), origin=own)["x-claim-token"] == "mine"


@pytest.mark.parametrize(
    ("selection", "forwarded"),
    [
        (ALL, "b=2&a=1&a=%41&flag"),
        (Selection(), ""),
        (whitelist("a"), "a=1&a=%41"),
        (whitelist("flag"), "flag"),
        (Selection("allExcept", frozenset({"a"})), "b=2&flag"),
    ],
)
def test_query_strings_go_on_as_the_policy_says_in_their_own_spelling(
    selection: Selection, forwarded: str
) -> None:
    going = policies.origin_request(
        request(querystring="b=2&a=1&a=%41&flag"),
        behaviour(origin_request=OriginRequestPolicy(queries=selection)),
        VIA,
    )
    assert going.querystring == forwarded


def test_what_is_in_the_cache_key_goes_to_the_origin_too() -> None:
    cache = cache_policy(queries=whitelist("a"), headers=whitelist("x-key"), cookies=whitelist("k"))
    policy = OriginRequestPolicy(queries=whitelist("b"), cookies=whitelist("l"))
    going = policies.origin_request(
        request(querystring="a=1&b=2&c=3", headers=(("X-Key", "v"), ("Cookie", "k=1; l=2; m=3"))),
        behaviour(cache=cache, origin_request=policy),
        VIA,
    )
    assert going.querystring == "a=1&b=2"
    assert joined(going.headers, "x-key") == "v"
    assert joined(going.headers, "cookie") == "k=1; l=2"


@pytest.mark.parametrize(
    ("accepted", "encodings", "sent_on"),
    [
        ("gzip, deflate, br;q=0.5", ("br", "gzip"), "br,gzip"),
        ("gzip", ("br", "gzip"), "gzip"),
        ("deflate", ("gzip",), "identity"),
        ("gzip", (), None),
        (None, ("gzip",), None),
    ],
)
def test_accept_encoding_is_cut_down_to_what_the_cache_policy_names(
    accepted: str | None, encodings: tuple[str, ...], sent_on: str | None
) -> None:
    headers = (("Accept-Encoding", accepted),) if accepted else ()
    assert sent(headers, cache=cache_policy(encodings=encodings)).get("accept-encoding") == sent_on


@pytest.mark.parametrize("listed", [True, False])
def test_the_viewers_address_is_cloudfronts_word_and_never_the_viewers(*, listed: bool) -> None:
    names = frozenset({"x-own", "cloudfront-viewer-address"} if listed else {"x-own"})
    policy = OriginRequestPolicy(headers=Selection("whitelist", names))
    forged: Headers = (("CloudFront-Viewer-Address", "192.0.2.1:80"),)
    expected = "203.0.113.7:0" if listed else None
    assert sent(forged, origin_request=policy).get("cloudfront-viewer-address") == expected


def test_a_listed_cookie_goes_to_the_origin_and_no_other() -> None:
    policy = OriginRequestPolicy(cookies=whitelist("lease"))
    cookies: Headers = (("Cookie", "a=1; lease=2; leases=3"), ("Cookie", "b=4"))
    assert sent(cookies, origin_request=policy)["cookie"] == "lease=2"
