"""The console on this machine's loopback, with the files, names and headers that it is published with."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from onetime_urls.assets.console import Published
from onetime_urls.assets.sources import find_sources
from onetime_urls.protocol.contract.console import CONFIG, ICON, PAGE
from onetime_urls.protocol.pages.console_policy import HEADER_POLICY, page_policy
from onetime_urls.protocol.pages.style import design
from tests.console.fake_api import API, ISSUER, LINKS

TYPES = {"js": "text/javascript", "css": "text/css", "html": "text/html", "svg": "image/svg+xml"}


class Site:
    """A server of static files.

    Attributes:
        url: the console's address, without a slash at its end.
        bucket: the origin that its pages send files to.
    """

    def __init__(self, bucket: str = API) -> None:
        """
        Args:
            bucket: the origin that files are sent to; nowhere else than the API, by default.
        """
        self.bucket = bucket
        published = Published.of(find_sources().console, {"design.css": design().encode()})
        self.files = {f"/{published.address(path)}": content for path, content in published.files.items()}
        page = published.page(page_policy(asked=[API, bucket, f"{ISSUER}/"], shown=LINKS))
        self.files |= {"/": page.encode(), f"/{PAGE}": page.encode(), f"/{CONFIG}": b"{}"}
        if published.icon:
            self.files[f"/{ICON}"] = published.icon.encode()
        files = self.files

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                body = files.get(path)
                self.send_response(200 if body is not None else 404)
                kind = TYPES.get(path.rpartition(".")[2], "text/html" if path == "/" else "application/json")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", HEADER_POLICY)
                self.send_header("X-Content-Type-Options", "nosniff")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
