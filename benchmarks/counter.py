"""A reverse proxy on loopback that counts the AWS calls which go through it."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CallCounter(ThreadingHTTPServer):
    """Counts calls by operation and passes them on to `upstream` (host:port)."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.upstream, self.calls = upstream, Counter[str]()


class _Forward(BaseHTTPRequestHandler):
    server: CallCounter
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.server.calls[self.headers["x-amz-target"].rpartition(".")[2]] += 1
        body = self.rfile.read(int(self.headers["content-length"]))
        upstream = http.client.HTTPConnection(self.server.upstream)
        upstream.request("POST", self.path, body, dict(self.headers))
        response = upstream.getresponse()
        payload = response.read()
        upstream.close()
        self.send_response(response.status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the benchmark's output to its table."""


@contextmanager
def counting(upstream: str) -> Iterator[CallCounter]:
    with CallCounter(upstream) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()
