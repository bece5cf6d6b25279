"""The link admin on a moto table, and no waiting between the SDK's tries."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from link_admin.handler import admin, handler
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.claims import Claim, cancel_request, claim_request
from tests.clients import kept_clients
from tests.links import make_record
from tests.store.engines import Store, create_table
from tests.store.test_record_rules import fresh_target

TABLE = "OneTimeUrls-links"


class Answer:
    """The function's answer: header names in lower case, the body as JSON."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.status: int = answer["statusCode"]
        self.headers = {name.lower(): value for name, value in answer["headers"].items()}
        self.body: str = answer["body"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class World:
    """A table with links, and the link admin in front of it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def mint(self, key: str = "a.txt", **changed: Any) -> Target:
        target = Target(key, fresh_target().parameters)
        self.store.put(make_record(target, **changed))
        return target

    def claim(self, target: Target, claim_id: str, when: int) -> None:
        claim = Claim(claim_id, when, "203.0.113.7", "curl/8.5.0", "us-east-1")
        self.store.write(claim_request(TABLE, target.signature, target.fingerprint, claim))

    def give_back(self, target: Target, claim_id: str, when: int) -> None:
        self.store.write(cancel_request(TABLE, target.signature, target.fingerprint, claim_id, when))

    def ask(self, path: str, query: str = "", *, method: str = "GET", seconds_left: float = 10.0) -> Answer:
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {},
            "requestContext": {
                "http": {"method": method, "path": path},
                "requestId": "JKJaXmPLvHcESHA=",
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }
        context: Any = SimpleNamespace(
            function_name="OneTimeUrls-admin",
            memory_limit_in_mb=512,
            invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:OneTimeUrls-admin",
            aws_request_id="0b2a1c3d-0000-4000-8000-000000000000",
            get_remaining_time_in_millis=lambda: int(seconds_left * 1000),
        )
        return Answer(handler(event, context))

    def disturb(self, operation: str, fault: Callable[[Any], Any]) -> None:
        """Let `fault` answer every request of an operation, in place of DynamoDB."""
        admin().dynamodb.meta.events.register_first(
            f"before-send.dynamodb.{operation}", lambda request, **_: fault(request)
        )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with (
        mock_aws(),
        kept_clients(),
        patch.dict("os.environ", {"AWS_REGION": "us-east-1", "LINKS_TABLE_NAME": TABLE}),
    ):
        admin.cache_clear()
        yield World(create_table(boto3.client("dynamodb", region_name="us-east-1"), TABLE))
    admin.cache_clear()
