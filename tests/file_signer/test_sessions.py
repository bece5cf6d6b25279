"""`/-/session`: signed cookies for the bearer of a token, kept apart by their paths."""

import json
from base64 import b64decode, urlsafe_b64encode
from http.cookies import SimpleCookie
from typing import Any

import pytest

from local_cloud.edge import signatures
from local_cloud.edge.messages import Request
from onetime_urls.protocol.contract.headers import SESSION_COOKIE, SIGNED_COOKIES
from onetime_urls.protocol.rules import Rule, Rules
from tests.file_signer.world import BASE_URL, KEY_PAIR_ID, Answer, World, deployment
from tests.tokens import NOW

SESSION = "/-/session"


class Jar:
    """What a browser keeps: value by name and path."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.attributes: list[dict[str, str]] = []

    def take(self, answer: Answer) -> None:
        for line in answer.cookies:
            [(name, morsel)] = SimpleCookie(line).items()
            assert morsel["secure"] is True
            assert morsel["httponly"] is True
            assert not morsel["domain"]
            self.attributes.append({"path": morsel["path"], "same_site": morsel["samesite"]})
            if morsel["max-age"] == "0":
                self.kept.pop((name, morsel["path"]), None)
            else:
                self.kept[name, morsel["path"]] = morsel.value

    def sent_to(self, path: str) -> list[str]:
        """As RFC 6265, 5.1.4 says, for paths that end in a slash."""
        found = [(place, name, value) for (name, place), value in self.kept.items() if path.startswith(place)]
        return [f"{name}={value}" for place, name, value in sorted(found, key=lambda each: -len(each[0]))]


def opened(world: World, jar: Jar | None = None, **claims: Any) -> Jar:
    jar = jar or Jar()
    cookies = jar.sent_to(SESSION)
    answer = world.ask(SESSION, method="POST", token=world.token(**claims), cookies=cookies)
    assert (answer.status, answer.body) == (204, "")
    jar.take(answer)
    return jar


def reads(world: World, jar: Jar, path: str, at: float | None = None) -> bool:
    """Whether CloudFront serves a path to this browser."""
    headers = (("Cookie", "; ".join(jar.sent_to(path))),)
    request = Request(method="GET", uri=path, querystring="", headers=headers, client_ip="203.0.113.7")
    try:
        signatures.verified(request, {KEY_PAIR_ID: world.public_key()}, [BASE_URL], at or world.now)
    except signatures.Refused:
        return False
    return True


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256"])
def test_cookies_open_what_the_rules_let_their_user_read_and_nothing_else(spec: str) -> None:
    with deployment(spec=spec) as world:
        jar = opened(world)
        assert reads(world, jar, "/shared/a/b.png")
        assert reads(world, jar, "/users/alice/x")
        for path in ("/users/bob/x", "/users/alice2/x", "/finance/x", "/other", "/"):
            assert not reads(world, jar, path)


def test_each_set_is_a_policy_with_one_resource_under_its_own_path(world: World) -> None:
    claims: dict[str, Any] = {"sub": "a b", "cognito:groups": ["finance"]}
    jar = opened(world, **claims)
    paths = {path for name, path in jar.kept if name in SIGNED_COOKIES}
    assert paths == {"/shared/", "/finance/", "/users/a%20b/"}
    for path in paths:
        values = {name: jar.kept[name, path] for name in SIGNED_COOKIES}
        assert values["CloudFront-Hash-Algorithm"] == "SHA256"
        document = b64decode(values["CloudFront-Policy"].translate(str.maketrans("-_~", "+=/")))
        world.verify(document, values["CloudFront-Signature"])
        [statement] = json.loads(document)["Statement"]
        assert statement["Resource"] == f"{BASE_URL}{path}*"
        [(condition, date)] = statement["Condition"].items()
        assert condition == "DateLessThan"
        assert 600 < date["AWS:EpochTime"] - NOW <= 900


def test_cookies_die_with_the_session_and_a_renewal_goes_on_past_that(world: World) -> None:
    jar = opened(world)
    [end] = {
        json.loads(b64decode(value + "=="))["expires_at"]
        for (name, _), value in jar.kept.items()
        if name == SESSION_COOKIE
    }
    assert reads(world, jar, "/shared/video.mp4", at=end - 1)
    assert not reads(world, jar, "/shared/video.mp4", at=end)
    world.now = end - 200
    opened(world, jar)
    assert reads(world, jar, "/shared/video.mp4", at=end + 100)


def test_a_shared_prefix_is_signed_once_in_a_window_however_many_come(world: World) -> None:
    for number in range(5):
        opened(world, sub=f"user-{number}")
    assert world.calls.count("Sign") == 1 + 5  # shared/, and each user's own
    world.now += 300
    opened(world, sub="user-0")
    assert world.calls.count("Sign") == 6 + 2


def test_another_users_session_in_the_same_browser_leaves_nothing_of_the_one_before(world: World) -> None:
    jar = opened(world, sub="alice")
    opened(world, jar, sub="bob")
    assert reads(world, jar, "/users/bob/x")
    assert not any(path == "/users/alice/" for _, path in jar.kept)


def test_a_session_says_who_until_when_and_where(world: World) -> None:
    jar = opened(world)
    answer = world.ask(SESSION, cookies=jar.sent_to(SESSION))
    assert answer.status == 200
    assert answer.json["sub"] == "alice"
    assert 600 < answer.json["expires_at"] - NOW <= 900
    assert answer.json["prefixes"] == [f"{BASE_URL}/shared/", f"{BASE_URL}/users/alice/"]
    assert answer.headers["cache-control"] == "no-store"
    world.now += 900
    assert world.ask(SESSION, cookies=jar.sent_to(SESSION)).error == "no_session"


def test_closing_clears_every_cookie_with_the_attributes_that_it_was_set_with(world: World) -> None:
    jar = opened(world)
    set_with = {tuple(each.items()) for each in jar.attributes}
    answer = world.ask(SESSION, method="DELETE", cookies=jar.sent_to(SESSION))
    assert answer.status == 204
    jar.take(answer)
    assert jar.kept == {}
    assert {tuple(each.items()) for each in jar.attributes} == set_with


def test_closing_without_a_session_is_no_error(world: World) -> None:
    assert world.ask(SESSION, method="DELETE").status == 204


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin", "origin": BASE_URL}, True),
        ({"sec_fetch_site": "cross-site", "origin": "https://app.example.com"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec_fetch_site": "same-site", "origin": "https://evil.cloudfront.net"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://app.example.com.evil.example"}, False),
        ({"sec_fetch_site": "none"}, True),
    ],
)
def test_another_sites_page_changes_nothing(world: World, headers: dict[str, Any], allowed: bool) -> None:
    for method in ("POST", "DELETE"):
        answer = world.ask(SESSION, method=method, token=world.token(), **headers)
        if allowed:
            assert answer.status == 204
        else:
            assert (answer.status, answer.error, answer.cookies) == (403, "cross_site", [])
    assert allowed or world.calls == []


@pytest.mark.parametrize("token", [None, "junk", "a.b.c"])
def test_without_a_good_token_no_session_is_opened(world: World, token: str | None) -> None:
    answer = world.ask(SESSION, method="POST", token=token)
    assert answer.status == 401
    assert "www-authenticate" in answer.headers
    assert answer.cookies == []


def test_the_tokens_use_is_checked(world: World) -> None:
    assert world.ask(SESSION, method="POST", token=world.token(token_use="access")).error == "invalid_token"


def test_where_the_api_is_open_a_session_still_needs_a_token() -> None:
    with deployment(tokens_only=False) as world:
        assert world.ask(SESSION, method="POST").status == 401
    with deployment(tokens_only=False, with_issuer=False) as world:
        assert world.ask(SESSION, method="POST", token=world.token()).error == "invalid_token"


@pytest.mark.parametrize("sub", ["a/b", "..", "*", "a?b", "", "a%2fb", "\\"])
def test_a_claim_that_could_be_more_than_its_segment_gives_no_cookie(world: World, sub: str) -> None:
    jar = opened(world, sub=sub)
    assert {path for name, path in jar.kept if name in SIGNED_COOKIES} == {"/shared/"}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "!",
        "bnVsbA",
        urlsafe_b64encode(b'{"sub":1,"expires_at":9999999999,"prefixes":[]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":[],"expires_at":9999999999,"prefixes":[]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a","expires_at":"9","prefixes":[]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a","expires_at":9999999999,"prefixes":"x"}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a","expires_at":9999999999,"prefixes":["\\n"]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a","expires_at":9999999999,"prefixes":[{}]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a"}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"\\ud800","expires_at":9999999999,"prefixes":[]}').decode().rstrip("="),
        urlsafe_b64encode(b'{"sub":"a","expires_at":9999999999,"prefixes":[%s]}' % b",".join([b'"a/"'] * 400))
        .decode()
        .rstrip("="),
    ],
)
def test_a_cookie_that_was_made_up_is_no_session_and_breaks_nothing(world: World, value: str) -> None:
    cookies = [f"{SESSION_COOKIE}={value}"]
    assert world.ask(SESSION, cookies=cookies).error == "no_session"
    assert world.ask(SESSION, method="DELETE", cookies=cookies).status == 204
    assert world.ask(SESSION, method="POST", token=world.token(), cookies=cookies).status == 204


def test_a_made_up_prefix_cant_leave_the_paths_attribute(world: World) -> None:
    plain = {"sub": "a", "expires_at": 9999999999, "prefixes": ["x; Domain=example.com; y="]}
    cookie = urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")
    answer = world.ask(SESSION, method="DELETE", cookies=[f"{SESSION_COOKIE}={cookie}"])
    named = [line for line in answer.cookies if "Domain" in line]
    assert named
    assert all("%20Domain" in line for line in named)


def test_a_list_too_long_for_a_cookie_is_an_error(world: World) -> None:
    answer = world.ask(SESSION, method="POST", token=world.token(sub="x" * 3000))
    assert (answer.status, answer.error) == (400, "session_too_large")
    assert answer.cookies == []


def test_no_answer_has_more_cookies_than_api_gateway_sends() -> None:
    eight = Rules(tuple(Rule(f"{name}/{{sub}}/*") for name in "abcdefgh"))
    with deployment(spec="RSA_2048", rules=eight) as world:
        jar = opened(world, sub="alice")
        cookies, other = jar.sent_to(SESSION), world.token(sub="b" * 36)
        taken = world.ask(SESSION, method="POST", token=other, cookies=cookies)
        closed = world.ask(SESSION, method="DELETE", cookies=cookies)
        free = world.ask(SESSION, method="POST", token=other)
        long = world.ask(SESSION, method="POST", token=world.token(sub="c" * 200))
    assert (taken.error, taken.cookies) == ("session_too_large", [])
    assert "close it" in taken.json["message"]
    assert (long.error, long.cookies) == ("session_too_large", [])
    for answer in (closed, free):
        assert answer.status == 204
        assert sum(map(len, answer.cookies)) <= 10_000


def test_a_browser_may_ask_before_it_sends_a_token(world: World) -> None:
    assert world.ask(SESSION, method="OPTIONS").status == 204
    assert world.ask(SESSION, method="PUT").status == 405
