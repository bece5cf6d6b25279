"""Which tokens are read, whose keys count, and which claims are for us and for now."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetime_urls.protocol.tokens.claims import (
    CLOCK_SKEW,
    InvalidIssuer,
    Issuer,
    check_claims,
    find_issuer,
)
from onetime_urls.protocol.tokens.encodings import decode_base64url, read_object
from onetime_urls.protocol.tokens.errors import InvalidToken
from onetime_urls.protocol.tokens.jws import MAX_TOKEN_LENGTH, read_jws
from onetime_urls.protocol.tokens.keys import MAX_KEYS, find_key, read_keys
from tests.tokens import CLIENT, ISSUER, NOW, SigningKey, base64url, good_claims, key_set

RSA, EC = SigningKey(), SigningKey(algorithm="ES256")
TRUSTED = Issuer(ISSUER, (CLIENT,), ("id", "access"))


def refusal(token: str, key: SigningKey = RSA) -> str | None:
    """The code that a token is refused with by the keys of `key`'s issuer; None if it is good."""
    try:
        read = read_jws(token)
        [found] = read_keys(key_set(key))
        found.verify(read)
    except InvalidToken as refused:
        return refused.code
    return None


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256"])
def test_a_token_of_the_keys_algorithm_is_good_and_of_any_other_is_not(algorithm: str) -> None:
    key = SigningKey(algorithm=algorithm)
    assert refusal(key.token(), key) is None
    for other in {"RS256", "RS384", "RS512", "ES256"} - {algorithm}:
        assert refusal(SigningKey(algorithm=other).token(), key) == "algorithm"
        assert refusal(key.token(header={"alg": other, "kid": "key-1"}), key) == "algorithm"


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "", "HS256", "PS256", "ES384", "EdDSA", "rs256", None, 1, ["RS256"]]
)
def test_an_algorithm_that_is_not_verified_here_is_refused(algorithm: Any) -> None:
    header = {"alg": algorithm, "kid": "key-1"}
    assert refusal(RSA.token(header=header)) == "algorithm"
    unsigned = ".".join([*RSA.token(header=header).split(".")[:2], ""])
    assert refusal(unsigned) == "algorithm"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"crit": ["exp"]}, "header"),
        ({"crit": []}, "header"),
        ({"jku": "https://evil.example/keys"}, "header"),
        ({"x5u": "https://evil.example/key"}, "header"),
        ({"jwk": SigningKey(private="two").jwk()}, "header"),
        ({"kid": 7}, "header"),
        ({"kid": "k" * 257}, "header"),
        ({"typ": "logout+jwt"}, "type"),
        ({"typ": "secevent+jwt"}, "type"),
        ({"typ": ["JWT"]}, "type"),
    ],
)
def test_a_header_that_brings_its_own_key_or_asks_for_more_is_refused(
    changed: dict[str, Any], code: str
) -> None:
    assert refusal(RSA.token(header={"alg": "RS256", "kid": "key-1"} | changed)) == code


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt", None])
def test_a_token_may_say_that_it_is_one(kind: str | None) -> None:
    header = {"alg": "RS256", "kid": "key-1", "typ": kind}
    assert refusal(RSA.token(header={name: value for name, value in header.items() if value})) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        "Bearer x.y.z",
        f"{base64url(b'[]')}..",
        f"{base64url(b'{}')}x..",
        f"{base64url(b'null')}..",
        f"{base64url(b'{')}..",
        f"{base64url(bytes([255, 254]))}..",
        " ..",
        "\n..",
    ],
)
def test_text_that_is_no_token_is_refused(token: str) -> None:
    assert refusal(token) == "not a token"


def test_a_header_with_a_name_twice_is_refused() -> None:
    for header in (
        '{"alg":"RS256","alg":"RS256","kid":"key-1"}',
        '{"kid":"key-1","alg":"none","\\u0061lg":"RS256"}',
    ):
        assert refusal(RSA.token(header=header)) == "not a token"


def test_a_token_over_8_kb_is_refused_before_it_is_read() -> None:
    assert refusal("x" * (MAX_TOKEN_LENGTH + 1)) == "length"
    assert refusal(RSA.token(padding="x" * 100_000)) == "length"


def test_deep_and_huge_json_is_refused() -> None:
    for header in ("[" * 4000, '{"a":' * 900, '{"a":' + "9" * 5000 + "}"):
        assert refusal(f"{base64url(header.encode())}..") == "not a token"


