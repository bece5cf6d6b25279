"""Signed URLs and signed cookies: made by botocore's signer and by hand, never by what verifies them."""

import base64
import datetime
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.signers import CloudFrontSigner

from local_cloud.edge.messages import Headers
from local_cloud.edge.model import Selection
from tests.local_edge.build import ALL, cache_policy, field
from tests.local_edge.inprocess import Edge, edge, passing
from tests.local_edge.keys import KeyPair, p256_key, rsa_key
from tests.web import Answer

HERE, ON_AWS = "http://127.0.0.1:8080", "https://d123.cloudfront.net"
NOW = 1_800_000_000
RSA, P256, FOREIGN = rsa_key(), p256_key(), rsa_key()
KEYS = {"KRSA": RSA, "KEC": P256}
FORWARDING = cache_policy(max_ttl=60, default_ttl=60, queries=ALL, cookies=ALL)


def restricted(**changed: Any) -> Edge:
    trusted = {name: key.private.public_key() for name, key in KEYS.items()}
    usual: dict[str, Any] = {"trusted_keys": trusted, "cache": FORWARDING}
    return edge(**usual | changed)


def url_safe(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def statement(resource: str | None = HERE + "/*", **conditions: Any) -> str:
    """A custom policy that holds for a minute, with conditions changed, or taken out by None."""
    usual = {"DateLessThan": {"AWS:EpochTime": NOW + 60}} | conditions
    condition = {name: value for name, value in usual.items() if value is not None}
    named = {} if resource is None else {"Resource": resource}
    return json.dumps({"Statement": [{**named, "Condition": condition}]})


def parameters(
    policy: str, name: str = "KRSA", key: KeyPair | None = None, digest: str | None = None
) -> dict[str, str]:
    """What signs a request by a custom policy."""
    signature = (key or KEYS[name]).sign(policy.encode(), digest or "SHA1")
    made = {"Policy": url_safe(policy.encode()), "Signature": url_safe(signature), "Key-Pair-Id": name}
    return made | ({"Hash-Algorithm": digest} if digest else {})


def query(of: Mapping[str, str], before: str = "") -> str:
    return "&".join([*([before] if before else []), *(f"{name}={value}" for name, value in of.items())])


def cookies(of: Mapping[str, str], before: str = "") -> Headers:
    pairs = [*([before] if before else []), *(f"CloudFront-{name}={value}" for name, value in of.items())]
    return (("Cookie", "; ".join(pairs)),)


def by_botocore(url: str, *, name: str = "KRSA", digest: str = "SHA1", **policy: Any) -> str:
    """The target of a URL that botocore's own signer makes for `url`."""
    signer = CloudFrontSigner(name, lambda message: KEYS[name].sign(message, digest))
    until = datetime.datetime.fromtimestamp(NOW + 60, datetime.UTC)
    if policy:
        made = signer.build_policy(policy.pop("resource", url), until, **policy)
        signed = signer.generate_presigned_url(url, policy=made)
    else:
        signed = signer.generate_presigned_url(url, date_less_than=until)
    if digest != "SHA1":
        signed += f"&Hash-Algorithm={digest}"
    return "/" + signed.split("/", 3)[3]


def code(answer: Answer) -> str:
    return field(answer.body, "Code") or str(answer.status)


@pytest.mark.parametrize("base", [HERE, ON_AWS])
@pytest.mark.parametrize("digest", ["SHA1", "SHA256"])
@pytest.mark.parametrize("name", ["KRSA", "KEC"])
def test_what_botocore_signs_is_served_until_it_expires(name: str, digest: str, base: str) -> None:
    served = restricted()
    for target in (
        by_botocore(f"{base}/a%20b.txt", name=name, digest=digest),
        by_botocore(f"{base}/a.txt?color=red&size=1", name=name, digest=digest),
        by_botocore(f"{base}/a.txt?a&&b=%20&=", name=name, digest=digest),
        by_botocore(f"{base}/x/y.txt", name=name, digest=digest, resource=f"{base}/x/*"),
    ):
        served.clock = NOW + 59
        assert served.get(target).status == 200
        served.clock = NOW + 60
        assert code(served.get(target)) == "AccessDenied"


def test_a_request_without_a_signature_is_cloudfronts_missing_key_in_xml() -> None:
    answer = restricted().get("/a.txt")
    assert (answer.status, answer.headers["content-type"], answer.headers["x-cache"]) == (
        403,
        "text/xml",
        "Error from cloudfront",
    )
    assert answer.body == (
        b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
        b"<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
    )


def test_the_hash_algorithm_has_to_be_told_and_no_other_is_known() -> None:
    served = restricted()
    good = parameters(statement(), digest="SHA256")
    assert served.get("/a?" + query(good)).status == 200
    for told in ("", "SHA1", "sha256", "SHA512", "MD5"):
        assert code(served.get("/a?" + query(good | {"Hash-Algorithm": told}))) == "AccessDenied"
    del good["Hash-Algorithm"]
    assert code(served.get("/a?" + query(good))) == "AccessDenied"


def test_only_keys_of_the_behaviours_groups_count() -> None:
    served = restricted()
    assert code(served.get("/a?" + query(parameters(statement(), "KRSA", FOREIGN)))) == "AccessDenied"
    assert code(served.get("/a?" + query(parameters(statement(), "KEC", RSA)))) == "AccessDenied"
    assert code(served.get("/a?" + query(parameters(statement(), "KOTHER", RSA)))) == "InvalidKey"
    assert code(served.get("/a?" + query(parameters(statement()) | {"Key-Pair-Id": ""}))) == "MissingKey"
    assert code(restricted(trusted_keys={}).get("/a?" + query(parameters(statement())))) == "InvalidKey"


@pytest.mark.parametrize(
    ("resource", "target", "status"),
    [
        (HERE + "/*", "/a/b", "200"),
        (HERE + "/a?b", "/axb", "200"),
        (HERE + "/a?b", "/a/b", "200"),
        (HERE + "/a?b", "/ab", "AccessDenied"),
        (HERE + "/a/*", "/a", "AccessDenied"),
        (HERE + "/a/*", "/ab/c", "AccessDenied"),
        (HERE + "/a/*", "/A/b", "AccessDenied"),
        (HERE + "/a.b", "/aXb", "AccessDenied"),
        (HERE + "/*.jpg", "/x.jpg?v=1", "AccessDenied"),
        (HERE + "/*.jpg?v=*", "/x.jpg?v=1", "200"),
        (HERE + "/*.jpg*", "/x.txt?a=.jpg", "200"),
        ("http*://127.0.0.1:8080/*", "/a", "200"),
        ("https://127.0.0.1:8080/*", "/a", "AccessDenied"),
        ("http://127.0.0.2:8080/*", "/a", "AccessDenied"),
        ("https://d999.cloudfront.net/*", "/a", "AccessDenied"),
        ("http://d123.cloudfront.net/*", "/a", "AccessDenied"),
        (ON_AWS + "/a*", "/ab", "200"),
        ("", "/a", "AccessDenied"),
        ("*", "/a", "200"),
        (None, "/a", "200"),
    ],
)
def test_the_resource_is_matched_on_the_whole_url_with_wildcards(
    resource: str | None, target: str, status: str
) -> None:
    signed = query(parameters(statement(resource)))
    assert code(restricted().get(target + ("&" if "?" in target else "?") + signed)) == status
    assert code(restricted().get(target, headers=cookies(parameters(statement(resource))))) == status


@pytest.mark.parametrize("name", ["a*b", "a%3Fb", "**", "a%26b%23c%25d"])
def test_a_file_name_in_a_canned_policy_is_no_wildcard(name: str) -> None:
    served = restricted()
    target = by_botocore(f"{HERE}/{name}")
    assert served.get(target).status == 200
    for other in ("aXXb", "aXb", "anything", "a"):
        assert code(served.get(target.replace(f"/{name}?", f"/{other}?"))) == "AccessDenied"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"DateGreaterThan": {"AWS:EpochTime": NOW}}, "200"),
        ({"DateGreaterThan": {"AWS:EpochTime": NOW + 1}}, "AccessDenied"),
        ({"IpAddress": {"AWS:SourceIp": "203.0.113.0/24"}}, "200"),
        ({"IpAddress": {"AWS:SourceIp": "203.0.113.7"}}, "200"),
        ({"IpAddress": {"AWS:SourceIp": "0.0.0.0/0"}}, "200"),
        ({"IpAddress": {"AWS:SourceIp": "203.0.113.8/32"}}, "AccessDenied"),
        ({"IpAddress": {"AWS:SourceIp": "2001:db8::/32"}}, "MalformedPolicy"),
        ({"IpAddress": {"AWS:SourceIp": 7}}, "MalformedPolicy"),
        ({"DateLessThan": None}, "MalformedPolicy"),
        ({"DateLessThan": {"AWS:EpochTime": str(NOW + 60)}}, "MalformedPolicy"),
        ({"DateLessThan": {"AWS:EpochTime": NOW + 60.5}}, "MalformedPolicy"),
        ({"DateLessThan": {"AWS:EpochTime": True}}, "MalformedPolicy"),
        ({"DateLessThan": {"AWS:EpochTime": (NOW + 60) * 1000}}, "MalformedPolicy"),
        ({"DateLessThan": {}}, "MalformedPolicy"),
        ({"SomethingElse": {}}, "MalformedPolicy"),
    ],
)
def test_conditions_on_time_and_address_hold(conditions: Any, status: str) -> None:
    policy = statement(**conditions)
    assert code(restricted().get("/a?" + query(parameters(policy)))) == status
    assert code(restricted().get("/a", headers=cookies(parameters(policy, digest="SHA256")))) == status


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "no json",
        "[" * 2_000,
        "[]",
        "{}",
        '{"Statement": []}',
        '{"Statement": {}}',
        '{"Statement": "x"}',
        '{"Statement": [{"Resource": "*"}]}',
        json.dumps({"Statement": json.loads(statement())["Statement"] * 2}),
        statement().replace(f'"{HERE}/*"', '["*"]'),
    ],
)
def test_a_policy_that_cannot_be_read_is_malformed_however_well_it_is_signed(policy: str) -> None:
    assert code(restricted().get("/a?" + query(parameters(policy)))) == "MalformedPolicy"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Policy": url_safe(statement("*").encode())}, "AccessDenied"),
        ({"Policy": "%%%"}, "MalformedPolicy"),
        ({"Policy": ""}, "MalformedPolicy"),
        ({"Signature": ""}, "AccessDenied"),
        ({"Signature": "!"}, "AccessDenied"),
        ({"Signature": url_safe(b"\x30\x06\x02\x01\x00\x02\x01\x00")}, "AccessDenied"),
    ],
)
@pytest.mark.parametrize("name", ["KRSA", "KEC"])
def test_what_was_altered_is_refused(name: str, changed: dict[str, str], status: str) -> None:
    signed = parameters(statement(), name)
    assert code(restricted().get("/a?" + query(signed | changed))) == status
    del signed["Signature"]
    assert code(restricted().get("/a?" + query(signed))) == "AccessDenied"


