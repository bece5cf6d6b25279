"""What the console serves of others: files of the packages that the lock file pins, byte for byte."""

import json
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_VENDOR = _ROOT / "console/vendor"
_PACKAGES = _ROOT / "node_modules"

_COPIES = {
    "preact.js": "htm/preact/standalone.module.js",
    "oauth4webapi.js": "oauth4webapi/build/index.js",
    "uqr.js": "uqr/dist/index.mjs",
    "htm.LICENSE": "htm/LICENSE",
    "preact.LICENSE": "preact/LICENSE",
    "oauth4webapi.LICENSE": "oauth4webapi/LICENSE.md",
    "uqr.LICENSE": "uqr/LICENSE",
}


@pytest.mark.parametrize("copy", _COPIES)
def test_a_vendored_file_is_its_packages_own(copy: str) -> None:
    assert (_VENDOR / copy).read_bytes() == (_PACKAGES / _COPIES[copy]).read_bytes()


def test_nothing_else_is_vendored_but_types() -> None:
    assert {path.name for path in _VENDOR.iterdir() if path.suffixes != [".d", ".ts"]} == set(_COPIES)


def test_each_package_is_pinned_by_its_hash_and_without_a_registry() -> None:
    locked = json.loads((_ROOT / "package-lock.json").read_text())["packages"]
    for name in {source.partition("/")[0] for source in _COPIES.values()}:
        entry = locked[f"node_modules/{name}"]
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry
