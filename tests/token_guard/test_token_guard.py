"""The token guard as Lambda runs it: one event in, one request or response out."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.edge.events import write_headers
from onetime_urls.protocol.pages.layout import page_policy
from onetime_urls.protocol.paths import read_path, write_path
from onetime_urls.protocol.rules import may_read
from tests.links import viewer_event
from tests.token_guard.world import RULES, Clock, IssuerServer, ask, bearer, make_guard, value, verdict
from tests.tokens import CLIENT, NOW, SigningKey
from token_guard import answers, refusals
from token_guard.guard import Guard

NAVIGATION = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document", "accept": "text/html,*/*"}
IMAGE = {"sec_fetch_mode": "no-cors", "sec_fetch_dest": "image", "accept": "image/*"}
FINANCE: dict[str, Any] = {"cognito:groups": ["finance"]}
AMPLIFY = f"CognitoIdentityServiceProvider.{CLIENT}"


def test_a_good_token_goes_on_from_header_and_cookie(guard: Guard, issuer: IssuerServer) -> None:
    token = issuer.token()
    assert verdict(ask(guard, authorization=bearer(token))) == "allowed"
    assert verdict(ask(guard, authorization=f"bEARER  {token}")) == "allowed"
    assert verdict(ask(guard, cookie=f"theme=dark; token={token}; lang=de")) == "allowed"
    assert verdict(ask(guard, cookie=f"token={token}", authorization=bearer(token))) == "allowed"
    assert verdict(ask(guard, method="HEAD", cookie=f"token={token}")) == "allowed"


def test_the_token_goes_no_further_than_the_guard(
    issuer: IssuerServer, capsys: pytest.CaptureFixture[str]
) -> None:
    guard, token = (
        make_guard(issuer, query_token=True, login_url="https://app.example.com/login"),
        issuer.token(),
    )
    sent = ask(
        guard, "/shared/a", f"token={token}&v=2", authorization=bearer(token), cookie=f"token={token}; a=b"
    )
    answers = [
        sent,
        ask(guard, "/other/a", f"token={token}", **NAVIGATION),
        ask(guard, "/shared/a", f"v=1&token={issuer.token(exp=NOW - 1)}&%74oken={token[:-1]}", **NAVIGATION),
        ask(guard, "/shared/a", f"v=1&token={issuer.token(exp=NOW - 1)}", **NAVIGATION),
    ]
    assert sent["querystring"] == ""
    assert not {"authorization", "cookie"} & sent["headers"].keys()
    assert [verdict(answer) for answer in answers] == [
        "allowed",
        "403 insufficient_scope",
        "400 invalid_request",
        "303",
    ]
    for text in (*map(json.dumps, answers), capsys.readouterr().out):
        assert not [part for part in token.split(".") if part[4:] in text]


def test_what_goes_on_is_the_canonical_path_and_the_viewers_own_conditions(
    guard: Guard, issuer: IssuerServer
) -> None:
    kept = {"range": "bytes=0-9", "if_none_match": '"x"', "accept": "image/*"}
    sent = ask(
        guard, "/%73hared/a%20b+c%2fd", "x=1&list-type=2", authorization=bearer(issuer.token()), **kept
    )
    assert (sent["uri"], sent["querystring"]) == ("/shared/a%20b%2Bc/d", "")
    assert {name: value(sent, name.replace("_", "-")) for name in kept} == kept
    assert value(sent, "host") == "d111111abcdef8.cloudfront.net"


def test_without_a_token_the_challenge_names_no_error(guard: Guard) -> None:
    for headers in (
        {},
        {"cookie": "session=1"},
        {"cookie": "token="},
        {"authorization": "Basic dXNlcjpwYXNz"},
    ):
        answer = ask(guard, **headers)
        assert answer["status"] == "401"
        assert value(answer, "www-authenticate") == "Bearer"
        assert value(answer, "cache-control") == "no-store"


@pytest.mark.parametrize(
    "token",
    [
        lambda issuer: "x",
        lambda issuer: "a.b.c",
        lambda issuer: "x" * 100_000,
        lambda issuer: f"{issuer.token()}x",
        lambda issuer: f"{issuer.token()}=",
        lambda issuer: issuer.token()[:-2],
        lambda issuer: issuer.token(exp=NOW),
        lambda issuer: issuer.token(nbf=NOW + 3600),
        lambda issuer: issuer.token(iss=f"{issuer.url}/"),
        lambda issuer: issuer.token(iss="https://evil.example"),
        lambda issuer: issuer.token(aud="another"),
        lambda issuer: issuer.token(token_use="access"),
        lambda issuer: issuer.token(SigningKey(private="two")),
        lambda issuer: issuer.token(SigningKey("unknown")),
        lambda issuer: issuer.token(SigningKey(algorithm="ES256")),
        lambda issuer: issuer.token(header={"alg": "none", "kid": "key-1"}).rpartition(".")[0] + ".",
        lambda issuer: issuer.token(
            header={"alg": "RS256", "kid": "key-1", "jwk": SigningKey(private="two").jwk()}
        ),
        lambda issuer: SigningKey().token(claims='{"exp":1,"exp":2}'),
        lambda issuer: SigningKey().token(claims=b"\xff"),
        lambda issuer: SigningKey().token(claims="[]"),
    ],
)
def test_a_token_that_is_not_good_is_401_invalid_token_and_nothing_of_it_is_repeated(
    guard: Guard, issuer: IssuerServer, token: Any
) -> None:
    text = token(issuer)
    for shown in ({"authorization": bearer(text)}, {"cookie": f"token={text}"}):
        answer = ask(guard, **shown)
        assert verdict(answer) == "401 invalid_token"
        assert len(text) < 4 or text[:40] not in json.dumps(answer)
        assert value(answer, "cache-control") == "no-store"


def test_two_tokens_that_differ_are_400(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, query_token=True, cookies=("token", "id"), amplify_clients=(CLIENT,))
    one, two = issuer.token(), issuer.token(sub="user-2")
    for headers in (
        {"authorization": bearer(one), "cookie": f"token={two}"},
        {"cookie": f"token={one}; token={two}"},
        {"cookie": f"token={one}; id={two}"},
        {"cookie": f"token={one}", "query": f"token={two}"},
        {"query": f"token={one}&%74oken={two}"},
        {"authorization": bearer(one), "cookie": "token=junk"},
        {"cookie": f"{AMPLIFY}.ann.idToken={one}; {AMPLIFY}.bob.idToken={two}"},
    ):
        assert verdict(ask(guard, **headers)) == "400 invalid_request"
    doubled = viewer_event("/shared/a", "")
    fields = [{"key": "Authorization", "value": bearer(each)} for each in (one, two)]
    doubled["Records"][0]["cf"]["request"]["headers"]["authorization"] = fields
    assert verdict(guard.handle(doubled, lambda: 5.0)) == "400 invalid_request"


def test_a_token_in_the_query_counts_only_where_that_is_allowed(guard: Guard, issuer: IssuerServer) -> None:
    query = f"v=1&token={issuer.token()}"
    assert verdict(ask(guard, query=query)) == "401"
    assert verdict(ask(make_guard(issuer, query_token=True), query=query)) == "allowed"


def test_amplifys_cookies_are_read_for_the_named_client_and_the_last_user(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, amplify_clients=(CLIENT,))
    ann, bob = issuer.token(), issuer.token(sub="user-2")
    kept = f"{AMPLIFY}.ann.accessToken=junk; {AMPLIFY}.ann.refreshToken=junk"
    assert verdict(ask(guard, cookie=f"{kept}; {AMPLIFY}.ann.idToken={ann}")) == "allowed"
    both = f"{AMPLIFY}.ann.idToken={ann}; {AMPLIFY}.bob.idToken={bob}"
    assert verdict(ask(guard, "/users/user-2/x", cookie=f"{both}; {AMPLIFY}.LastAuthUser=bob")) == "allowed"
    assert verdict(ask(guard, cookie=f"CognitoIdentityServiceProvider.other.ann.idToken={ann}")) == "401"
    assert verdict(ask(guard, cookie=f"{AMPLIFY}.ann.idToken={ann}; {AMPLIFY}.LastAuthUser=eve")) == "401"


def test_a_good_token_without_the_right_is_403_insufficient_scope(guard: Guard, issuer: IssuerServer) -> None:
    member = bearer(issuer.token())
    accountant = bearer(issuer.token(**FINANCE))
    refused = [
        ask(guard, uri, authorization=member)
        for uri in ("/finance/a", "/users/user-10/a", "/other", "/", "/x/y")
    ]
    assert {verdict(answer) for answer in refused} == {"403 insufficient_scope"}
    assert len({json.dumps(answer) for answer in refused}) == 1
    assert verdict(ask(guard, "/finance/a", authorization=accountant)) == "allowed"
    assert verdict(ask(guard, "/users/user-1/a", authorization=accountant)) == "allowed"
    text = bearer(issuer.token(**(FINANCE | {"cognito:groups": "finance"})))
    assert verdict(ask(guard, "/finance/a", authorization=text)) == "403 insufficient_scope"


@pytest.mark.parametrize(
    "uri",
    [
        "/shared/%",
        "/shared/%zz",
        "/shared/%2",
        "/shared/%ff",
        "/shared/%C0%AE",
        "/shared/../users/user-1/x",
        "/shared/.",
        "/shared/%2e%2e/finance/x",
        "/shared/%2E%2e%2ffinance/x",
        "/..%2f",
        "/shared/%00",
        "/shared/a%0d%0ab",
        "/shared/a b",
        "/shared/é",
        "shared/x",
        "",
        "*",
        "http://evil.example/shared/x",
        "/-/session",
        "/" + "x" * 1025,
        "/shared/%c2%85",
    ],
)
def test_a_path_that_can_not_be_read_is_400_before_any_work_on_the_token(
    issuer: IssuerServer, uri: str
) -> None:
    guard = make_guard(issuer)
    asked = len(issuer.asked)
    for headers in (
        {},
        {"authorization": bearer(issuer.token())},
        {"authorization": bearer(issuer.token(SigningKey("new")))},
    ):
        answer = ask(guard, uri, **headers)
        assert (verdict(answer), value(answer, "www-authenticate")) == ("400", "")
    assert len(issuer.asked) == asked


def test_a_query_that_can_not_be_read_is_400_where_a_token_could_be_in_it(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, query_token=True)
    for query in ("token=%", "tok%zzen=1", "x=\x7f", "é"):
        assert verdict(ask(guard, query=query, authorization=bearer(issuer.token()))) == "400"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", ""])
def test_other_methods_are_405_whoever_asks(guard: Guard, issuer: IssuerServer, method: str) -> None:
    answer = ask(guard, method=method, authorization=bearer(issuer.token()))
    assert (answer["status"], value(answer, "allow")) == ("405", "GET, HEAD")


def test_slash_is_the_default_root_object_under_its_own_rule(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, default_root_object="shared/index.html")
    assert ask(guard, "/", authorization=bearer(issuer.token()))["uri"] == "/shared/index.html"
    closed = make_guard(issuer, default_root_object="index.html")
    assert verdict(ask(closed, "/", authorization=bearer(issuer.token()))) == "403 insufficient_scope"


LOGIN = "https://app.example.com/login?from=assets"


def test_a_navigation_goes_to_the_login_page_with_the_wanted_address(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, login_url=LOGIN, query_token=True)
    answer = ask(guard, "/shared/a%20b", "v=1&token=&w=2", **NAVIGATION)
    assert answer["status"] == "303"
    wanted = "https%3A%2F%2Fd111111abcdef8.cloudfront.net%2Fshared%2Fa%2520b%3Fv%3D1%26w%3D2"
    assert value(answer, "location") == f"{LOGIN}&return_to={wanted}"
    assert value(answer, "cache-control") == "no-store"
    expired = ask(guard, "/shared/a", cookie=f"token={issuer.token(exp=NOW - 1)}", **NAVIGATION)
    assert expired["status"] == "303"


def test_only_a_persons_navigation_is_redirected(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, login_url=LOGIN)
    frame = NAVIGATION | {"sec_fetch_dest": "iframe"}
    script = {"sec_fetch_mode": "cors", "sec_fetch_dest": "empty", "accept": "text/html"}
    for headers in (IMAGE, frame, script, {}, {"accept": "text/html"}, NAVIGATION | {"method": "HEAD"}):
        assert verdict(ask(guard, **headers)) == "401"
    bad = f"token={issuer.token(aud='another')}"
    assert verdict(ask(guard, cookie=bad, **NAVIGATION)) == "401 invalid_token"  # it would go round for ever
    denied = ask(guard, "/finance/x", cookie=f"token={issuer.token()}", **NAVIGATION)
    assert verdict(denied) == "403 insufficient_scope"


@pytest.mark.parametrize(
    "uri",
    ["//evil.example/x", "/%2f%2fevil.example", "/\\evil.example", "/@evil.example", "/%5cevil.example"],
)
def test_no_path_makes_the_wanted_address_another_hosts(issuer: IssuerServer, uri: str) -> None:
    answer = ask(make_guard(issuer, login_url=LOGIN), uri, **NAVIGATION)
    location = value(answer, "location")
    assert re.fullmatch(
        re.escape(LOGIN) + r"&return_to=https%3A%2F%2Fd111111abcdef8\.cloudfront\.net%2F[\w.%~-]*", location
    )


def test_refusals_come_as_a_page_as_json_or_as_text(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, login_url="https://app.example.com/login?a='&b=1")
    page = ask(guard, accept="text/html")
    assert value(page, "content-type") == "text/html; charset=utf-8"
    assert (
        '<a class="button" href="https://app.example.com/login?a=&#x27;&amp;b=1&amp;return_to='
        in page["body"]
    )
    assert json.loads(ask(guard, accept="application/json")["body"]) == {
        "error": "no_token",
        "message": "This is for signed-in users. Sign in, then open it again.",
    }
    assert (
        ask(guard, accept="image/*")["body"] == "This is for signed-in users. Sign in, then open it again.\n"
    )


def test_challenges_are_what_rfc_6750_allows_in_a_header(guard: Guard, issuer: IssuerServer) -> None:
    for answer in (
        ask(guard, authorization="Bearer x"),
        ask(guard, "/finance/x", authorization=bearer(issuer.token())),
        ask(guard, authorization="Bearer x", cookie="token=y"),
    ):
        assert re.fullmatch(
            r'Bearer error="[a-z_]+", error_description="[ !#-\[\]-~]+"', value(answer, "www-authenticate")
        )


def test_named_origins_may_read_answers_and_send_tokens(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, cors_origins=("https://app.example.com",))
    asking = {
        "method": "OPTIONS",
        "access_control_request_method": "GET",
        "access_control_request_headers": "authorization",
    }
    answer = ask(guard, origin="https://app.example.com", **asking)
    assert answer["status"] == "204"
    assert "body" not in answer
    assert value(answer, "access-control-allow-origin") == "https://app.example.com"
    assert value(answer, "access-control-allow-credentials") == "true"
    assert "Authorization" in value(answer, "access-control-allow-headers")
    refused = ask(guard, origin="https://app.example.com")
    assert (refused["status"], value(refused, "vary")) == ("401", "Origin")
    assert value(refused, "access-control-allow-origin") == "https://app.example.com"
    assert "WWW-Authenticate" in value(refused, "access-control-expose-headers")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://app.example.com.evil.example",
        "*",
        "HTTPS://APP.EXAMPLE.COM",
        "",
    ],
)
def test_other_origins_may_not(issuer: IssuerServer, origin: str) -> None:
    guard = make_guard(issuer, cors_origins=("https://app.example.com",))
    asking = {"method": "OPTIONS", "access_control_request_method": "GET"}
    answers = [
        ask(guard, origin=origin, **asking),
        ask(guard, origin=origin),
        ask(guard, method="OPTIONS", origin=origin),
    ]
    assert [answer["status"] for answer in answers] == ["405", "401", "405"]
    assert not [answer for answer in answers if any("access-control" in name for name in answer["headers"])]


def test_one_users_token_never_opens_anothers_files_however_often_both_ask(
    guard: Guard, issuer: IssuerServer
) -> None:
    ann, bob = issuer.token(), issuer.token(sub="user-2")
    for _ in range(3):
        assert verdict(ask(guard, "/users/user-1/a", cookie=f"token={ann}")) == "allowed"
        assert verdict(ask(guard, "/users/user-1/a", cookie=f"token={bob}")) == "403 insufficient_scope"
        assert verdict(ask(guard, "/users/user-2/a", cookie=f"token={bob}")) == "allowed"
        assert verdict(ask(guard, "/users/user-1/a")) == "401"


def test_a_remembered_token_is_refused_from_the_second_in_which_it_expires(
    guard: Guard, issuer: IssuerServer, clock: Clock
) -> None:
    token = bearer(issuer.token(exp=NOW + 100))
    assert verdict(ask(guard, authorization=token)) == "allowed"
    clock.now = NOW + 99.9
    assert verdict(ask(guard, authorization=token)) == "allowed"
    clock.now = NOW + 100
    assert verdict(ask(guard, authorization=token)) == "401 invalid_token"


@given(st.text(alphabet="%.2feE5cC/\\*?usershared1finance0", max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_path_only_what_the_rules_let_a_user_read_goes_on(
    guard: Guard, issuer: IssuerServer, path: str
) -> None:
    sent = ask(guard, f"/{path}", authorization=bearer(_shared_token(issuer)))
    if verdict(sent) != "allowed":
        return
    key = read_path(sent["uri"])
    assert key == read_path(f"/{path}")
    assert may_read(RULES, {"sub": "1"}, key)
    assert key.startswith(("shared/", "users/1/"))


_TOKENS: dict[str, str] = {}


def _shared_token(issuer: IssuerServer) -> str:
    return _TOKENS.setdefault(issuer.url, issuer.token(sub="1"))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{"cf": {}}]},
        {"Records": [{"cf": {"config": {"eventType": "viewer-request"}, "request": {}}}]},
    ],
)
def test_an_event_that_is_not_understood_is_denied(
    guard: Guard, event: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert guard.handle(event, lambda: 5.0)["status"] == "503"
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["result"] == "error"


def test_settings_that_can_not_be_read_deny_and_are_read_again(issuer: IssuerServer) -> None:
    working = make_guard(issuer)
    made = [working._read_settings()]

    def read() -> Any:
        if not made:
            raise OSError
        return made[0]

    kept = made.pop()
    guard = Guard(read, working._fetch, clock=lambda: NOW)
    guard.warm()
    assert verdict(ask(guard, authorization=bearer(issuer.token()))) == "503"
    made.append(kept)
    assert verdict(ask(guard, authorization=bearer(issuer.token()))) == "allowed"


def respond(
    guard: Guard,
    status: str,
    *,
    accept: str = "*/*",
    uri: str = "/shared/a",
    prefix: str = "",
    **headers: str,
) -> dict[str, Any]:
    """What a guard makes of S3's answer, behind an origin whose path is `prefix`."""
    request = viewer_event(uri, "", accept=accept)["Records"][0]["cf"]["request"]
    request["origin"] = {"s3": {"path": prefix}}
    written = {name.replace("_", "-"): [{"key": name, "value": text}] for name, text in headers.items()}
    response = {"status": status, "statusDescription": "x", "headers": written}
    config = {"eventType": "origin-response", "requestId": "r-1"}
    return guard.handle(
        {"Records": [{"cf": {"config": config, "request": request, "response": response}}]}, lambda: 5.0
    )


