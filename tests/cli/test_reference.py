"""docs/cli.md is the program's own help."""

import re
from typing import Any

import typer.main
from typer.testing import CliRunner

from onetime_urls.cli.commands import app
from tests.cli.reference import reference
from tests.stack.synthesis import ROOT


def test_the_reference_is_current() -> None:
    page = (ROOT / "docs" / "cli.md").read_text()
    assert page == reference(), "run: python -m tests.cli.reference > docs/cli.md"


def test_a_commands_help_names_its_arguments_as_its_sentences_do() -> None:
    program: Any = typer.main.get_command(app)
    for name in program.commands:
        said = CliRunner().invoke(app, [name, "--help"], color=False).output
        [usage] = re.findall(rf"Usage: .* {name} \[OPTIONS\](.*)", said)
        assert usage == usage.upper()
