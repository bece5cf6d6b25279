"""`GET /url`: what is signed, for whom, and what is refused. Signatures are verified by `cryptography`,
policies by the local edge's reading of CloudFront's documentation."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from cryptography.exceptions import InvalidSignature
from hypothesis import given, settings
from hypothesis import strategies as st

from common.http_api.environment import SettingsError
from file_signer.policies import file_url, prefix_path, prefix_resource, session_end
from local_cloud.edge import signatures
from local_cloud.edge.messages import Request
from tests.file_signer.world import (
    BASE_URL,
    EVERYTHING,
    KEY_PAIR_ID,
    World,
    canned,
    client_error,
    deployment,
    parts_of,
)
from tests.tokens import NOW

ODD_NAMES = (
    "a*b.txt",
    "a?b.txt",
    "a&b=c.txt",
    "a#b.txt",
    "100%.txt",
    "a b+c.txt",
    "Übergröße €.txt",
    "*",
    "~(1)!.txt",
)


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256"])
def test_a_url_is_signed_with_a_canned_policy_for_that_exact_url_whatever_the_files_name(spec: str) -> None:
    with deployment(spec=spec) as world:
        for name in ODD_NAMES:
            check_signed(world, name)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_nothing_in_a_files_name_becomes_a_wildcard(name: str) -> None:
    assert "*" not in file_url(BASE_URL, name, None)
    assert "?" not in file_url(BASE_URL, name, None)
    assert file_url(BASE_URL, name, "inline").count("?") == 1
    assert prefix_resource(BASE_URL, f"{name}/").count("*") == 1


def test_a_canned_signature_that_is_shown_as_a_custom_policy_opens_no_other_file(world: World) -> None:
    world.put("shared/a*", "shared/ab")
    url = world.ask("/url", "file=shared/a*", token=world.token()).json["url"]
    _, signing = parts_of(url)
    document = canned(f"{BASE_URL}/shared/a%2A", NOW + 3600)
    policy = b64encode(document).decode().translate(str.maketrans("+=/", "-_~"))
    query = (
        f"Policy={policy}&Signature={signing['Signature']}&Key-Pair-Id={KEY_PAIR_ID}&Hash-Algorithm=SHA256"
    )
    keys = {KEY_PAIR_ID: world.public_key()}

    def ask(path: str) -> None:
        request = Request(method="GET", uri=path, querystring=query, headers=(), client_ip="203.0.113.7")
        signatures.verified(request, keys, [BASE_URL], NOW)

    ask("/shared/a%2A")
    for path in ("/shared/ab", "/shared/a", "/shared/a%2Ab"):
        with pytest.raises(signatures.Refused):
            ask(path)


def test_a_url_is_one_signature_of_kms(world: World) -> None:
    world.put("shared/a.txt")
    world.ask("/url", "file=shared/a.txt", token=world.token())
    assert world.calls == ["ListObjectsV2", "Sign"]


def test_a_disposition_is_signed_with_the_url(world: World) -> None:
    world.put("shared/a.txt")
    answer = world.ask(
        "/url", "file=shared/a.txt&disposition=attachment&expires_in=7200", token=world.token()
    )
    bare, signing = parts_of(answer.json["url"])
    assert bare == f"{BASE_URL}/shared/a.txt?response-content-disposition=attachment"
    world.verify(canned(bare, NOW + 7200), signing["Signature"])


def test_a_shell_gets_the_bare_url(world: World) -> None:
    world.put("shared/a.txt")
    answer = world.ask("/url", "file=shared/a.txt", token=world.token(), accept="text/plain")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body.startswith(f"{BASE_URL}/shared/a.txt?Expires=")
    assert answer.body.endswith("&Hash-Algorithm=SHA256\n")


def test_a_file_under_no_rule_of_the_callers_is_refused_the_same_whether_it_exists(world: World) -> None:
    world.put("users/bob/a.txt", "finance/a.txt")
    answers = [
        world.ask("/url", urlencode({"file": file}), token=world.token())
        for file in ("users/bob/a.txt", "users/bob/b.txt", "finance/a.txt", "users/alice", "users/alicea/x")
    ]
    assert {answer.status for answer in answers} == {403}
    assert len({answer.body for answer in answers}) == 1
    assert world.calls == []


def test_a_group_may_read_what_its_rule_says(world: World) -> None:
    world.put("finance/a.txt")
    assert (
        world.ask("/url", "file=finance/a.txt", token=world.token(**{"cognito:groups": ["finance"]})).status
        == 200
    )
    assert (
        world.ask("/url", "file=finance/a.txt", token=world.token(**{"cognito:groups": "finance"})).status
        == 403
    )


@pytest.mark.parametrize("missing", ["shared/b.txt", "shared/a", "shared/a.tx"])
def test_a_file_that_isnt_there_is_a_404(world: World, missing: str) -> None:
    world.put("shared/a.txt", "shared/ab/c.txt")
    answer = world.ask("/url", urlencode({"file": missing}), token=world.token())
    assert (answer.status, answer.error) == (404, "no_such_file")
    assert "Sign" not in world.calls


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "invalid_file"),
        ("file=", "invalid_file"),
        ("file=shared/a&file=shared/b", "repeated_parameter"),
        (f"file=shared/{'a' * 1024}", "invalid_file"),
        (f"file=shared/{'a' * 1012}", "invalid_file"),  # with the bucket's prefix it is too long for a key
        ("file=shared/%00", "invalid_query"),
        ("file=shared/../a", "invalid_file"),
        ("file=shared/%2e%2e/a", "invalid_file"),
        ("file=-/session", "invalid_file"),
        ("file=%ff", "invalid_query"),
        ("file=shared/a&expires_in=0", "invalid_expires_in"),
        ("file=shared/a&expires_in=604801", "invalid_expires_in"),
        ("file=shared/a&expires_in=1e3", "invalid_expires_in"),
        ("file=shared/a&expires_in=-1", "invalid_expires_in"),
        ("file=shared/a&disposition=form-data", "invalid_disposition"),
        ("file=shared/a&ip=1.2.3.4", "unknown_parameter"),
        ("file", "invalid_query"),
    ],
)
def test_bad_input_is_a_400_that_says_what_is_allowed(world: World, query: str, code: str) -> None:
    answer = world.ask("/url", query, token=world.token())
    assert (answer.status, answer.error) == (400, code)
    assert world.calls == []


def test_the_range_of_expires_in_is_told(world: World) -> None:
    answer = world.ask("/url", "file=shared/a&expires_in=604801", token=world.token())
    assert "from 1 to 604800" in answer.json["message"]


def test_a_shorter_maximum_is_the_default_too() -> None:
    with deployment(MAX_URL_SECONDS="60") as world:
        world.put("shared/a")
        assert world.ask("/url", "file=shared/a", token=world.token()).json["expires_at"] == NOW + 60


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("ThrottlingException", "just now"),
        ("KMSInternalException", "just now"),
        ("DisabledException", "disabled, gone or not ours"),
        ("KMSInvalidStateException", "disabled, gone or not ours"),
        ("NotFoundException", "disabled, gone or not ours"),
        ("AccessDeniedException", "disabled, gone or not ours"),
    ],
)
def test_without_the_key_nothing_is_handed_out_and_the_answer_says_so(
    world: World, fault: str, said: str
) -> None:
    world.put("shared/a.txt")
    world.disturb("kms", "Sign", client_error(fault))
    for path, method in (("/url", "GET"), ("/-/session", "POST")):
        answer = world.ask(
            path, "file=shared/a.txt" if path == "/url" else "", method=method, token=world.token()
        )
        assert (answer.status, answer.error) == (503, "unavailable")
        assert said in answer.json["message"]
        assert int(answer.headers["retry-after"]) > 0
        assert answer.cookies == []
        assert BASE_URL not in answer.body


def test_without_s3_nothing_is_handed_out(world: World) -> None:
    world.disturb("s3", "ListObjectsV2", client_error("SlowDown", 503))
    answer = world.ask("/url", "file=shared/a.txt", token=world.token())
    assert (answer.status, answer.error) == (503, "unavailable")
    assert "Sign" not in world.calls


def test_without_time_nothing_is_begun(world: World) -> None:
    world.put("shared/a.txt")
    answer = world.ask("/url", "file=shared/a.txt", token=world.token(), seconds_left=2)
    assert (answer.status, answer.error) == (503, "unavailable")
    assert world.calls == []


@pytest.mark.parametrize(
    "claims",
    [
        {"token_use": "access"},
        {"aud": "another"},
        {"exp": NOW - 1},
        {"iss": "https://evil.example"},
        {"nbf": NOW + 999},
    ],
)
def test_a_token_that_the_authoriser_might_let_in_is_verified_once_more(
    world: World, claims: dict[str, Any]
) -> None:
    world.put("shared/a.txt")
    answer = world.ask("/url", "file=shared/a.txt", token=world.token(**claims))
    assert (answer.status, answer.error) == (401, "invalid_token")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert world.calls == []


@pytest.mark.parametrize("authorization", [None, "Basic YTpi", "Bearer", "Bearer "])
def test_without_a_token_nothing_is_told(world: World, authorization: str | None) -> None:
    headers: dict[str, Any] = {} if authorization is None else {"authorization": authorization}
    for path, query in (("/url", "file=shared/a.txt"), ("/files", "")):
        answer = world.ask(path, query, **headers)
        assert (answer.status, answer.error) == (401, "no_token")


def test_an_issuer_that_is_down_is_a_503() -> None:
    with deployment() as world:
        world.issuer.documents.clear()
        answer = world.ask("/url", "file=shared/a.txt", token=world.token())
        assert (answer.status, answer.error) == (503, "unavailable")


def test_where_iam_lets_callers_in_every_file_is_theirs() -> None:
    with deployment(tokens_only=False) as world:
        world.put("elsewhere/a.txt")
        assert world.ask("/url", "file=elsewhere/a.txt").status == 200


def test_a_session_ends_with_a_window_that_all_of_them_share() -> None:
    ends = {session_end(now, 900) for now in range(NOW, NOW + 300)}
    assert len(ends) <= 2
    for now in range(NOW, NOW + 900, 7):
        assert 600 < session_end(now, 900) - now <= 900


def test_a_prefix_has_the_path_that_its_files_have() -> None:
    assert prefix_path("") == "/"
    assert prefix_path("users/a b@c/") == "/users/a%20b%40c/"


def test_the_longest_name_is_signed_and_its_url_is_short_enough_for_cloudfront() -> None:
    # What KMS signs has 4,096 bytes at most, a URL 8,192. In a path an umlaut takes six.
    with deployment(rules=EVERYTHING, SIGNED_BASE_URL=f"https://{'a' * 60}.{'b' * 60}.example.com") as world:
        file = "ü" * 508
        world.put(file)
        query = urlencode({"file": file, "disposition": "attachment"})
        answer = world.ask("/url", query, token=world.token())
        assert answer.status == 200
        assert len(answer.json["url"]) < 8192


def check_signed(world: World, name: str) -> None:
    world.put(f"shared/{name}")
    answer = world.ask("/url", urlencode({"file": f"shared/{name}"}), token=world.token())
    assert answer.status == 200, answer.body
    assert answer.json["expires_at"] == NOW + 3600
    bare, signing = parts_of(answer.json["url"])
    assert bare == f"{BASE_URL}/shared/{quote(name, safe='')}"
    assert signing["Key-Pair-Id"] == KEY_PAIR_ID
    assert signing["Hash-Algorithm"] == "SHA256"
    assert signing["Expires"] == str(NOW + 3600)
    world.verify(canned(bare, NOW + 3600), signing["Signature"])
    with pytest.raises(InvalidSignature):
        world.verify(canned(bare, NOW + 3601), signing["Signature"])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIGNED_BASE_URL", "http://files.example.com"),
        ("SIGNED_BASE_URL", "https://files.example.com/"),
        ("SIGNED_BASE_URL", "http://127.0.0.1.example.com"),
        ("KEY_PREFIX", "private"),
        ("KEY_PAIR_ID", ""),
        ("SIGNING_ALGORITHM", "RSASSA_PSS_SHA_256"),
        ("RULES", "{}"),
        ("TOKEN_ISSUER", "{}"),
        ("TOKEN_ISSUER", ""),
        ("SAME_SITE", "lax"),
    ],
)
def test_a_deployment_whose_settings_cant_work_serves_nothing(variable: str, value: str) -> None:
    wrong: dict[str, Any] = {variable: value}
    with pytest.raises(SettingsError, match=variable), deployment(**wrong):
        pass


def test_a_local_cloud_has_an_address_of_loopbacks_for_each_distribution() -> None:
    with deployment(SIGNED_BASE_URL="http://127.0.0.3:8080") as world:
        world.put("shared/a")
        answer = world.ask("/url", "file=shared/a", token=world.token())
        assert answer.json["url"].startswith("http://127.0.0.3:8080/shared/a?Expires=")
