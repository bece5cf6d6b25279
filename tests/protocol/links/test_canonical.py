"""One strict reading of a URL, one canonical spelling, one fingerprint."""

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from onetime_urls.protocol.links.canonical import Target, canonical_query, parse_target
from onetime_urls.protocol.paths import Malformed, percent_decode, percent_encode
from tests.links import keys, make_target, respellings

ANY_TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))


@given(st.data(), keys)
def test_any_respelling_of_a_link_is_the_same_link(data: st.DataObject, key: str) -> None:
    target = make_target(key)
    uri, querystring = data.draw(respellings(target))
    read = parse_target(uri, querystring)
    assert read == target
    assert (read.uri, read.querystring, read.fingerprint) == (
        target.uri,
        target.querystring,
        target.fingerprint,
    )


@given(st.data(), keys)
def test_two_different_links_have_different_fingerprints(data: st.DataObject, key: str) -> None:
    target = make_target(key)
    name = data.draw(st.sampled_from(["response-content-disposition", "X-Amz-Security-Token", "versionId"]))
    value = data.draw(ANY_TEXT.filter(lambda text: text and text != target.parameters[name]))
    other = Target(target.key, target.parameters | {name: value})
    assert other.fingerprint != target.fingerprint
    assert make_target(key + "x").fingerprint != target.fingerprint


@given(ANY_TEXT)
def test_decoding_undoes_encoding(text: str) -> None:
    assert percent_decode(percent_encode(text)) == text
    assert percent_decode(percent_encode(text, keep_slashes=True)) == text


EXTRA_NAMES = ANY_TEXT.filter(lambda name: name and not name.startswith("X-Amz-"))  # those are the signer's


