"""The console on this machine's loopback, with the files, names and headers that it is published with."""

from typing import Any, Self

from onetime_urls.assets.console import Published
from onetime_urls.assets.sources import find_sources
from onetime_urls.protocol.contract.console import CONFIG, ICON, PAGE
from onetime_urls.protocol.pages.console_policy import HEADER_POLICY, page_policy
from onetime_urls.protocol.pages.style import design
from tests.client.servers import Quiet, serving
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

        class Handler(Quiet):
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

        self._serving = serving(Handler)

    def __enter__(self) -> Self:
        self.url = self._serving.__enter__()
        return self

    def __exit__(self, *failure: Any) -> None:
        self._serving.__exit__(*failure)
