"""What viewers get out of the cache: hits, parts, what hasn't changed, compressed objects, error pages."""

import gzip
from dataclasses import replace
from typing import Any

import pytest

from local_cloud.edge import compression
from local_cloud.edge.messages import Headers
from local_cloud.edge.model import ErrorPage, Selection
from tests.local_edge.build import behaviour, cache_policy, request
from tests.local_edge.inprocess import MadeUpOrigin, edge, passing

FOR_A_MINUTE = cache_policy(min_ttl=0, default_ttl=60, max_ttl=3_600)
COMPRESSING = replace(FOR_A_MINUTE, encodings=("br", "gzip"))
LAST_MODIFIED = "Fri, 01 Jan 2027 00:00:00 GMT"
TEXT = b"0123456789" * 200
DESCRIBED: Headers = (
    ("Content-Type", "text/plain"),
    ("Content-Length", str(len(TEXT))),
    ("ETag", '"v1"'),
    ("Last-Modified", LAST_MODIFIED),
)
GZIP: Headers = (("Accept-Encoding", "gzip, br"),)


def text(**changed: Any) -> MadeUpOrigin:
    usual: dict[str, Any] = {"headers": DESCRIBED, "body": (TEXT[:1], TEXT[1:])}
    return MadeUpOrigin(**usual | changed)


def x_cache(answer: Any) -> str:
    return str(answer.headers["x-cache"].removesuffix(" from cloudfront"))


def test_the_viewer_request_function_runs_before_every_hit_and_origin_response_on_misses_only() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE, viewer_request=passing, origin_response=passing)
    assert [x_cache(served.get("/a")) for _ in range(3)] == ["Miss", "Hit", "Hit"]
    assert [each["config"]["eventType"] for each in served.events] == [
        "viewer-request",
        "origin-response",
        "viewer-request",
        "viewer-request",
    ]


def test_a_refusal_of_the_viewer_request_function_keeps_the_cache_shut() -> None:
    def guard(event: dict[str, Any]) -> Any:
        allowed = "authorization" in event["request"]["headers"]
        return event["request"] if allowed else {"status": "401", "body": "no"}

    served = edge(serving=text(), cache=FOR_A_MINUTE, viewer_request=guard)
    assert served.get("/a", headers=(("Authorization", "yes"),)).status == 200
    assert (served.get("/a").status, served.get("/a").body) == (401, b"no")
    assert x_cache(served.get("/a", headers=(("Authorization", "another"),))) == "Hit"


def test_the_cache_key_is_the_path_that_the_function_left() -> None:
    def rewriting(event: dict[str, Any]) -> Any:
        return event["request"] | {"uri": "/canonical"}

    served = edge(serving=text(), cache=FOR_A_MINUTE, viewer_request=rewriting)
    assert [x_cache(served.get(path)) for path in ("/a", "/b")] == ["Miss", "Hit"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("If-None-Match", '"v1"'), 304),
        (("If-None-Match", 'W/"v0", W/"v1"'), 304),
        (("If-None-Match", "*"), 304),
        (("If-None-Match", '"v2"'), 200),
        (("If-Modified-Since", LAST_MODIFIED), 304),
        (("If-Modified-Since", "Thu, 31 Dec 2026 00:00:00 GMT"), 200),
        (("If-Modified-Since", "yesterday"), 200),
    ],
)
def test_conditions_are_answered_from_the_cache(header: tuple[str, str], status: int) -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    answer = served.get("/a", headers=(header,))
    assert (answer.status, x_cache(answer)) == (status, "Hit")
    assert answer.body == (TEXT if status == 200 else b"")
    assert answer.headers["etag"] == '"v1"'
    assert len(served.origin.seen) == 1


@pytest.mark.parametrize(
    ("wanted", "status", "body"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=-3", 206, b"789"),
        ("bytes=1998-", 206, b"89"),
        ("bytes=0-0,5-5", 200, TEXT),
        ("bytes=2000-", 416, None),
    ],
)
def test_a_range_is_answered_from_the_cache(wanted: str, status: int, body: bytes | None) -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    answer = served.get("/a", headers=(("Range", wanted),))
    assert answer.status == status
    assert body is None or (answer.body, answer.headers["content-length"]) == (body, str(len(body)))
    assert len(served.origin.seen) == 1


@pytest.mark.parametrize(("condition", "status"), [('"v1"', 206), ('"v2"', 200)])
def test_a_range_of_a_changed_object_is_the_whole(condition: str, status: int) -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    headers = (("Range", "bytes=0-1"), ("If-Range", condition))
    assert served.get("/a", headers=headers).status == status


