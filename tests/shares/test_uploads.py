"""Uploads: keys are the server's, sizes and types are held to, and too much is refused before it starts."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.shares.world import World, world

GIB = 2**30


def test_a_post_is_signed_for_one_key_one_type_and_one_size(cloud: World) -> None:
    answer = cloud.api(
        "POST", "/uploads", {"filename": "q1.pdf", "size": 5, "content_type": "application/pdf"}
    )
    assert answer.status == 201, answer.body
    made = answer.json
    assert re.fullmatch(r"uploads/[\w-]{22}/q1\.pdf", made["key"])
    assert made["fields"]["key"] == made["key"]
    assert made["fields"]["Content-Type"] == "application/pdf"
    policy = json.loads(base64.b64decode(made["fields"]["policy"]))
    assert ["content-length-range", 5, 5] in policy["conditions"]
    assert {"Content-Type": "application/pdf"} in policy["conditions"]
    assert {"key": made["key"]} in policy["conditions"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_uploads_are_signed_for_the_buckets_regional_host(region: str) -> None:
    with world(BUCKET_REGION=region) as made:
        answer = made.api("POST", "/uploads", {"filename": "a", "size": 1})
    assert urlsplit(answer.json["url"]).hostname == f"example-assets.s3.{region}.amazonaws.com"


def test_two_uploads_of_one_name_have_two_keys(cloud: World) -> None:
    keys = {cloud.api("POST", "/uploads", {"filename": "a", "size": 1}).json["key"] for _ in range(2)}
    assert len(keys) == 2


def test_parts_are_signed_with_their_sizes_and_put_together_again(cloud: World) -> None:
    size = 12 * 2**20
    made = cloud.api(
        "POST", "/uploads", {"filename": "big", "size": size, "multipart": True, "parts": 2}
    ).json
    assert [part["number"] for part in made["parts"]] == [1, 2]
    assert made["part_size"] == size // 2
    signed = parse_qs(urlsplit(made["parts"][0]["url"]).query)
    assert signed["X-Amz-SignedHeaders"] == ["content-length;host"]
    body = b"x" * made["part_size"]
    parts = [
        {
            "number": float(part["number"]),  # 1.0 is a whole number in JSON
            "etag": cloud.s3.upload_part(
                Bucket="example-assets",
                Key=made["key"],
                UploadId=made["upload_id"],
                PartNumber=part["number"],
                Body=body,
            )["ETag"],
        }
        for part in made["parts"]
    ]
    given = {"key": made["key"], "upload_id": made["upload_id"], "parts": parts}
    assert cloud.api("POST", made["complete"], given).json == {"key": made["key"]}
    assert cloud.share(key=made["key"])["size"] == size


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"filename": "a"}, 400, "invalid_size"),
        ({"filename": "a", "size": 0}, 400, "invalid_size"),
        ({"filename": "a", "size": -1}, 400, "invalid_size"),
        ({"filename": "a", "size": 11 * GIB}, 413, "too_large"),
        ({"filename": "a", "size": 6 * GIB}, 413, "too_large"),
        ({"filename": "../a", "size": 1}, 400, "invalid_filename"),
        ({"filename": "", "size": 1}, 400, "invalid_filename"),
        ({"filename": "${filename}", "size": 1}, 400, "invalid_filename"),
        ({"filename": "a${filename}.pdf", "size": 1}, 400, "invalid_filename"),
        ({"size": 1}, 400, "invalid_filename"),
        ({"filename": "a", "size": 1, "content_type": "pdf"}, 400, "invalid_content_type"),
        ({"filename": "a", "size": 1, "content_type": "a/b\r\nx: y"}, 400, "invalid_content_type"),
        ({"filename": "a", "size": 1, "parts": 1}, 400, "invalid_parts"),
        ({"filename": "a", "size": 1, "multipart": True}, 400, "invalid_parts"),
        ({"filename": "a", "size": 1, "multipart": True, "parts": 2}, 400, "invalid_parts"),
        ({"filename": "a", "size": 6 * GIB, "multipart": True, "parts": 1}, 400, "invalid_parts"),
        ({"filename": "a", "size": 1, "key": "mine"}, 400, "unknown_parameter"),
    ],
)
def test_a_wrong_upload_is_refused_before_it_starts(
    cloud: World, wanted: Any, status: int, code: str
) -> None:
    answer = cloud.api("POST", "/uploads", wanted)
    assert (answer.status, answer.json["error"]) == (status, code)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/pdf", 201),
        ("Application/PDF", 201),
        ("image/png", 201),
        ("text/html", 400),
        ("application/pdfx", 400),
        ("imagex/png", 400),
    ],
)
def test_the_operator_says_which_types_are_let_in(content_type: str, status: int) -> None:
    with world(UPLOAD_TYPES="application/pdf,image/*") as cloud:
        wanted = {"filename": "a", "size": 1, "content_type": content_type}
        answer = cloud.api("POST", "/uploads", wanted)
        assert answer.status == status
        if status == 400:
            assert answer.json == {
                "error": "invalid_content_type",
                "message": "content_type must be one of these on this deployment: application/pdf, image/*.",
            }


def test_who_announces_no_type_announces_bytes_of_any_kind() -> None:
    with world(UPLOAD_TYPES="image/*") as cloud:
        answer = cloud.api("POST", "/uploads", {"filename": "a", "size": 1})
        assert (answer.status, answer.json["error"]) == (400, "invalid_content_type")


@pytest.mark.parametrize(
    "key",
    [
        "reports/q1.pdf",
        "uploads/../x",
        "private/../reports/x",
        "private//x",
        "private/.",
        "private/a/",
        "private",
        "Private/x",
        "-/x",
        "private/a\u202ex",
    ],
)
def test_only_an_upload_of_ours_is_completed_resumed_or_aborted(cloud: World, key: str) -> None:
    given = {"key": key, "upload_id": "u"}
    for route, more in (
        ("complete", {"parts": [{"number": 1, "etag": "e"}]}),
        ("resume", {"size": 1, "parts": 1}),
        ("abort", {}),
    ):
        answer = cloud.api("POST", f"/uploads/{route}", given | more)
        assert (answer.status, answer.json["error"]) == (400, "invalid_key")


def test_the_parts_of_the_largest_upload_fit_into_a_request(cloud: World) -> None:
    key, tag = "private/" + "a/" * 380 + "ä" * 127, '"' + "0" * 32 + '"'
    parts = [{"number": number + 1, "etag": tag} for number in range(1000)]
    answer = cloud.api("POST", "/uploads/complete", {"key": key, "upload_id": "u" * 130, "parts": parts})
    assert answer.json["error"] == "no_such_upload"