@given(st.integers(0, 2), st.data())
def test_no_other_spelling_of_a_token_is_good(part: int, data: st.DataObject) -> None:
    """Neither padding nor unused bits, line breaks or the other alphabet."""
    parts = RSA.token().split(".")
    at = data.draw(st.integers(0, len(parts[part])))
    cut = data.draw(st.integers(0, 2))
    inserted = data.draw(st.text(alphabet="AQgw=+/-_\n \0é%.", max_size=2))
    respelt = parts[part][:at] + inserted + parts[part][at + cut :]
    token = ".".join([*parts[:part], respelt, *parts[part + 1 :]])
    assert (refusal(token) is None) is (respelt == parts[part])


@given(st.binary(max_size=40))
def test_base64url_is_read_in_one_spelling(data: bytes) -> None:
    text = base64url(data)
    assert decode_base64url(text) == data
    for other in (f"{text}=", f"{text}\n", f" {text}", f"{text}A" if len(text) % 4 == 0 else f"{text}*"):
        with pytest.raises(ValueError, match=r"Base64|Incorrect padding|Invalid base64"):
            decode_base64url(other)
    if len(text) % 4:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        with pytest.raises(ValueError, match="canonical"):
            decode_base64url(text[:-1] + alphabet[alphabet.index(text[-1]) + 1])


@given(st.text(max_size=40))
def test_reading_any_text_ends_in_a_code(text: str) -> None:
    assert refusal(text) in {"not a token", "header", "algorithm"}


def test_nan_is_no_json() -> None:
    for text in (b'{"exp":NaN}', b'{"exp":Infinity}', b"\xef\xbb\xbf{}", b"{}{}", '{"a":1}'.encode("utf-16")):
        with pytest.raises(ValueError):  # noqa: PT011 its callers tell none apart
            read_object(text)


def test_a_keys_algorithm_follows_from_its_type_where_it_names_none() -> None:
    for key in (RSA, EC):
        unnamed = SigningKey(algorithm=key.algorithm, jwk_changes={"alg": None, "use": None})
        assert refusal(key.token(), unnamed) is None
    assert (
        refusal(SigningKey(algorithm="RS512").token(), SigningKey(jwk_changes={"alg": None})) == "algorithm"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"alg": "RS1"},
        {"alg": "PS256"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": 7},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "EC"},
        {"kid": 7},
        {"n": base64url(b"\xff" * 128)},
        {"n": base64url(b"\xff" * 600)},
        {"n": "!"},
        {"n": 7},
        {"n": None},
        {"e": "AQ"},
        {"e": "Ag"},
        {"e": base64url(b"\xff" * 200)},
    ],
)
def test_a_key_that_does_not_verify_tokens_is_left_out(changes: dict[str, Any]) -> None:
    assert read_keys(key_set(SigningKey(jwk_changes=changes), EC)) == read_keys(key_set(EC))


@pytest.mark.parametrize(
    "changes", [{"crv": "P-384"}, {"crv": "secp256k1"}, {"x": "AQ"}, {"y": None}, {"alg": "ES384"}]
)
def test_a_key_on_another_curve_or_off_the_curve_is_left_out(changes: dict[str, Any]) -> None:
    assert read_keys(key_set(SigningKey(algorithm="ES256", jwk_changes=changes), RSA)) == read_keys(
        key_set(RSA)
    )


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{}", b'{"keys":{}}', b"<html>", b'{"keys":[],"keys":[]}', b"\xff"]
)
def test_a_document_that_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 its callers tell none apart
        read_keys(document)


def test_a_set_of_too_many_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="not a set"):
        read_keys(json.dumps({"keys": [{}] * (MAX_KEYS + 1)}).encode())