@pytest.mark.parametrize("status", ["200", "206", "304"])
@pytest.mark.parametrize(
    ("own", "served"),
    [
        ("", "private, no-cache"),
        ("public", "private, no-cache"),
        ("public, max-age=600", "private, max-age=600"),
        ("max-age=600, s-maxage=9, immutable", "private, max-age=600, immutable"),
        ("no-store", "private, no-store"),
        ("PRIVATE , Max-Age=5", "private, max-age=5"),
    ],
)
def test_what_is_served_is_private_to_the_viewers_browser(
    guard: Guard, status: str, own: str, served: str
) -> None:
    headers = {"cache_control": own} if own else {}
    answer = respond(guard, status, etag='"x"', **headers)
    assert (answer["status"], value(answer, "etag")) == (status, '"x"')
    assert value(answer, "cache-control") == served
    assert "body" not in answer


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("403", "404"),
        ("404", "404"),
        ("412", "412"),
        ("416", "416"),
        ("400", "502"),
        ("405", "502"),
        ("500", "502"),
        ("503", "502"),
        ("301", "502"),
        ("307", "502"),
        ("201", "502"),
    ],
)
def test_nothing_of_what_s3_writes_instead_of_an_object_is_shown(
    guard: Guard, theirs: str, ours: str
) -> None:
    secret = {"location": "https://bucket.s3.amazonaws.com/", "x_amz_request_id": "r", "etag": "e"}
    answer = respond(guard, theirs, via="1.1 x", content_range="bytes */9", **secret)
    assert answer["status"] == ours
    assert value(answer, "cache-control") == "no-store"
    assert value(answer, "via") == "1.1 x"
    assert value(answer, "content-range") == ("bytes */9" if ours == "416" else "")
    assert not {"location", "x-amz-request-id", "etag"} & answer["headers"].keys()
    assert respond(guard, theirs, accept="text/html")["body"].startswith("<!doctype html>")


