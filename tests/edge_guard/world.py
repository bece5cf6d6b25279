"""AWS for one guard: on loopback, with its links in moto's DynamoDB, failing as a test asks."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from edge_guard.claim import WriteResult
from edge_guard.guard import Guard
from onetime_urls.protocol.links.canonical import Target
from tests.links import NONCE_KEY, TOKEN, viewer_event
from tests.store.engines import Store

NO_ANSWER: tuple[int, dict[str, Any]] = (0, {})
TABLE_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/links"


class Aws(ThreadingHTTPServer):
    """SSM and DynamoDB for one guard; `fail` may answer (status, body) in place of either."""

    def __init__(self, store: Store) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store, self.calls = store, list[str]()
        self.connections = 0
        self.nonce_keys = {"nonce_key": NONCE_KEY.decode()}
        self.fail: Callable[[str], tuple[int, dict[str, Any]] | None] = lambda operation: None

    def get_request(self) -> Any:
        accepted = super().get_request()
        self.connections += 1
        return accepted

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(operation)
        if failure := self.fail(operation):
            return failure
        if operation == "GetParameter":
            assert request == {"Name": "/links/table-arn"}
            configuration = {"table": TABLE_ARN, **self.nonce_keys}
            return 200, {"Parameter": {"Value": json.dumps(configuration)}}
        reply = self.store.write(request | {"TableName": self.store.table})
        if reply.result is WriteResult.APPLIED:
            return 200, {"Attributes": reply.item}
        return 400, {"__type": "aws#ConditionalCheckFailedException"} | (
            {"Item": reply.item} if reply.item else {}
        )


class _Handler(BaseHTTPRequestHandler):
    server: Aws
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, body = self.server.answer(self.headers["x-amz-target"].partition(".")[2], request)
        if status == 0:
            self.close_connection = True
            return
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


def make_guard(
    aws: Aws, *, clock: Callable[[], float], monotonic: Callable[[], float] = time.monotonic
) -> Guard:
    """A new container's guard, in eu-west-1."""
    return Guard(
        parameter="/links/table-arn",
        parameter_region="us-east-1",
        tls=None,
        environ={
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws.server_port}",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_REGION": "eu-west-1",
        },
        clock=clock,
        monotonic=monotonic,
        pause=lambda seconds: None,
    )


def ask(guard: Guard, target: Target, *, left: float = 5.0, **changed: Any) -> dict[str, Any]:
    return guard.handle(viewer_event(target.uri, target.querystring, **changed), lambda: left)


def status(answer: dict[str, Any]) -> str:
    reason: str = answer["headers"]["x-link-status"][0]["value"]
    return f"{answer['status']} {reason}"


def origin_event(
    sent: dict[str, Any], status: str, request_id: str = "r-1", **headers: str | None
) -> dict[str, Any]:
    """The origin-response event for the request that the guard sent on."""
    config = {"eventType": "origin-response", "requestId": request_id}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    listed = {name: [{"key": name, "value": value}] for name, value in named.items() if value is not None}
    response = {"status": status, "headers": listed, "body": TOKEN}
    return {"Records": [{"cf": {"config": config, "request": sent, "response": response}}]}
