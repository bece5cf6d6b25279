"""docs/cli.md is the program's own help."""

from tests.cli.reference import reference
from tests.stack.synthesis import ROOT


def test_the_reference_is_current() -> None:
    page = (ROOT / "docs" / "cli.md").read_text()
    assert page == reference(), "run: python -m tests.cli.reference > docs/cli.md"
