"""Minting on moto: what is handed out, what is stored, and that the two are one link."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from werkzeug.http import parse_options_header

from common.link_minting.mint import MintRequest
from edge_guard.claim import WriteResult
from onetime_urls.protocol.links.claims import Claim, claim_request
from tests.links import keys
from tests.store.engines import Store
from tests.url_issuer.world import TABLE, Deployment, Log, target_of
from url_issuer.handler import issuer


def test_the_answer_is_the_link_and_what_it_promises(cloud: Deployment) -> None:
    body = cloud.mint("reports/q1.pdf")
    target = target_of(body["url"])
    date = datetime.strptime(target.parameters["X-Amz-Date"], "%Y%m%dT%H%M%S%z").timestamp()
    assert list(body) == ["url", "id", "key", "expires_at", "expires_in", "size", "max_claims", "resume"]
    assert body["id"] == target.signature
    assert body["expires_at"] == date + 900
    assert body | {"url": "", "id": "", "expires_at": 0} == {
        "url": "",
        "id": "",
        "key": "reports/q1.pdf",
        "expires_at": 0,
        "expires_in": 900,
        "size": 6,
        "max_claims": 1,
        "resume": 0,
    }


def test_a_resumable_link_carries_its_terms_and_s3_honours_it_for_the_window_too(cloud: Deployment) -> None:
    cloud.put("film.mp4", bytes(1000))
    query = "key=film.mp4&expires_in=60&resume=300&resume_factor=3&resume_by=address"
    body = cloud.ask(query).json
    parameters = target_of(body["url"]).parameters
    assert {name: value for name, value in parameters.items() if name.startswith("x-link-r")} == {
        "x-link-resume": "300",
        "x-link-resume-by": "address",
    }
    assert (parameters["x-link-size"], parameters["x-link-budget"]) == ("1000", "3000")
    assert parameters["X-Amz-Expires"] == str(60 + 300 + 60)
    assert (body["expires_in"], body["resume"]) == (60, 300)


def test_a_link_without_resume_carries_no_terms(cloud: Deployment) -> None:
    body = cloud.mint("a.txt", resume=0)
    assert [name for name in target_of(body["url"]).parameters if name.startswith("x-link-")] == [
        "x-link-nonce"
    ]


def test_a_link_for_several_downloads_says_so_in_record_and_answer(cloud: Deployment) -> None:
    assert cloud.mint("a.txt", max_claims=3)["max_claims"] == 3
    assert cloud.records()[0]["max_claims"] == {"N": "3"}


@pytest.mark.parametrize(
    ("asked", "signed"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
    ],
)
def test_a_network_is_signed_in_one_spelling(cloud: Deployment, asked: str, signed: str) -> None:
    body = cloud.mint("a.txt", cidr=asked)
    assert target_of(body["url"]).parameters["x-link-cidr"] == signed


def test_plain_text_is_the_url_and_a_newline(cloud: Deployment) -> None:
    cloud.put("a.txt")
    answer = cloud.ask("key=a.txt", accept="text/plain")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body.endswith("\n")
    assert target_of(answer.body.removesuffix("\n")).key == "a.txt"


def test_the_record_is_what_the_guard_needs_to_claim_exactly_this_url(cloud: Deployment) -> None:
    body = cloud.mint("a b.txt", expires_in=60)
    target = target_of(body["url"])
    claim = Claim("r-1", body["expires_at"] - 1, "203.0.113.7", "curl", "us-east-1")
    store = Store(cloud.dynamodb, TABLE)
    reply = store.write(claim_request(TABLE, target.signature, target.fingerprint, claim))
    assert reply.result is WriteResult.APPLIED
    assert reply.item is not None
    assert reply.item["claims"]["M"].keys() == {"r-1"}


def test_the_record_holds_the_promise_and_a_claim_token_that_is_not_in_the_answer(cloud: Deployment) -> None:
    pinned = cloud.put("a.txt", b"four")
    answer = cloud.ask("key=a.txt&expires_in=60")
    [record] = cloud.records()
    token = record["claim_token"]["S"]
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert token not in answer.body + str(answer.headers)
    assert record["signature"]["S"] == target_of(answer.json["url"]).signature
    assert record["object_key"]["S"] == "a.txt"
    assert (record["etag"]["S"], record["version_id"]["S"]) == (pinned["ETag"], pinned["VersionId"])
    assert (record["size"]["N"], record["max_claims"]["N"]) == ("4", "1")
    assert int(record["expires_at"]["N"]) == answer.json["expires_at"] == int(record["issued_at"]["N"]) + 60
    assert int(record["ttl"]["N"]) == answer.json["expires_at"] + 86_400
    assert record["claims"] == record["given_back"] == {"M": {}}


def test_a_printed_link_shows_neither_url_nor_token(cloud: Deployment) -> None:
    cloud.put("a.txt")
    link = issuer().mint(MintRequest(key="a.txt", expires_in=60), lambda: 10.0)
    assert link.url not in repr(link)
    assert link.record.claim_token not in repr(link)


def test_s3_s_own_lifetime_is_a_minute_longer_than_the_promise(cloud: Deployment) -> None:
    assert target_of(cloud.mint("a.txt", expires_in=60)["url"]).parameters["X-Amz-Expires"] == "120"


def test_the_url_names_the_version_that_was_promised(cloud: Deployment) -> None:
    version = cloud.put("a.txt", b"first")["VersionId"]
    url = cloud.ask("key=a.txt").json["url"]
    cloud.put("a.txt", b"second")
    assert target_of(url).parameters["versionId"] == version


def test_the_null_version_of_a_suspended_bucket_is_no_version(cloud: Deployment) -> None:
    cloud.hook(issuer().s3, "after-call.s3.HeadObject", lambda parsed, **_: parsed.update(VersionId="null"))
    assert "versionId" not in target_of(cloud.mint("a.txt")["url"]).parameters


@pytest.mark.parametrize(
    "key",
    ["a b", " a ", "a+b", "a%b", "a%2Fb", "100%", "a&b=c", "a=b", "a#b", "a?b=c", "a//b", "//a", "/", "a/",
     "a;b", "-", "-x/y", "...", "ключ/鍵.txt", "e\u0301", "\u202eabc", "👩‍💻",
     "'\"<>\\^`{|}", "~._-", "k" * 1024, "é" * 512],
)  # fmt: skip
@pytest.mark.parametrize("spell", [quote, lambda key: urlencode({"": key})[1:]], ids=["percent", "form"])
def test_a_key_is_the_same_in_the_request_the_answer_the_record_and_the_link(
    cloud: Deployment, key: str, spell: Callable[[str], str]
) -> None:
    cloud.put(key)
    answer = cloud.ask(f"key={spell(key)}")
    assert answer.status == 200, answer.body
    assert answer.json["key"] == target_of(answer.json["url"]).key == key
    assert [record["object_key"]["S"] for record in cloud.records()] == [key]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys)
def test_every_minted_url_is_one_that_the_guard_accepts(cloud: Deployment, key: str) -> None:
    body = cloud.mint(key)
    target = target_of(body["url"])
    assert target.key == key
    assert len(body["url"]) <= 8000
    stored = Store(cloud.dynamodb, TABLE).get(target.signature)
    assert stored is not None
    assert stored["fingerprint"]["S"] == target.fingerprint


def test_two_mints_of_one_key_in_one_second_are_two_links(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: now)
    first, second = cloud.mint("a.txt"), cloud.mint("a.txt")
    assert first["expires_at"] == second["expires_at"]
    assert target_of(first["url"]).signature != target_of(second["url"]).signature
    assert len({record["claim_token"]["S"] for record in cloud.records()}) == 2


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ("attachment", "Prüfung 1.pdf")),
        ({"disposition": "inline"}, ("inline", "Prüfung 1.pdf")),
        ({"filename": "other.pdf"}, ("attachment", "other.pdf")),
        ({"disposition": "inline", "filename": 'say "hi".pdf'}, ("inline", 'say "hi".pdf')),
    ],
)
def test_the_download_s_name_is_signed_into_the_url(
    cloud: Deployment, parameters: dict[str, str], expected: tuple[str, str]
) -> None:
    url = cloud.mint("reports/Prüfung 1.pdf", **parameters)["url"]
    kind, read = parse_options_header(target_of(url).parameters["response-content-disposition"])
    assert (kind, read["filename"]) == expected


def test_a_long_file_name_is_cut_so_that_the_url_fits(
    cloud: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "é" * 120 + ".pdf"
    whole = cloud.mint("a.pdf", filename=name)["url"]
    monkeypatch.setattr("common.link_minting.mint.MAX_URL_LENGTH", len(whole) - 1)
    cut = cloud.mint("a.pdf", filename=name)["url"]
    _, read = parse_options_header(target_of(cut).parameters["response-content-disposition"])
    assert read["filename"] == "é" * 30 + ".pdf"


def test_the_longest_key_and_name_fit_into_a_url(cloud: Deployment) -> None:
    assert len(cloud.mint("鍵" * 341, filename="é" * 127)["url"]) <= 8000


def test_a_mint_looks_signs_and_stores_in_this_order_and_assumes_the_signer_once(cloud: Deployment) -> None:
    cloud.mint("a.txt")
    assert cloud.calls == ["HeadObject", "AssumeRole", "PutItem"]
    cloud.mint("a.txt")
    assert cloud.calls[3:] == ["HeadObject", "PutItem"]


def test_a_mint_is_logged_under_the_first_digits_of_its_signature(cloud: Deployment, log: Log) -> None:
    body = cloud.mint("a.txt")
    [line] = log()
    assert line["link"] == target_of(body["url"]).signature[:12]
    assert (line["message"], line["correlation_id"]) == ("minted", "JKJaXmPLvHcESHA=")
