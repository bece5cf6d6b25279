"""What the deployed API mints, and what it refuses to."""

import os
import re
import time
from typing import Any

import pytest
from botocore.config import Config

from tests.integration.conftest import Upload
from tests.shared_cloud import NAMED_ORIGIN
from tests.web import Deployment, follow


def test_the_answer_says_what_was_minted_and_until_when(deployment: Deployment, upload: Upload) -> None:
    key = upload(b"12345")
    minted = deployment.mint(key)
    assert set(minted) == {"url", "id", "key", "expires_at", "expires_in", "size", "max_claims", "resume"}
    assert (minted["key"], minted["size"], minted["max_claims"]) == (key, 5, 1)
    assert minted["url"].startswith(deployment.outputs["DistributionUrl"].rstrip("/") + "/")
    assert abs(minted["expires_at"] - time.time() - minted["expires_in"]) < 60


def test_plain_text_is_the_url_alone_so_that_curl_can_follow_it(
    deployment: Deployment, upload: Upload
) -> None:
    answer = deployment.ask_api(f"key={upload(b'piped').replace('/', '%2F')}", accept="text/plain")
    assert answer.headers["content-type"].startswith("text/plain")
    assert follow(answer.body.decode().strip()).body == b"piped"


def test_two_mints_of_one_key_are_two_links(deployment: Deployment, upload: Upload) -> None:
    key = upload(b"twice")
    first, second = deployment.mint(key)["url"], deployment.mint(key)["url"]
    assert first != second
    assert [follow(first).body, follow(second).body] == [b"twice", b"twice"]


def test_the_record_is_stored_and_its_token_is_in_no_answer(deployment: Deployment, upload: Upload) -> None:
    minted = deployment.mint(upload())
    signature = re.search(r"X-Amz-Signature=([0-9a-f]{64})", minted["url"])
    assert signature is not None
    record = find_record(deployment, signature[1])
    assert record is not None
    assert record["claim_token"]["S"] not in minted["url"]
    refused = [follow(minted["url"]), follow(minted["url"]), deployment.at_s3(minted["url"])]
    for answer in refused:
        assert record["claim_token"]["S"] not in f"{answer.headers}{answer.body!r}"


def test_a_missing_object_is_404_and_leaves_no_record(deployment: Deployment) -> None:
    answer = deployment.ask_api("key=no-such-object")
    assert (answer.status, answer.json()["error"]) == (404, "no_such_object")
    assert count_records(deployment, "no-such-object") == 0


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "key"),
        ("key=", "key"),
        ("key=a&key=b", "key"),
        ("key=" + "x" * 1025, "key"),
        ("key=a%0Ab", "key"),
        ("key=a%2F..%2Fb", "key"),
        ("key=-%2Fx", "key"),
        ("expires_in=0&key=a", "expires_in"),
        ("expires_in=1000000&key=a", "expires_in"),
        ("expires_in=soon&key=a", "expires_in"),
        ("disposition=maybe&key=a", "disposition"),
        ("filename=a%0D%0Ab&key=a", "filename"),
        ("key=a&surprise=1", "surprise"),
    ],
)
def test_bad_input_is_400_and_names_the_parameter(deployment: Deployment, query: str, parameter: str) -> None:
    answer = deployment.ask_api(query)
    assert answer.status == 400
    assert set(answer.json()) == {"error", "message"}
    assert parameter in answer.json()["message"]


def test_a_file_name_can_be_chosen_and_cannot_inject_a_header(deployment: Deployment, upload: Upload) -> None:
    url = deployment.mint(upload(), filename='q1 "final"; x=y é.pdf', disposition="inline")["url"]
    disposition = follow(url).headers["content-disposition"]
    assert disposition.startswith("inline;")
    assert "filename*=UTF-8''" in disposition


@pytest.mark.usefixtures("only_closed")
def test_whoever_is_not_authorised_is_refused(
    deployment: Deployment, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONETIME_BEARER", raising=False)
    answer = deployment.ask_api(f"key={upload()}", signed=False)
    assert answer.status in (401, 403)


def test_the_api_answers_a_preflight_request_of_a_permitted_origin_only(
    request: pytest.FixtureRequest, deployment: Deployment
) -> None:
    def allowed(origin: str) -> str:
        answer = deployment.ask_api(
            "key=a", method="OPTIONS", signed=False, origin=origin, access_control_request_method="GET"
        )
        return answer.headers.get("access-control-allow-origin", "")

    assert allowed("https://not-permitted.example") == ""
    ours = NAMED_ORIGIN if request.config.getoption("--local-cloud") else ""
    if named := os.environ.get("NAMED_ORIGIN", ours):
        assert allowed(named) == named


@pytest.mark.usefixtures("only_aws")
def test_the_table_expires_records_keeps_backups_and_is_protected(deployment: Deployment) -> None:
    table = deployment.outputs["LinksTableName"]
    ttl = deployment.dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "ttl")
    backups = deployment.dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


@pytest.mark.usefixtures("only_aws")
def test_s3_refuses_a_signature_of_version_2(deployment: Deployment, upload: Upload) -> None:
    old = deployment.session.client(
        "s3", region_name=deployment.region, config=Config(signature_version="s3")
    )
    url = old.generate_presigned_url("get_object", Params={"Bucket": deployment.bucket, "Key": upload()})
    assert follow(url).status in (400, 403)


def find_record(deployment: Deployment, signature: str) -> dict[str, Any] | None:
    pages = deployment.dynamodb.get_paginator("scan").paginate(TableName=deployment.outputs["LinksTableName"])
    return next(
        (item for page in pages for item in page["Items"] if item["signature"]["S"] == signature), None
    )


def count_records(deployment: Deployment, key: str) -> int:
    pages = deployment.dynamodb.get_paginator("scan").paginate(
        TableName=deployment.outputs["LinksTableName"],
        Select="COUNT",
        FilterExpression="object_key = :key",
        ExpressionAttributeValues={":key": {"S": key}},
    )
    return sum(page["Count"] for page in pages)