def test_a_weak_validator_gives_no_part() -> None:
    served = edge(serving=text(), cache=COMPRESSING, compress=True)
    served.get("/a", headers=GZIP)
    headers = (*GZIP, ("Range", "bytes=0-1"), ("If-Range", 'W/"v1"'))
    assert served.get("/a", headers=headers).status == 200


def test_conditions_that_only_the_origin_knows_go_there() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    assert x_cache(served.get("/a", headers=(("If-Match", '"v1"'),))) == "Miss"


def test_head_is_answered_from_a_cached_get_and_from_a_cached_head() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a", method="HEAD")
    served.get("/b")
    for path in ("/a", "/b"):
        answer = served.get(path, method="HEAD")
        assert (x_cache(answer), answer.headers["content-length"]) == ("Hit", "2000")
    assert x_cache(served.get("/a")) == "Miss"


def test_what_has_expired_is_asked_for_again_by_its_validators() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    served.clock += 60
    fresh: Headers = (("ETag", '"v1"'), ("Cache-Control", "max-age=5"))
    served.origin.status, served.origin.headers, served.origin.body = 304, fresh, ()
    answer = served.get("/a")
    assert (answer.status, answer.body, x_cache(answer)) == (200, TEXT, "RefreshHit")
    asked = dict(served.origin.seen[-1].headers)
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"v1"', LAST_MODIFIED)
    served.clock += 4
    assert (x_cache(served.get("/a")), served.get("/a").headers["age"]) == ("Hit", "4")
    served.clock += 1
    assert x_cache(served.get("/a")) == "RefreshHit"


def test_what_has_changed_since_replaces_what_has_expired() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    served.clock += 60
    served.origin.headers, served.origin.body = (("ETag", '"v2"'),), (b"new",)
    assert [(x_cache(each), each.body) for each in (served.get("/a"), served.get("/a"))] == [
        ("Miss", b"new"),
        ("Hit", b"new"),
    ]


def test_the_viewers_own_condition_is_not_mixed_with_a_revalidation() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served.get("/a")
    served.clock += 60
    served.origin.status, served.origin.headers, served.origin.body = 304, (), ()
    answer = served.get("/a", headers=(("If-None-Match", '"mine"'),))
    assert (answer.status, answer.body, x_cache(answer)) == (304, b"", "Miss")
    values = [value for name, value in served.origin.seen[-1].headers if name == "If-None-Match"]
    assert values == ['"mine"']


def test_listed_cookies_headers_and_queries_keep_viewers_apart() -> None:
    keyed = replace(
        FOR_A_MINUTE,
        cookies=Selection("whitelist", frozenset({"theme"})),
        headers=Selection("whitelist", frozenset({"x-lang"})),
        queries=Selection("whitelist", frozenset({"v"})),
    )
    served = edge(serving=text(), cache=keyed)
    asked: list[tuple[str, Headers]] = [
        ("/a", ()),
        ("/a", (("Cookie", "other=1"),)),
        ("/a?w=1", (("X-Other", "1"),)),
        ("/a", (("Cookie", "theme=dark; other=1"),)),
        ("/a", (("X-Lang", "de"),)),
        ("/a?v=2", ()),
        ("/a?w=1&v=2", ()),
    ]
    assert [x_cache(served.get(target, headers=headers)) for target, headers in asked] == [
        "Miss",
        "Hit",
        "Hit",
        "Miss",
        "Miss",
        "Miss",
        "Hit",
    ]


# Compression.


def test_text_is_compressed_for_who_takes_it_and_its_etag_made_weak() -> None:
    served = edge(serving=text(), cache=COMPRESSING, compress=True)
    for word in ("Miss", "Hit"):
        answer = served.get("/a", headers=GZIP)
        assert (x_cache(answer), gzip.decompress(answer.body)) == (word, TEXT)
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["etag"] == 'W/"v1"'
        assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.body))
    plain = served.get("/a")
    assert (x_cache(plain), plain.body, plain.headers["etag"]) == ("Miss", TEXT, '"v1"')
    unchanged = served.get("/a", headers=(*GZIP, ("If-None-Match", 'W/"v1"')))
    assert (unchanged.status, x_cache(unchanged)) == (304, "Hit")


def test_a_compressed_object_is_asked_for_again_by_the_origins_own_etag() -> None:
    served = edge(serving=text(), cache=COMPRESSING, compress=True)
    served.get("/a", headers=GZIP)
    served.clock += 60
    served.origin.status, served.origin.headers, served.origin.body = 304, (("ETag", '"v1"'),), ()
    answer = served.get("/a", headers=GZIP)
    assert (x_cache(answer), gzip.decompress(answer.body)) == ("RefreshHit", TEXT)
    assert answer.headers["etag"] == 'W/"v1"'
    assert ("If-None-Match", '"v1"') in served.origin.seen[-1].headers