def test_s3s_own_headers_stay_inside(guard: Guard) -> None:
    answer = respond(
        guard, "200", x_amz_version_id="v", x_amz_meta_owner="o", content_security_policy="x", etag='"e"'
    )
    assert set(answer["headers"]) == {"cache-control", "content-security-policy", "etag"}
    assert value(answer, "content-security-policy") != "x"


@pytest.mark.parametrize(
    ("content_type", "sandboxed"),
    [
        ("application/pdf", False),
        ("video/mp4; codecs=x", False),
        ("text/html", True),
        ("image/svg+xml", True),
        ("application/pdf, text/html", True),
        ("", True),
    ],
)
def test_only_what_cannot_hold_a_script_is_shown_outside_the_sandbox(
    guard: Guard, content_type: str, sandboxed: bool
) -> None:
    for status in ("200", "206"):
        policy = value(respond(guard, status, content_type=content_type), "content-security-policy")
        assert policy.startswith("default-src 'none'")
        assert policy.endswith("; sandbox") is sandboxed


def test_a_304_leaves_the_policy_that_a_browser_has_kept_with_the_object(guard: Guard) -> None:
    assert value(respond(guard, "304", content_security_policy="x"), "content-security-policy") == ""


@pytest.mark.parametrize(("bytes_in_all", "status"), [(1024, "502"), (1025, "404")])
def test_a_name_that_is_too_long_behind_the_prefix_is_of_no_file(
    guard: Guard, bytes_in_all: int, status: str
) -> None:
    key = "ü" * 400
    uri = write_path("a" * (bytes_in_all - len(f"private/{key}".encode())) + key)
    assert respond(guard, "400", uri=uri, prefix="/private")["status"] == status


