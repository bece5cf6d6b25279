"""An issuer on loopback, and a guard that trusts it; nothing is mocked but the clock."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from common.edge.fetch import fetch
from onetime_urls.protocol.private_assets import GuardSettings
from onetime_urls.protocol.rules import Rule, Rules
from onetime_urls.protocol.tokens.claims import Issuer
from tests.links import viewer_event
from tests.tokens import CLIENT, NOW, SigningKey, key_set
from token_guard.guard import Guard

RULES = Rules((Rule("shared/*"), Rule("finance/*", ("finance",)), Rule("users/{sub}/*")))
KEYS, METADATA = "/pool/keys", "/pool/.well-known/openid-configuration"


class IssuerServer(ThreadingHTTPServer):
    """An issuer: publishes documents, and notes which were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = list[str]()
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.url = f"{self.base}/pool"
        metadata = {"issuer": self.url, "jwks_uri": f"{self.base}{KEYS}"}
        self.documents: dict[str, tuple[int, bytes]] = {
            KEYS: (200, key_set(SigningKey())),
            METADATA: (200, json.dumps(metadata).encode()),
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A guard that hung up is what some tests are about."""

    def token(self, key: SigningKey | None = None, **changed: Any) -> str:
        """A good token of this issuer, but for what is `changed`."""
        return (key or SigningKey()).token(**{"iss": self.url} | changed)

    def trusted(self, **changed: Any) -> Issuer:
        fields: dict[str, Any] = {"token_use": ("id",), "keys_url": f"{self.base}{KEYS}", "local": True}
        return Issuer(self.url, (CLIENT,), **fields | changed)


class _Handler(BaseHTTPRequestHandler):
    server: IssuerServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, body = self.server.documents.get(self.path, (404, b"{}"))
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", f"{self.server.base}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class Clock:
    """Both clocks of a guard, moved by hand."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


def make_guard(issuer: IssuerServer, clock: Callable[[], float] | None = None, **changed: Any) -> Guard:
    """A new container's guard, warmed as Lambda would."""
    moved = clock or Clock()
    issuers = changed.pop("issuers", None) or (issuer.trusted(),)
    fields: dict[str, Any] = {"issuers": issuers, "rules": RULES}
    settings = GuardSettings(**fields | changed)
    guard = Guard(lambda: settings, fetch, clock=moved, monotonic=moved)
    guard.warm()
    return guard


def ask(guard: Guard, uri: str = "/shared/logo.png", query: str = "", **headers: str) -> dict[str, Any]:
    """What a guard answers to a viewer request; `method` may be given among the headers."""
    return guard.handle(viewer_event(uri, query, **headers), lambda: 5.0)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def verdict(answer: dict[str, Any]) -> str:
    """`allowed` for a request that goes on; else the status, with the error that the challenge names."""
    if "uri" in answer:
        return "allowed"
    challenge = value(answer, "www-authenticate")
    error = challenge.partition('error="')[2].partition('"')[0]
    return f"{answer['status']} {error}".strip()


def value(answer: dict[str, Any], name: str) -> str:
    """A header of an answer; empty if it has none."""
    return ", ".join(entry["value"] for entry in answer["headers"].get(name, ()))
