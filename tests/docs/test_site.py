"""The site is whole, and asks no other host for anything."""

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.stack.synthesis import ROOT

DOCS = ROOT / "docs"


def build(checkout: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site, as `make docs` does."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", site],
        cwd=checkout,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def hooks() -> Any:
    """The site's own code, which is in no package."""
    spec = spec_from_file_location("hooks", DOCS / "_site" / "hooks.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_site_has_constructs_client_command_and_api(site: Path) -> None:
    def page(name: str) -> str:
        return (site / name).read_text()

    assert "record_retention" in page("reference/constructs.html")
    assert "grant_manage" in page("reference/constructs.html")
    assert "from_outputs" in page("reference/client.html")
    assert "onetime share FILE" in page("cli.html")
    assert "DELETE /links/{id}" in re.sub("<[^>]+>", "", page("reference/api.html"))


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    """Of a site of few pages, which is built as the whole one is, and has nothing else amiss."""
    for folder in ("docs", "examples", "onetime_urls"):
        (tmp_path / folder).mkdir()
    (tmp_path / "docs" / "_site").symlink_to(DOCS / "_site")
    pages = dict.fromkeys((*hooks().PAGES, "docs/client.md"), "# A page")
    pages["mkdocs.yml"] = (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[0]
    pages["docs/settings.md"] = (
        "[no page](nowhere.md), [no heading](client.md#nowhere), [not in the site](../stack/values.py)"
    )
    for name, text in pages.items():
        (tmp_path / name).write_text(text)
    done = build(tmp_path, tmp_path / "built")
    assert done.returncode != 0
    assert done.stderr.count("'settings.md' contains a link") == 3
    assert done.stderr.count("WARNING") == 3


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('<script src="https://unpkg.example/x.js"></script>', ".html"),
        ('<link rel="preconnect" href="//fonts.example">', ".html"),
        ('<img alt="" src="http://tracker.example/x.png">', ".html"),
        ('<img alt="" src="x.png" srcset="x.png 1x, https://tracker.example/x.png 2x">', ".html"),
        ('<object data="//pictures.example/x.svg"></object>', ".html"),
        ('<p style="background: url(https://tracker.example/x.png)">', ".html"),
        ("@font-face {src: url(https://fonts.example/x.woff2)}", ".css"),
        ('@import "//fonts.example/x.css";', ".css"),
        ('<svg><image href="https://pictures.example/x.png"/></svg>', ".svg"),
    ],
)
def test_a_page_that_would_ask_another_host_fails_the_build(text: str, suffix: str) -> None:
    assert hooks().asked(text, suffix)


def test_a_page_may_link_to_another_host() -> None:
    assert not hooks().asked('<a href="https://docs.example/">their documentation</a>', ".html")


def test_a_browser_that_reads_and_searches_the_site_asks_no_other_host(served: str) -> None:
    asked: list[str] = []
    with chromium() as browser:
        context = browser.new_context()
        context.on("request", lambda request: asked.append(request.url))
        for name in ("index", "share-links", "constructs", "reference/api", "reference/constructs"):
            page = context.new_page()
            page.goto(f"{served}/{name}.html")
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        page.locator("[data-md-component=search-query]").click()
        page.keyboard.type("claim token")
        page.locator(".md-search-result__link").first.wait_for()
    assert any("search_index" in url for url in asked)
    assert [url for url in asked if not url.startswith((f"{served}/", "data:", "blob:"))] == []


def test_every_picture_is_drawn_from_its_text_as_it_is_now() -> None:
    texts = sorted((DOCS / "diagrams").glob("*.d2"))
    assert texts
    for text in texts:
        picture = (DOCS / "images" / text.name).with_suffix(".svg").read_text()
        digest = hashlib.sha256(text.read_bytes()).hexdigest()
        assert re.match(f"<!-- drawn from {text.name}, {digest} -->", picture), f"make docs draws {text.name}"
        assert "prefers-color-scheme:dark" in picture.replace(" ", "")