@pytest.mark.parametrize(
    ("changed", "accepted", "headers"),
    [
        ({"compress": False}, "gzip", {}),
        ({"cache": FOR_A_MINUTE}, "gzip", {}),
        ({"cache": replace(COMPRESSING, default_ttl=0, max_ttl=0)}, "gzip", {}),
        ({}, "br", {}),
        ({}, "identity", {}),
        ({}, "gzip;q=0, br", {}),
        ({}, "gzip", {"Content-Type": "image/png"}),
        ({}, "gzip", {"Content-Type": "text/plainer"}),
        ({}, "gzip", {"Content-Length": "999"}),
        ({}, "gzip", {"Content-Length": "10000001"}),
        ({}, "gzip", {"Content-Length": ""}),
        ({}, "gzip", {"Content-Encoding": "br"}),
    ],
)
def test_nothing_else_is_compressed(changed: Any, accepted: str, headers: Any) -> None:
    of = behaviour(**{"cache": COMPRESSING, "compress": True} | changed)
    asked = request(headers=(("Accept-Encoding", accepted),))
    described = tuple((dict(DESCRIBED) | headers).items())
    assert compression.is_compressed(
        behaviour(cache=COMPRESSING, compress=True), request(headers=GZIP), 200, DESCRIBED
    )
    assert not compression.is_compressed(of, asked, 200, described)


@pytest.mark.parametrize(("size", "status"), [(1_000, 200), (10_000_000, 403), (1_000, 404)])
def test_sizes_and_statuses_at_the_limits_are_compressed(size: int, status: int) -> None:
    of = behaviour(cache=COMPRESSING, compress=True)
    described = (("Content-Type", "IMAGE/SVG+XML; charset=utf-8"), ("Content-Length", str(size)))
    assert compression.is_compressed(of, request(headers=GZIP), status, described)


@pytest.mark.parametrize(("etag", "becomes"), [('"a"', 'W/"a"'), ('W/"a"', 'W/"a"'), ("a", None), ("", None)])
def test_an_etag_is_made_weak_kept_or_dropped(etag: str, becomes: str | None) -> None:
    assert dict(compression.of_compressed((("etag", etag),))).get("ETag") == becomes


# Pages in place of others.


def test_the_default_root_object_is_served_for_the_root_only() -> None:
    served = edge(serving=text(), cache=FOR_A_MINUTE)
    served = replace(served, distribution=replace(served.distribution, root="/index.html"))
    served.get("/")
    served.get("/?x")
    served.get("/deep/")
    assert [each.target for each in served.origin.seen] == ["/index.html", "/deep/"]


def pages(status: int, serving: MadeUpOrigin) -> Any:
    """An edge whose pages for `status` is /sorry.html, with status 200."""
    made = edge(serving=serving, cache=FOR_A_MINUTE)
    custom = {status: ErrorPage("/sorry.html", 200)}
    return replace(made, distribution=replace(made.distribution, error_pages=custom))


class Missing(MadeUpOrigin):
    """An origin that has nothing but /sorry.html."""

    def fetch(self, method: str, target: str, *rest: Any) -> Any:
        self.status, self.body = (200, (b"sorry",)) if target == "/sorry.html" else (404, (b"none",))
        return super().fetch(method, target, *rest)


def test_a_custom_error_response_is_the_page_with_its_own_status() -> None:
    served = pages(404, Missing(headers=()))
    for _ in range(2):
        answer = served.get("/none", headers=(("Range", "bytes=0-1"), ("If-None-Match", "*")))
        assert (answer.status, answer.body, x_cache(answer)) == (200, b"sorry", "Error")
    assert [each.target for each in served.origin.seen] == ["/none", "/sorry.html"]


def test_an_error_whose_page_is_missing_too_is_the_error_itself() -> None:
    served = pages(404, MadeUpOrigin(status=404, headers=(), body=(b"none",)))
    answer = served.get("/none")
    assert (answer.status, answer.body) == (404, b"none")


def test_what_a_function_answers_is_never_replaced() -> None:
    made = pages(404, MadeUpOrigin())
    refused = edge(viewer_request=lambda _: {"status": "404", "body": "by the function"})
    served = replace(
        refused, distribution=replace(refused.distribution, error_pages=made.distribution.error_pages)
    )
    assert served.get("/a").body == b"by the function"