def test_a_token_without_a_kid_means_the_only_key() -> None:
    one, two = read_keys(key_set(RSA, SigningKey("key-2", private="two")))
    assert find_key((one, two), "key-2") is two
    assert find_key((one,), None) is one
    assert find_key((one, two), None) is None
    assert find_key((one, two), "key-3") is None
    assert find_key((one, one), "key-1") is None


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"token_use": "access", "aud": None, "client_id": CLIENT},
        {"aud": [CLIENT]},
        {"aud": ["other", CLIENT], "azp": CLIENT},
        {"aud": ["other", CLIENT]},
        {"azp": "an app that got it for us"},
        {"exp": NOW + 1},
        {"nbf": NOW, "iat": NOW},
        {"nbf": NOW + CLOCK_SKEW, "iat": NOW + CLOCK_SKEW},
        {"iat": None},
    ],
)
def test_claims_that_are_for_us_and_for_now_are_good(claims: dict[str, Any]) -> None:
    made = good_claims(**claims)
    assert find_issuer((TRUSTED,), made) is TRUSTED
    assert check_claims(made, TRUSTED, NOW) == made["exp"]


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "other"}, "audience"),
        ({"aud": f"{CLIENT}2"}, "audience"),
        ({"aud": CLIENT.upper()}, "audience"),
        ({"aud": ["other"]}, "audience"),
        ({"aud": "other", "client_id": CLIENT}, "audience"),
        ({"aud": ["other", CLIENT], "azp": "other"}, "audience"),
        ({"aud": ["other", CLIENT], "azp": 7}, "audience"),
        ({"aud": []}, "claims"),
        ({"aud": [CLIENT, 7]}, "claims"),
        ({"aud": {CLIENT: True}}, "claims"),
        ({"aud": None}, "claims"),
        ({"aud": None, "client_id": "other"}, "audience"),
        ({"aud": None, "client_id": [CLIENT]}, "claims"),
        ({"token_use": "refresh"}, "use"),
        ({"token_use": None}, "use"),
        ({"token_use": ["id"]}, "use"),
        ({"exp": None}, "claims"),
        ({"exp": NOW}, "expired"),
        ({"exp": 0}, "expired"),
        ({"exp": -1}, "claims"),
        ({"exp": float(NOW + 60)}, "claims"),
        ({"exp": True}, "claims"),
        ({"exp": str(NOW + 60)}, "claims"),
        ({"exp": 1 << 60}, "claims"),
        ({"exp": [NOW + 60]}, "claims"),
        ({"nbf": NOW + CLOCK_SKEW + 1}, "not yet valid"),
        ({"nbf": 0.5}, "claims"),
        ({"nbf": False}, "claims"),
        ({"iat": NOW + CLOCK_SKEW + 1}, "not yet valid"),
        ({"iat": "now"}, "claims"),
    ],
)
def test_claims_for_others_of_another_use_or_of_another_time_are_refused(
    claims: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidToken) as refused:
        check_claims(good_claims(**claims), TRUSTED, NOW)
    assert refused.value.code == code


def test_a_claim_of_null_is_not_the_same_as_no_claim() -> None:
    for name in ("exp", "nbf", "iat", "aud", "token_use"):
        with pytest.raises(InvalidToken):
            check_claims(good_claims() | {name: None}, TRUSTED, NOW)


@pytest.mark.parametrize(
    "url",
    [
        f"{ISSUER}/",
        ISSUER[:-1],
        ISSUER.upper(),
        f"{ISSUER}2",
        ISSUER.replace("https", "http"),
        "",
        None,
        7,
        [ISSUER],
    ],
)
def test_another_issuers_token_is_refused_however_alike_its_name(url: Any) -> None:
    with pytest.raises(InvalidToken) as refused:
        find_issuer((TRUSTED,), good_claims() | {"iss": url})
    assert refused.value.code == "issuer"


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example.com",
        "issuer.example.com",
        "",
        "https://",
        "https://a b.example",
        "ftp://a.example",
        "https://user@issuer.example.com",
        "https://issuer.example.com/?x=1",
        "https://issuer.example.com/#x",
        "http://127.0.0.1:4566/pool",
        "http://localhost.evil.example:80/",
        "https://issuer.example.com\n",
    ],
)
def test_an_issuer_that_is_not_https_is_refused(url: str) -> None:
    with pytest.raises(InvalidIssuer, match="must be an https URL"):
        Issuer(url, (CLIENT,))
    with pytest.raises(InvalidIssuer, match="https"):
        Issuer(ISSUER, (CLIENT,), keys_url=url.replace("?x=1", "#"))


def test_http_on_loopback_is_an_issuer_only_where_that_is_said() -> None:
    Issuer("http://127.0.0.1:4566/pool", (CLIENT,), keys_url="http://127.0.0.1:4566/keys", local=True)
    for url in (
        "http://127.0.0.1.evil.example:80/",
        "http://10.0.0.1:80/",
        "http://127.0.0.1:80@evil.example/",
    ):
        with pytest.raises(InvalidIssuer):
            Issuer(url, (CLIENT,), local=True)


def test_an_issuer_without_an_audience_is_refused() -> None:
    for audience in ((), CLIENT, ("",), (7,)):
        with pytest.raises(InvalidIssuer):
            Issuer(ISSUER, audience)  # type: ignore[arg-type]  # wrong on purpose


def test_an_issuer_comes_back_from_json_as_it_was() -> None:
    issuer = Issuer(ISSUER, (CLIENT, "two"), ("id",), "https://keys.example.com/set?p=sign-in")
    assert Issuer.from_plain(json.loads(json.dumps(issuer.to_plain()))) == issuer


@given(
    st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "token_use", "client_id", "azp"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
)
def test_whatever_a_claim_holds_the_answer_is_a_time_or_a_code(name: str, value: Any) -> None:
    claims = good_claims() | {name: value}
    try:
        said: object = check_claims(claims, find_issuer((TRUSTED,), claims), NOW) > NOW
    except InvalidToken as refused:
        said = refused.code
    assert said in {True, "issuer", "audience", "use", "claims", "expired", "not yet valid"}
