"""docs/openapi.yaml says what the share admin does, with the very schemas that requests are held to."""

from dataclasses import replace
from typing import Any

import pytest

from common.http_api.fields import schema_of
from share_admin.fields import LIST_FIELDS, share_fields
from share_admin.settings import Settings
from share_admin.upload_fields import abort_fields, complete_fields, resume_fields, upload_fields
from stack.settings import Settings as StackSettings
from tests.openapi import operations, problems
from tests.shares.world import ENVIRONMENT, FORM, World

STACK = StackSettings()
SETTINGS = replace(
    Settings.from_environment(ENVIRONMENT),
    max_share_days=STACK.max_share_days,
    max_downloads=STACK.max_downloads_per_share,
    max_upload_bytes=STACK.max_upload_bytes,
    upload_folders=STACK.upload_folders,
)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/shares", share_fields(SETTINGS)),
        ("/uploads", upload_fields(SETTINGS)),
        ("/uploads/complete", complete_fields(SETTINGS)),
        ("/uploads/resume", resume_fields(SETTINGS)),
        ("/uploads/abort", abort_fields(SETTINGS)),
    ],
)
def test_its_bodies_are_the_schemas_that_requests_are_validated_against(path: str, fields: Any) -> None:
    body = operations()[path, "post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == schema_of(fields)


def test_its_query_is_the_schema_that_requests_are_validated_against() -> None:
    shown = {each["name"]: each["schema"] for each in operations()["/shares", "get"]["parameters"]}
    assert shown == schema_of(LIST_FIELDS)["properties"]


def test_answers_are_as_described(cloud: World) -> None:
    cloud.put("a.txt")
    cloud.put("old", StorageClass="GLACIER")
    made = cloud.share(key="a.txt", note="n", pin="1234")
    cloud.page("POST", cloud.share()["id"], headers={"content-type": FORM})
    one = f"/shares/{made['id']}"
    big = 12 * 2**20
    for method, path, described, body, given in (
        ("POST", "/shares", "/shares", {"key": "a.txt"}, {}),
        ("POST", "/shares", "/shares", {"key": "none"}, {}),
        ("POST", "/shares", "/shares", {"key": "old"}, {}),
        ("POST", "/shares", "/shares", {}, {}),
        ("POST", "/shares", "/shares", {}, {"content_type": "text/plain"}),
        ("GET", "/shares", "/shares", None, {"query": "limit=1"}),
        ("GET", "/shares", "/shares", None, {"query": "limit=0"}),
        ("GET", one, "/shares/{id}", None, {}),
        ("DELETE", one, "/shares/{id}", None, {}),
        ("GET", "/shares/none", "/shares/{id}", None, {}),
        ("POST", "/uploads", "/uploads", {"filename": "a", "size": 1}, {}),
        ("POST", "/uploads", "/uploads", {"filename": "a", "size": big, "multipart": True, "parts": 2}, {}),
        ("POST", "/uploads", "/uploads", {"filename": "a", "size": 10**13}, {}),
        ("POST", "/uploads", "/uploads", {"filename": "a"}, {}),
        ("POST", "/uploads", "/uploads", {"filename": "a", "size": 1, "folder": "-/"}, {}),
        ("POST", "/uploads/complete", "/uploads/complete", {}, {}),
        ("POST", "/uploads/resume", "/uploads/resume", {}, {}),
        ("POST", "/uploads/abort", "/uploads/abort", {}, {}),
    ):
        answer = cloud.api(method, path, body, **given)
        operation = operations()[described, method.lower()]
        assert problems(operation, answer.status, answer.headers, answer.json) == []
