"""A deployment of the issuer on moto, and requests as the HTTP API sends them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core.models import botocore_stubber

from onetime_urls.protocol.links.canonical import Target, parse_target
from onetime_urls.protocol.links.rules import Item
from tests.links import NONCE_KEY
from tests.store.engines import create_table
from url_issuer.handler import handler, issuer, settings
from url_issuer.settings import Settings

BUCKET = "example-assets"
TABLE = "OneTimeUrls-links"
BASE_URL = "https://d111111abcdef8.cloudfront.net"
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "BUCKET_NAME": BUCKET,
    "DEFAULT_LIFETIME_SECONDS": "900",
    "LINKS_PARAMETER_NAME": "/onetime-urls/us-east-1/OneTimeUrls/links-table",
    "LINKS_TABLE_NAME": TABLE,
    "LINK_BASE_URL": BASE_URL,
    "MAX_CLAIMS": "10",
    "MAX_LIFETIME_SECONDS": "3600",
    "MAX_RESUME_FACTOR": "4",
    "MAX_RESUME_SECONDS": "900",
    "ORIGIN_DOMAIN": f"{BUCKET}.s3.us-east-1.amazonaws.com",
    "RECORD_RETENTION_SECONDS": "86400",
    "SIGNER_ROLE_ARN": "arn:aws:iam::123456789012:role/OneTimeUrls-signer",
}
CLIENT_OF = {"HeadObject": "s3", "GetParameter": "ssm", "AssumeRole": "sts", "PutItem": "dynamodb"}
"""The client of each action that a mint calls."""

operations = pytest.mark.parametrize("operation", CLIENT_OF)

Log = Callable[[], list[dict[str, Any]]]
"""The fixture `log`: the lines that were logged so far."""

SETTINGS = Settings.from_environment(ENVIRONMENT)


def context(seconds_left: float = 10.0) -> Any:
    """What Lambda tells the function about one invocation."""
    return SimpleNamespace(
        function_name="OneTimeUrls-issuer",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:OneTimeUrls-issuer",
        aws_request_id="0b2a1c3d-0000-4000-8000-000000000000",
        get_remaining_time_in_millis=lambda: int(seconds_left * 1000),
    )


@dataclass(frozen=True)
class Answer:
    """The function's answer: header names in lower case, the body as text."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def event(
    raw_query: str, *, method: str = "GET", path: str = "/get-url", accept: str | None = None
) -> dict[str, Any]:
    """A request in payload format 2.0, as in the API Gateway Developer Guide."""
    return {
        "version": "2.0",
        "routeKey": "GET /get-url",
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": {"host": "api.example.com", **({} if accept is None else {"accept": accept})},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "GET /get-url",
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }


@dataclass
class Deployment:
    """The issuer with its bucket, table and roles.

    Attributes:
        calls: the AWS API actions that the issuer has called.
    """

    s3: Any
    dynamodb: Any
    calls: list[str] = field(default_factory=list)
    _hooks: list[tuple[Any, str, Any]] = field(default_factory=list)

    def reset(self) -> None:
        """Forget records, calls, session, the key of nonces and every hook, but keep the clients."""
        for record in self.records():
            self.dynamodb.delete_item(TableName=TABLE, Key={"signature": record["signature"]})
        for client, event_name, hook in self._hooks:
            client.meta.events.unregister(event_name, hook)
        self._hooks.clear()
        self.calls.clear()
        issuer()._session = issuer()._nonce_key = None

    def hook(self, client: Any, event_name: str, hook: Callable[..., Any]) -> None:
        """Call `hook` first at one of botocore's events, until `reset`."""
        client.meta.events.register_first(event_name, hook)
        self._hooks.append((client, event_name, hook))

    def disturb(self, operation: str, *replies: Callable[[Any], Any] | Exception) -> None:
        """Answer the next requests of `operation` with `replies` in turn, and later ones as usual.

        An exception is what the SDK sees instead of a reply; a function makes the reply.
        """
        waiting = list(replies)

        def answer(request: Any, **_: Any) -> Any:
            if not waiting:
                return None
            reply = waiting.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply(request)

        service = CLIENT_OF[operation]
        self.hook(getattr(issuer(), service), f"before-send.{service}.{operation}", answer)

    def ask(self, raw_query: str, *, seconds_left: float = 10.0, **request: Any) -> Answer:
        answer = handler(event(raw_query, **request), context(seconds_left))
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(answer["statusCode"], headers, answer["body"])

    def mint(self, key: str, **parameters: Any) -> Any:
        """The JSON of a link for an object, which is made if need be."""
        self.put(key)
        answer = self.ask(urlencode({"key": key, **parameters}))
        assert answer.status == 200, answer.body
        return answer.json

    def put(self, key: str, body: bytes = b"hello\n", **extra: Any) -> Any:
        return self.s3.put_object(Bucket=BUCKET, Key=key, Body=body, **extra)

    def records(self) -> list[Item]:
        items: list[Item] = self.dynamodb.scan(TableName=TABLE)["Items"]
        return items


@contextmanager
def deployment(*, versioned: bool = True) -> Iterator[Deployment]:
    with mock_aws(), patch.dict("os.environ", ENVIRONMENT):
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        if versioned:
            s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        create_table(dynamodb, TABLE)
        put_parameter(ENVIRONMENT["LINKS_PARAMETER_NAME"])
        settings.cache_clear()
        issuer.cache_clear()
        made = Deployment(s3, dynamodb)
        for client in (issuer().s3, issuer().sts, issuer().dynamodb):
            client.meta.events.register("before-call", lambda model, **_: made.calls.append(model.name))
        yield made
    settings.cache_clear()
    issuer.cache_clear()


def put_parameter(name: str) -> None:
    """The edge guard's parameter, with the key of nonces."""
    value = json.dumps({"table": "arn", "nonce_key": NONCE_KEY.decode()})
    boto3.client("ssm", region_name="us-east-1").put_parameter(Name=name, Value=value, Type="String")


def lose_reply(request: Any) -> Any:
    """Let the service do what it was asked, and lose its reply."""
    botocore_stubber(event_name="before-send", request=request)
    raise ReadTimeoutError(endpoint_url=request.url)


def reply(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], AWSResponse]:
    """A reply of the service's, which moto doesn't get to see the request of."""

    class Raw:
        """The one way in which botocore reads a body."""

        def stream(self, **_: Any) -> Iterator[bytes]:
            yield body

    def answer(request: Any) -> AWSResponse:
        request.url = "https://not-for-moto.invalid/"
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), Raw())

    return answer


def target_of(url: str) -> Target:
    """What the guard reads in a link."""
    assert url.startswith(BASE_URL + "/")
    path, _, query = url.removeprefix(BASE_URL).partition("?")
    return parse_target(path, query)


def assert_unavailable(answer: Answer) -> None:
    """Nothing was handed out, and the caller is asked to come back."""
    assert answer.status == 503, answer.body
    assert answer.json.keys() == {"error", "message"}
    assert answer.json["error"] == "unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert "X-Amz" not in answer.body