def test_a_browser_that_kept_an_image_does_not_use_it_for_a_script_of_a_named_origin(
    issuer: IssuerServer,
) -> None:
    named = make_guard(issuer, cors_origins=("https://app.example.com",))
    assert value(respond(named, "200"), "vary") == "Origin"
    assert value(respond(make_guard(issuer), "200"), "vary") == ""


def test_a_page_is_in_the_users_language_says_whose_it_is_and_has_a_policy_of_its_own(
    issuer: IssuerServer,
) -> None:
    guard = make_guard(issuer, login_url="https://app.example.com/login")
    page = ask(guard, accept="text/html", accept_language="de-AT,en;q=0.5")
    assert "Bitte melden Sie sich an" in page["body"]
    assert '<html lang="de">' in page["body"]
    assert ">Anmelden</a>" in page["body"]
    assert "d111111abcdef8.<wbr>cloudfront.<wbr>net" in page["body"]
    assert value(page, "content-language") == "de"
    assert value(page, "vary") == "Accept, Accept-Language"
    assert value(page, "content-security-policy") == page_policy(None)


def test_a_page_for_a_named_origins_script_varies_by_origin_too(issuer: IssuerServer) -> None:
    guard = make_guard(issuer, cors_origins=("https://app.example.com",))
    page = ask(guard, accept="text/html", origin="https://app.example.com")
    assert value(page, "vary") == "Accept, Accept-Language, Origin"


def test_every_refusal_has_a_page_in_each_language_and_trying_again_is_offered_where_it_helps() -> None:
    every = [each for each in vars(refusals).values() if isinstance(each, refusals.Refusal)]
    for language, label in (("en", "Try again"), ("de", "Noch einmal versuchen")):
        headers = write_headers({"Accept": "text/html", "Accept-Language": language})
        for refusal in every:
            body = answers.refuse(refusal, headers=headers, host="x.example.com")["body"]
            assert f'<html lang="{language}">' in body
            assert (f">{label}</a>" in body) is (refusal.retry_after is not None)
            assert len(body.encode()) < 15_000
