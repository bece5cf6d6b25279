"""Servers on loopback that say what a test has them say."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


class Quiet(http.server.BaseHTTPRequestHandler):
    """A server that leaves the test's output alone."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            with suppress(OSError):  # wakes the thread, where the system lets it
                server.socket.shutdown(socket.SHUT_RDWR)
            server.shutdown()
            thread.join()


@dataclass
class Asked:
    """One request that a server got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Script:
    """What a server answers, in this order, and what it was asked."""

    answers: list[tuple[int, Any]]
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def answering(*answers: tuple[int, Any]) -> Iterator[tuple[str, list[Asked]]]:
    """The address of a server that gives these answers (status and JSON, or bytes), and what it is asked."""
    script = Script(list(answers))

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"  # lets a client that asks send its body at once

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append(Asked(self.command, self.path, headers, body))
            status, said = script.answers.pop(0)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", '"tag"')
            self.send_header("Connection", "close")
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

    with serving(Handler) as address:
        yield address, script.asked