@given(keys, st.dictionaries(EXTRA_NAMES, ANY_TEXT, max_size=5))
def test_path_and_query_are_canonical_to_the_byte_as_botocore_signs_them(
    key: str, extra: dict[str, str]
) -> None:
    uri = "/" + percent_encode(key, keep_slashes=True)
    query = canonical_query(extra)
    signer = S3SigV4QueryAuth(Credentials("AKIDEXAMPLE", "secret"), "s3", "us-east-1")
    request = AWSRequest(
        "GET", f"https://bucket.s3.us-east-1.amazonaws.com{uri}" + (f"?{query}" if query else "")
    )
    request.headers["x-claim-token"] = "0" * 32
    signer.add_auth(request)
    url = request.url
    assert isinstance(url, str)
    path, _, signed_query = url.removeprefix("https://bucket.s3.us-east-1.amazonaws.com").partition("?")
    assert path == uri
    sent = dict(pair.split("=", 1) for pair in signed_query.split("&"))
    respelt = {percent_decode(name): percent_decode(value) for name, value in sent.items()}
    canonical = signer.canonical_query_string(AWSRequest("GET", url))
    unsigned = {name: value for name, value in respelt.items() if name != "X-Amz-Signature"}
    assert canonical_query(unsigned) == "&".join(
        p for p in canonical.split("&") if "X-Amz-Signature=" not in p
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda u, q: (u, q + "&x=1"), "an unexpected parameter"),
        (lambda u, q: (u, q + "&x-link-nonce=" + "0" * 32), "a parameter twice"),
        (lambda u, q: (u, q + "&x%2dlink-nonce=" + "0" * 32), "a parameter twice, spelt in two ways"),
        (lambda u, q: (u, q + "&"), "an empty parameter"),
        (lambda u, q: (u, q.replace("&x-link-nonce=", "&x-link-nonce")), "a parameter without a value"),
        (lambda u, q: (u, q.replace("x-link-nonce", "X-Link-Nonce")), "a name in another case"),
        (lambda u, q: (u, q.replace("x-link-nonce=0123", "x-link-nonce=ABCD")), "a nonce in upper case"),
        (lambda u, q: (u, q.replace("X-Amz-Signature=a", "X-Amz-Signature=A")), "a signature in upper case"),
        (lambda u, q: (u, q.replace("X-Amz-Signature=a", "X-Amz-Signature=")), "a signature of 63 digits"),
        (lambda u, q: (u, q.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")), "another algorithm"),
        (lambda u, q: (u, q.replace("host%3Bx-claim-token", "host")), "a link that signs no claim token"),
        (lambda u, q: (u, q.replace("X-Amz-Expires=960", "X-Amz-Expires=0960")), "a lifetime with a zero"),
        (lambda u, q: (u, q.replace("X-Amz-Expires=960", "X-Amz-Expires=604801")), "a lifetime over a week"),
        (lambda u, q: (u, q.replace("X-Amz-Expires=960", "X-Amz-Expires=-1")), "a negative lifetime"),
        (lambda u, q: (u, q.replace("X-Amz-Expires=960", "X-Amz-Expires=%D9%A9")), "Arabic digits"),
        (lambda u, q: (u, q.replace("%2Fs3%2F", "%2Fsqs%2F")), "another service's credential scope"),
        (lambda u, q: (u, q.replace("versionId=v1", "versionId=")), "an empty version"),
        (lambda u, q: (u, q.replace("%20", " ")), "a raw space"),
        (lambda u, q: (u, q + "%2"), "an escape cut short"),
        (lambda u, q: (u, q.replace("%20", "%zz")), "an escape that isn't hex"),
        (lambda u, q: (u, q.replace("%20", "%+1")), "an escape with a sign"),
        (lambda u, q: (u, q.replace("%20", "%ff")), "bytes that aren't UTF-8"),
        (lambda u, q: (u, q.replace("%20", "%C0%AE")), "an overlong encoding"),
        (lambda u, q: (u, q.replace("%20", "%00")), "a null byte"),
        (lambda u, q: (u, q.replace("%20", "%0d%0a")), "a line break"),
        (lambda u, q: (u, q.replace("%20", "é")), "raw non-ASCII"),
        (lambda u, q: (u, q + "#x"), "a fragment"),
        (lambda u, q: (u, "?" + q), "a second question mark"),
        (lambda u, q: (u, ""), "no query"),
        (lambda u, q: ("/", q), "no key"),
        (lambda u, q: ("", q), "no path"),
        (lambda u, q: ("*", q), "an asterisk for a path"),
        (lambda u, q: ("http://example.com/x", q), "an absolute target"),
        (lambda u, q: ("/a/../b", q), "a dot segment"),
        (lambda u, q: ("/a/%2e%2E/b", q), "an escaped dot segment"),
        (lambda u, q: ("/a/..%2fb", q), "a dot segment before an escaped slash"),
        (lambda u, q: ("/.", q), "a dot for a path"),
        (lambda u, q: ("/-/x", q), "the reserved prefix"),
        (lambda u, q: ("/%2d%2Fx", q), "the reserved prefix, escaped"),
        (lambda u, q: ("/" + "x" * 1025, q), "a key over 1024 bytes"),
        (lambda u, q: ("/" + "%C3%A9" * 513, q), "a key over 1024 bytes in few characters"),
        (lambda u, q: (u, q + "x" * 8192), "a target over 8192 characters"),
    ],
)  # fmt: skip
def test_a_target_that_could_not_have_been_minted_is_refused(change: object, why: str) -> None:
    target = make_target()
    assert callable(change)
    with pytest.raises(Malformed):
        parse_target(*change(target.uri, target.querystring))


@given(st.text(max_size=80), st.text(max_size=80))
def test_reading_any_text_yields_a_target_or_malformed(uri: str, querystring: str) -> None:
    with pytest.raises(Malformed):
        parse_target("/" + uri, querystring)


@pytest.mark.parametrize(
    "key", ["//x/y", "a//b", "a b+c", "100%", "%2F", "a&b=c", "a#b?c", "ключ/鍵", "é" * 512]
)
def test_awkward_keys_come_back_as_they_were(key: str) -> None:
    target = make_target(key)
    assert parse_target(target.uri, target.querystring).key == key


def test_a_path_that_begins_with_two_slashes_has_no_host_in_it() -> None:
    target = make_target("/evil.example/x")
    assert target.uri == "//evil.example/x"
    assert parse_target(target.uri, target.querystring).uri == target.uri


def test_a_plus_sign_is_a_plus_sign_and_not_a_space() -> None:
    target = make_target("a+b")
    assert parse_target("/a+b", target.querystring).fingerprint == target.fingerprint
    assert parse_target("/a%20b", target.querystring).fingerprint != target.fingerprint
