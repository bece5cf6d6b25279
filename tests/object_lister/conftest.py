"""The object lister on a moto bucket, and no waiting between the SDK's tries."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import boto3
import pytest
from moto import mock_aws

from object_lister.handler import handler, objects
from tests.clients import kept_clients

BUCKET = "example-assets"


class Answer:
    """The function's answer: header names in lower case, the body as JSON."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.status: int = answer["statusCode"]
        self.headers = {name.lower(): value for name, value in answer["headers"].items()}
        self.json: Any = json.loads(answer["body"])


class World:
    """A bucket, and the object lister in front of it.

    Attributes:
        listings: the parameters of each listing that S3 was asked for.
    """

    def __init__(self) -> None:
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.s3.create_bucket(Bucket=BUCKET)
        self.listings: list[dict[str, Any]] = []
        objects().s3.meta.events.register(
            "provide-client-params.s3.ListObjectsV2", lambda params, **_: self.listings.append(params)
        )

    def put(self, *keys: str) -> None:
        for key in keys:
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=b"hello\n")

    def ask(self, raw_query: str = "", *, method: str = "GET", path: str = "/objects") -> Answer:
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": raw_query,
            "headers": {},
            "requestContext": {
                "http": {"method": method, "path": path},
                "requestId": "JKJaXmPLvHcESHA=",
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }
        context: Any = SimpleNamespace(
            function_name="OneTimeUrls-lister",
            memory_limit_in_mb=512,
            invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:OneTimeUrls-lister",
            aws_request_id="0b2a1c3d-0000-4000-8000-000000000000",
            get_remaining_time_in_millis=lambda: 10_000,
        )
        return Answer(handler(event, context))

    def page(self, **query: str | int) -> tuple[list[str], list[str], str | None]:
        """Folders, keys and cursor of one page."""
        answer = self.ask(urlencode(query))
        assert answer.status == 200, answer.json
        return (
            answer.json["folders"],
            [each["key"] for each in answer.json["objects"]],
            answer.json.get("next"),
        )

    def all_names(self, limit: int = 1000, **query: str) -> list[str]:
        """The names on all pages, each page's in order."""
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            folders, keys, following = self.page(limit=limit, **query, **cursor)
            assert len(folders) + len(keys) <= limit
            found += sorted(folders + keys)
            if following is None:
                return found
            cursor = {"next": following}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    variables = {"BUCKET_NAME": BUCKET, "BUCKET_REGION": "us-east-1"}
    objects.cache_clear()
    with mock_aws(), kept_clients(), patch.dict("os.environ", variables):
        yield World()
    objects.cache_clear()