@pytest.mark.parametrize("expires", ["", "x", "-1", "1e9", "%D9%A3", str(NOW * 1000 + 60_000)])
def test_a_canned_policy_needs_a_date(expires: str) -> None:
    target = by_botocore(f"{HERE}/a")
    assert code(restricted().get(target.replace(str(NOW + 60), expires))) == "MalformedPolicy"
    assert code(restricted().get(target.replace("Expires", "expires"))) == "MalformedPolicy"


def test_a_later_date_or_another_query_breaks_a_canned_policy() -> None:
    served, target = restricted(), by_botocore(f"{HERE}/a?v=1")
    assert served.get(target).status == 200
    for other in (
        target.replace(f"Expires={NOW + 60}", f"Expires={NOW + 61}"),
        target.replace("v=1", "v=2"),
        target + "&w=1",
        target.replace("/a?", "/b?"),
    ):
        assert code(served.get(other)) == "AccessDenied"


def test_parameters_that_come_twice_are_refused() -> None:
    wide, narrow = parameters(statement("*"), "KRSA", FOREIGN), parameters(statement(HERE + "/b"))
    for target in (query(wide, query(narrow)), query(narrow, query(wide))):
        assert code(restricted().get("/a?" + target)) == "AccessDenied"


def test_a_signed_url_is_decided_by_itself_whatever_the_cookies_say() -> None:
    good = cookies(parameters(statement()))
    assert restricted().get("/a", headers=good).status == 200
    for query_string, status in (
        ("Expires=1", "MissingKey"),
        ("Policy=x", "MissingKey"),
        ("Signature=x", "MissingKey"),
        ("Key-Pair-Id=K", "InvalidKey"),
    ):
        assert code(restricted().get(f"/a?{query_string}", headers=good)) == status
    assert restricted().get("/a?Hash-Algorithm=SHA1", headers=good).status == 200


