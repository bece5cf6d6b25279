"""docs/settings.md and the code say the same."""

import dataclasses
from typing import Any

import pytest

from stack.settings import Settings
from tests.stack.synthesis import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text()
HEAD = "| setting | default | must be | meaning |\n| --- | --- | --- | --- |\n"


def shown(default: Any) -> str:
    """A default as an operator would write it."""
    match default:
        case None | ():
            return "none"
        case bool():
            return str(default).lower()
        case tuple():
            return ", ".join(f"`{each}`" for each in default)
        case _:
            return str(default)


def row(declared: Any) -> str:
    about = declared.metadata
    return f"| `{declared.name}` | {shown(declared.default)} | {about['allowed']} | {about['meaning']} |\n"


def test_the_page_has_one_row_for_each_setting_in_the_codes_words_and_order() -> None:
    table = HEAD + "".join(map(row, dataclasses.fields(Settings)))
    assert table in PAGE, f"the table in docs/settings.md should be:\n{table}"


def test_the_page_has_no_row_for_anything_else() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(dataclasses.fields(Settings))


@pytest.mark.parametrize(
    "statement",
    ["aws:SecureTransport", "s3:signatureversion", "BucketOwnerEnforced", "versioning"],
)
def test_the_page_tells_the_owner_of_an_existing_bucket_what_the_stack_cannot_set(statement: str) -> None:
    assert statement in PAGE
