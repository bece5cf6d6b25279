"""What bad input gets when minting, row by row, over the handler."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.url_issuer.world import Deployment, Log
from url_issuer.handler import issuer

BAD_KEYS = {
    "missing": "",
    "empty": "key=",
    "longer than 1024 bytes": "key=" + "a" * 1025,
    "longer than 1024 bytes, not characters": "key=" + quote("é" * 513),
    "a dot segment": "key=a/./b",
    "a double dot segment": "key=a/../b",
    "a double dot segment, escaped": "key=a%2F..%2Fb",
    "only a dot": "key=.",
    "a double dot at the end": "key=a/..",
    "under the reserved prefix": "key=-/status",
}
BAD_SECONDS = ["", "0", "-1", "+60", "1.5", "1e3", "060", "3601", "9" * 40, "%20900", "9_0", "%D9%A1", "soon"]
BAD_NAMES = ["", "%20", ".", "..", "a%2Fb", "a%5Cb", "a" * 256, "%E2%80%AEgpj.exe", "a%E2%80%A8b"]
BAD_QUERIES = ["key", "key=a&", "&key=a", "key=%", "key=%zz", "key=%FF", "key=%C0%80", "key=a%00b",
               "key=a%0D%0Ab", "key=a%C2%85b", "key=é", "key=a#b", "key=a&filename=%0A"]  # fmt: skip


def assert_refused(cloud: Deployment, query: str, code: str, *mentions: str) -> None:
    answer = cloud.ask(query)
    assert answer.status == 400, answer.body
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json.keys() == {"error", "message"}
    assert answer.json["error"] == code
    assert all(mention in answer.json["message"] for mention in mentions), answer.json["message"]
    assert answer.json["message"].endswith(".")
    assert cloud.calls == []


@pytest.mark.parametrize("query", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_a_bad_key_is_a_400_that_names_key_and_what_is_allowed(cloud: Deployment, query: str) -> None:
    assert_refused(cloud, query, "invalid_key", "key", "must")


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_query_that_cannot_be_read_is_a_400_and_calls_nothing(cloud: Deployment, query: str) -> None:
    assert_refused(cloud, query, "invalid_query", "must be")


@pytest.mark.parametrize("query", ["key=a&key=a", "key=a&%6bey=b", "key=a&expires_in=60&expires_in=60"])
def test_a_repeated_parameter_is_a_400(cloud: Deployment, query: str) -> None:
    assert_refused(
        cloud, query, "repeated_parameter", query.split("&")[1 if "in=" in query else 0].split("=")[0], "once"
    )


@pytest.mark.parametrize(
    "query", ["key=a&ttl=60", "ttl=60", "key=a&Key=b", "key=a&=", "key=a&b.txt=", "key=a&x%20y=1"]
)
def test_an_unknown_parameter_is_a_400_that_lists_the_known_ones(cloud: Deployment, query: str) -> None:
    assert_refused(cloud, query, "unknown_parameter", "key, disposition, expires_in, filename")


@pytest.mark.parametrize("seconds", BAD_SECONDS)
def test_a_bad_lifetime_is_a_400_with_the_operator_s_range(cloud: Deployment, seconds: str) -> None:
    assert_refused(cloud, f"key=a&expires_in={seconds}", "invalid_expires_in", "expires_in", "from 1 to 3600")


@pytest.mark.parametrize(
    ("query", "code", "allowed"),
    [
        ("max_claims=0", "invalid_max_claims", "from 1 to 10"),
        ("max_claims=11", "invalid_max_claims", "from 1 to 10"),
        ("max_claims=two", "invalid_max_claims", "from 1 to 10"),
        ("resume=901", "invalid_resume", "seconds from 0 to 900"),
        ("resume=-1", "invalid_resume", "seconds from 0 to 900"),
        ("resume=", "invalid_resume", "seconds from 0 to 900"),
        ("resume=60&resume_factor=5", "invalid_resume_factor", "from 1 to 4"),
        ("resume=60&resume_factor=0", "invalid_resume_factor", "from 1 to 4"),
        ("resume_factor=2", "invalid_resume_factor", "goes with resume"),
        ("resume=0&resume_by=cookie", "invalid_resume_by", "goes with resume"),
        ("resume=60&resume_by=agent", "invalid_resume_by", "cookie or address"),
        ("resume=60&resume_by=address&max_claims=2", "invalid_resume_by", "max_claims=1"),
        ("cidr=", "invalid_cidr", "203.0.113.0/24"),
        ("cidr=203.0.113.7/24", "invalid_cidr", "host bits"),
        ("cidr=203.0.113.0/33", "invalid_cidr", "203.0.113.0/24"),
        ("cidr=fe80::1%25eth0", "invalid_cidr", "203.0.113.0/24"),
        ("cidr=everywhere", "invalid_cidr", "203.0.113.0/24"),
    ],
)
def test_a_limit_beyond_the_operator_s_is_a_400_that_names_it(
    cloud: Deployment, query: str, code: str, allowed: str
) -> None:
    assert_refused(cloud, f"key=a&{query}", code, code.removeprefix("invalid_"), allowed)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_file_name_is_a_400(cloud: Deployment, name: str) -> None:
    assert_refused(cloud, f"key=a&filename={name}", "invalid_filename", "filename must")


@pytest.mark.parametrize("value", ["", "Inline", "attachment;", "form-data", "attachment%3Bx"])
def test_a_bad_disposition_is_a_400(cloud: Deployment, value: str) -> None:
    assert_refused(
        cloud, f"key=a&disposition={value}", "invalid_disposition", "disposition must be attachment or inline"
    )


def test_a_url_that_cloudfront_would_refuse_is_a_400_and_nothing_is_stored(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "é" * 512
    cloud.put(key)
    monkeypatch.setattr("common.link_minting.mint.MAX_URL_LENGTH", 3000)
    answer = cloud.ask(f"key={quote(key)}")
    assert (answer.status, answer.json["error"]) == (400, "url_too_long")
    assert "key" in answer.json["message"]
    assert "3000" in answer.json["message"]
    assert cloud.records() == []


def test_a_missing_object_is_a_404_and_no_record_is_written(cloud: Deployment) -> None:
    answer = cloud.ask("key=no/such.txt")
    assert (answer.status, answer.json["error"]) == (404, "no_such_object")
    assert answer.headers["cache-control"] == "no-store"
    assert cloud.calls == ["HeadObject"]
    assert cloud.records() == []


def test_an_object_behind_a_delete_marker_is_a_404(cloud: Deployment) -> None:
    cloud.put("gone.txt")
    cloud.s3.delete_object(Bucket="example-assets", Key="gone.txt")
    answer = cloud.ask("key=gone.txt")
    assert (answer.status, answer.json["error"]) == (404, "no_such_object")
    assert cloud.records() == []


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
def test_an_archived_object_that_s3_would_not_serve_is_a_409(cloud: Deployment, storage_class: str) -> None:
    cloud.put("old.tar", StorageClass=storage_class)
    answer = cloud.ask("key=old.tar")
    assert (answer.status, answer.json["error"]) == (409, "object_archived")
    assert cloud.records() == []


def test_an_object_that_intelligent_tiering_has_archived_is_a_409(cloud: Deployment) -> None:
    cloud.put("old.tar")
    cloud.hook(
        issuer().s3,
        "after-call.s3.HeadObject",
        lambda parsed, **_: parsed.update(StorageClass="INTELLIGENT_TIERING", ArchiveStatus="ARCHIVE_ACCESS"),
    )
    assert cloud.ask("key=old.tar").json["error"] == "object_archived"


def test_an_archived_object_that_was_restored_gets_a_link(cloud: Deployment) -> None:
    cloud.put("old.tar", StorageClass="GLACIER")
    cloud.s3.restore_object(Bucket="example-assets", Key="old.tar", RestoreRequest={"Days": 1})
    assert cloud.ask("key=old.tar").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "PATCH"])
def test_another_method_is_a_405_in_the_same_shape(cloud: Deployment, method: str) -> None:
    answer = cloud.ask("key=a", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert answer.json["error"] == "method_not_allowed"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/get-url/", "/get-urls", "//get-url", "/get-url/x"])
def test_another_path_is_a_404_in_the_same_shape(cloud: Deployment, path: str) -> None:
    answer = cloud.ask("key=a", path=path)
    assert (answer.status, answer.json["error"]) == (404, "no_such_route")


def test_a_404_for_a_key_with_a_plus_in_the_query_says_how_to_write_one(cloud: Deployment) -> None:
    cloud.put("a+b.txt")
    assert "%2B" in cloud.ask("key=a+b.txt").json["message"]
    assert cloud.ask("key=a%2Bb.txt").status == 200


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from('keyxpirsn_=&%+/.0129aF-é\r\n"<'), max_size=30))
def test_no_query_at_all_makes_the_function_fail(cloud: Deployment, query: str) -> None:
    answer = cloud.ask(query)
    assert answer.status in {400, 404}
    assert answer.json.keys() == {"error", "message"}


def test_a_refusal_is_logged_by_its_code_alone(cloud: Deployment, log: Log) -> None:
    cloud.ask("key=private-name%00")
    [line] = log()
    assert (line["message"], line["code"], line["level"]) == ("refused", "invalid_query", "INFO")
    assert line["correlation_id"] == "JKJaXmPLvHcESHA="
    assert "private-name" not in str(line)