def test_cookies_may_hold_a_canned_policy_too() -> None:
    target = by_botocore(f"{HERE}/a?v=1")
    pairs = dict(each.split("=", 1) for each in target.partition("v=1&")[2].split("&"))
    assert restricted().get("/a?v=1", headers=cookies(pairs)).status == 200
    assert code(restricted().get("/a?v=2", headers=cookies(pairs))) == "AccessDenied"


def test_of_two_sets_of_cookies_the_first_counts() -> None:
    good, bad = cookies(parameters(statement()))[0][1], cookies(parameters(statement(HERE + "/b")))[0][1]
    assert restricted().get("/a", headers=(("Cookie", f"{good}; {bad}"),)).status == 200
    assert code(restricted().get("/a", headers=(("Cookie", f"{bad}; {good}"),))) == "AccessDenied"


def test_what_signed_a_request_reaches_neither_function_nor_cache_nor_origin() -> None:
    served = restricted(viewer_request=passing, serving=None)
    by_url = "/a?" + query(parameters(statement()), "v=1") + "&w=2"
    by_cookie = cookies(parameters(statement(), "KEC", digest="SHA256"), "theme=dark")
    first = served.get(by_url, headers=(("Cookie", "theme=dark"),))
    second = served.get("/a?v=1&w=2", headers=by_cookie)
    told = [each.headers["x-cache"] for each in (first, second)]
    assert told == ["Miss from cloudfront", "Hit from cloudfront"]
    [sent] = served.origin.seen
    assert (sent.target, dict(sent.headers)["Cookie"]) == ("/a?v=1&w=2", "theme=dark")
    for event in served.events:
        assert event["request"]["querystring"] == "v=1&w=2"
        assert event["request"]["headers"]["cookie"] == [{"key": "Cookie", "value": "theme=dark"}]


def test_the_cache_is_shut_for_who_is_not_signed_and_shared_by_who_is() -> None:
    served = restricted(cache=cache_policy(max_ttl=60, default_ttl=60, queries=Selection()))
    assert served.get(by_botocore(f"{HERE}/a")).headers["x-cache"] == "Miss from cloudfront"
    assert code(served.get("/a")) == "MissingKey"
    assert served.get(by_botocore(f"{HERE}/a", name="KEC")).headers["x-cache"] == "Hit from cloudfront"


def test_no_function_runs_for_what_is_not_signed() -> None:
    served = restricted(viewer_request=passing)
    served.get("/a")
    assert served.events == []


def test_no_line_of_the_log_has_what_signs() -> None:
    served = restricted()
    served.get(by_botocore(f"{HERE}/a"))
    served.get("/a", headers=cookies(parameters(statement("nothing"))))
    assert [line.split(" ")[:3] for line in served.log] == [["GET", "/a", "200"], ["GET", "/a", "403"]]
    assert served.log[1].endswith("signature: AccessDenied)")
    assert not any("Signature" in line for line in served.log)
