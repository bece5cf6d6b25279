"""How large the console's scripts are as they are published, and what the page names of them."""

import gzip
import re
from pathlib import Path

import pytest

from onetime_urls.assets import Incomplete
from onetime_urls.assets.bundle import packed
from onetime_urls.assets.sources import find_sources
from onetime_urls.protocol.contract.console import PAGE, PLACEHOLDER

_ALLOWED = 60 * 1000
_FIRST = 30 * 1000


def _size(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def test_all_scripts_in_both_languages_come_to_sixty_kilobytes_at_most() -> None:
    scripts = {path: content for path, content in find_sources().console.items() if path.endswith(".js")}
    sizes = {path: _size(content) for path, content in scripts.items()}
    assert sum(sizes.values()) <= _ALLOWED, sizes


def test_the_page_names_what_its_script_imports_and_that_is_small() -> None:
    console = find_sources().console
    page = console[PAGE].decode()
    named = set(re.findall(rf'(?:src|href)="{PLACEHOLDER}(app/[^"]+)"', page))
    main = console["app/main.js"].decode()
    imported = set(re.findall(r'(?:from|import)"\./([^"]+)"', main))
    assert named == {"app/main.js"} | {f"app/{name}" for name in imported}
    assert sum(_size(console[path]) for path in named) <= _FIRST


def test_licences_of_what_is_packed_are_published_and_sources_of_it_are_not() -> None:
    console = find_sources().console
    assert {path for path in console if path.startswith("vendor/")} == {
        f"vendor/{name}.LICENSE" for name in ("htm", "oauth4webapi", "preact", "uqr")
    }
    assert not [path for path in console if path.endswith(".ts")]


def test_without_esbuild_the_modules_go_out_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "console").symlink_to(Path(__file__).parents[2] / "console")
    plain = packed(tmp_path)
    assert plain["app/main.js"] == (tmp_path / "console/app/main.js").read_bytes()
    assert plain[PAGE] == (tmp_path / "console" / PAGE).read_bytes()
    assert not [path for path in plain if path.endswith(".d.ts")]


def test_a_console_without_its_page_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "console").mkdir()
    with pytest.raises(Incomplete, match="index"):
        packed(tmp_path)


def test_a_module_that_cannot_be_packed_is_told(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(Path(__file__).parents[2] / "node_modules")
    (tmp_path / "console/app").mkdir(parents=True)
    (tmp_path / "console" / PAGE).write_text("")
    (tmp_path / "console/app/main.js").write_text('import "./missing.js";')
    with pytest.raises(Incomplete, match=r"missing\.js"):
        packed(tmp_path)
