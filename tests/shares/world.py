"""The share admin and the page of one deployment on moto, with a clock to turn, and visitors with cookies."""

import base64
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import boto3
from moto import mock_aws

from onetime_urls.protocol.contract.headers import SHARE_ORIGIN_HEADER, TICKET_COOKIE
from onetime_urls.protocol.shares import pin
from share_admin import handler as admin_handler
from share_page import app as page_app
from share_page import handler as page_handler
from tests.clients import kept_clients
from tests.store.engines import create_shares_table, create_table
from tests.url_issuer.world import Answer, context, put_parameter

BUCKET, LINKS, SHARES = "example-assets", "OneTimeUrls-links", "OneTimeUrls-shares"
BASE_URL = "https://d111111abcdef8.cloudfront.net"
SECRET = "only-the-distribution-knows-this-one-of-48-chars"
ROLE = "arn:aws:iam::123456789012:role/OneTimeUrls"
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "BUCKET_NAME": BUCKET,
    "BUCKET_REGION": "us-east-1",
    "LINKS_PARAMETER_NAME": "/onetime-urls/us-east-1/OneTimeUrls/links-table",
    "LINKS_TABLE_NAME": LINKS,
    "SHARES_TABLE_NAME": SHARES,
    "LINK_BASE_URL": BASE_URL,
    "MAX_SHARE_DAYS": "30",
    "MAX_DOWNLOADS": "20",
    "MAX_UPLOAD_BYTES": str(10 * 2**30),
    "ORIGIN_DOMAIN": f"{BUCKET}.s3.us-east-1.amazonaws.com",
    "ORIGIN_SECRET": SECRET,
    "RECORD_RETENTION_SECONDS": "86400",
    "RESUME_SECONDS": "900",
    "MAX_RESUME_FACTOR": "4",
    "SIGNER_ROLE_ARN": f"{ROLE}-signer",
    "UNIFORM_ANSWERS": "false",
    "UPLOAD_FOLDERS": "uploads/,private/",
    "UPLOAD_TYPES": "*/*",
    "UPLOADER_ROLE_ARN": f"{ROLE}-uploader",
}
FORM = "application/x-www-form-urlencoded"


def event(
    method: str,
    path: str,
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    cookies: list[str] | None = None,
    body: str | bytes = "",
    parameters: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A request in payload format 2.0. Bytes go as Base64, as API Gateway sends what isn't text."""
    encoded = isinstance(body, bytes)
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers or {},
        "pathParameters": parameters or {},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "isBase64Encoded": encoded,
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
    }
    if cookies:
        made["cookies"] = cookies
    return made


def _answer(raw: dict[str, Any]) -> Answer:
    headers = {name.lower(): str(value) for name, value in raw["headers"].items()}
    if raw.get("cookies"):
        headers["set-cookie"] = raw["cookies"][0]
    return Answer(raw["statusCode"], headers, raw["body"])


@dataclass
class World:
    """One deployment.

    Attributes:
        calls: the AWS API actions that the page's function has called.
        ahead: seconds that the deployment's clock is ahead of this machine's.
    """

    s3: Any
    dynamodb: Any
    calls: list[str] = field(default_factory=list)
    ahead: float = 0

    def now(self) -> float:
        return time.time() + self.ahead

    def put(self, key: str, body: bytes = b"hello\n", **extra: Any) -> Any:
        return self.s3.put_object(Bucket=BUCKET, Key=key, Body=body, **extra)

    def api(self, method: str, path: str, body: Any = None, **given: Any) -> Answer:
        headers = {"content-type": given.pop("content_type", "application/json")}
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        raw = admin_handler.handler(
            event(method, path, headers=headers, body="" if body is None else text, **given), context()
        )
        return _answer(raw)

    def share(self, **wanted: Any) -> Any:
        """The JSON of a new share, of an object that is made if none is named."""
        if "key" not in wanted:
            wanted["key"] = "reports/q1.pdf"
            self.put(wanted["key"])
        answer = self.api("POST", "/shares", wanted)
        assert answer.status == 201, answer.body
        return answer.json

    def shown(self, share: Any) -> Any:
        """The share as the API shows it now."""
        return self.api("GET", f"/shares/{share['id']}").json

    def page(self, method: str, share_id: str, *, secret: str = SECRET, **given: Any) -> Answer:
        headers = {
            SHARE_ORIGIN_HEADER: secret,
            "cloudfront-viewer-address": "198.51.100.10:46532",
            "user-agent": "Test/1",
        } | given.pop("headers", {})
        raw = page_handler.handler(
            event(method, f"/-/{share_id}", headers=headers, parameters={"id": share_id}, **given), context()
        )
        return _answer(raw)

    def link_of(self, location: str) -> Any:
        """The record of the one-time link in a Location."""
        signature = re.search("X-Amz-Signature=([0-9a-f]{64})", location)
        assert signature
        return self.dynamodb.get_item(TableName=LINKS, Key={"signature": {"S": signature[1]}})["Item"]

    def claim(self, location: str) -> None:
        """Use a one-time link up, as the guard does."""
        self.dynamodb.update_item(
            TableName=LINKS,
            Key={"signature": self.link_of(location)["signature"]},
            UpdateExpression="SET claims.#id = :claim",
            ExpressionAttributeNames={"#id": "request"},
            ExpressionAttributeValues={":claim": {"M": {"when": {"N": "1"}}}},
        )


