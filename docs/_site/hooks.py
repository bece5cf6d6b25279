"""Puts the repository's own pages into the site, and fails a build whose pages would ask another host.

README, CONTRIBUTING, SECURITY, CHANGELOG and the examples stand where a reader of the repository looks for
them. Here they become pages as well, and a link between any two files of the repository leads to the page, or
to the file, that the site has in its place. What the site doesn't have is left to MkDocs, which warns of it,
and a warning fails the build.
"""

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "LICENSE": "LICENSE.txt",
}
"""Files of the repository's top folder, and what they are called in the site."""

API_PAGE = "reference/api.md"

LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)(?P<path>[^)#\s]+)(?P<anchor>#[^)\s]*)?(?=\))")
"""The target of a Markdown link to a file."""

ASKS = ("src", "srcset", "data", "poster", "xlink:href")
"""Attributes by which a browser asks for something."""

ASKS_BY_HREF = {"base", "feimage", "image", "use"}
"""Elements whose `href` isn't a link to follow but something to ask for, or where to ask."""

ASKING_RELATIONS = {"stylesheet", "preconnect", "dns-prefetch", "preload", "prefetch", "icon", "manifest"}
"""Those of a `<link>`; `canonical`, `next` and the like only tell."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that aren't in docs/."""
    for source, target in _elsewhere().items():
        files.append(File.generated(config, target, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to what the site has in the place of a file."""
    moved = _elsewhere()
    was = {target: source for source, target in moved.items()}.get(
        page.file.src_uri, f"docs/{page.file.src_uri}"
    )

    def led(link: re.Match[str]) -> str:
        aim = posixpath.normpath(posixpath.join(posixpath.dirname(was), link["path"]))
        target = moved.get(aim, aim.removeprefix("docs/"))
        return posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".") + (link["anchor"] or "")

    return LINK.sub(led, markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Set what descriptions in the OpenAPI document have between backticks as code: its tables don't."""
    if page.file.src_uri != API_PAGE:
        return html
    pieces = re.split(r"(<pre.*?</pre>|<code.*?</code>)", html, flags=re.DOTALL)
    return "".join(
        piece if number % 2 else re.sub(r"`([^`<\n]+)`", r"<code>\1</code>", piece)
        for number, piece in enumerate(pieces)
    )


def on_post_build(config: MkDocsConfig) -> None:
    """Look through all pages.

    Raises:
        PluginError: one of them would ask another host.
    """
    for path in sorted(Path(config.site_dir).rglob("*")):
        found = (
            asked(path.read_text("utf-8"), path.suffix) if path.suffix in {".html", ".css", ".svg"} else []
        )
        if found:
            raise PluginError(f"{path.relative_to(config.site_dir)} would ask another host: {found[0]}")


def asked(text: str, suffix: str) -> list[str]:
    """Addresses of other hosts that a browser would ask while it shows an HTML page, a style sheet or a
    picture. What scripts ask for is for a browser to tell: a test opens the site in one."""
    found = re.findall(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')\s]+)", text)
    if suffix != ".css":
        reader = _Reader()
        reader.feed(text)
        found += [each for each in reader.addresses if re.search(r"(?:^|[\s,])(?:https?:)?//", each)]
    return found


class _Reader(HTMLParser):
    """Gathers what elements ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "a":
            self.addresses += [given[name] for name in ASKS if name in given]
        if tag in ASKS_BY_HREF or (tag == "link" and ASKING_RELATIONS & set(given.get("rel", "").split())):
            self.addresses.append(given.get("href", ""))


def _elsewhere() -> dict[str, str]:
    """What the site has from outside of docs/: where it is in the repository, and where in the site."""
    examples = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("examples/*/*.*"))]
    return PAGES | {path: path for path in examples}