@dataclass
class Visitor:
    """A browser that keeps its ticket and sends what a browser sends."""

    world: World
    share_id: str
    cookie: str | None = None
    ticket: str | None = None

    def look(self) -> Answer:
        answer = self.world.page("GET", self.share_id, headers={"accept": "text/html"}, cookies=self._jar)
        return self._keep(answer)

    def press(self, *, pin: str | None = None, **headers: str) -> Answer:
        """Send the form of the page that was shown last."""
        fields = {"ticket": self.ticket or ""} | ({} if pin is None else {"pin": pin})
        sent = {
            "accept": "text/html",
            "content-type": FORM,
            "sec-fetch-site": "same-origin",
            "origin": "null",
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.world.page(
            "POST", self.share_id, headers=sent | named, cookies=self._jar, body=urlencode(fields).encode()
        )
        return self._keep(answer)

    @property
    def _jar(self) -> list[str]:
        return [] if self.cookie is None else [f"{TICKET_COOKIE}={self.cookie}"]

    def _keep(self, answer: Answer) -> Answer:
        if found := re.match(rf"{TICKET_COOKIE}=([\w-]{{22}}); ", answer.headers.get("set-cookie", "")):
            self.cookie = found[1]
        if found := re.search(r'name="ticket" value="([\w-]{22})"', answer.body):
            self.ticket = found[1]
        return answer


def link_in(answer: Answer) -> str:
    """The one-time link that an answer leads to, a browser by its page and a program by its `Location`; empty
    if there is none."""
    refresh = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', answer.body)
    return unescape(refresh[1]) if refresh else answer.headers.get("location", "")


@contextmanager
def world(*, versioned: bool = True, **environment: str) -> Iterator[World]:
    caches = (
        admin_handler.settings,
        admin_handler.admin,
        admin_handler.uploads,
        page_app.settings,
        page_app.handover,
        page_app.brand,
    )
    # A PIN's hash is dear so that guessing is; `test_share_pin` holds it to what it should cost.
    with (
        mock_aws(),
        kept_clients(),
        patch.dict("os.environ", ENVIRONMENT | environment),
        patch.object(pin, "_COST", 2),
    ):
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        if versioned:
            s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        create_table(dynamodb, LINKS)
        put_parameter(ENVIRONMENT["LINKS_PARAMETER_NAME"])
        create_shares_table(dynamodb, SHARES)
        for cached in caches:
            cached.cache_clear()
        made = World(s3, dynamodb)
        handover = replace(page_app.handover(), now=made.now, pause=lambda _: None)
        admin = replace(admin_handler.admin(), now=made.now)
        for client in (handover.issuer.s3, handover.issuer.sts, handover.store.dynamodb):
            client.meta.events.register("before-call", lambda model, **_: made.calls.append(model.name))
        with (
            patch.object(page_app, "handover", lambda: handover),
            patch.object(admin_handler, "admin", lambda: admin),
        ):
            yield made
    for cached in caches:
        cached.cache_clear()
