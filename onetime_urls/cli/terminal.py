"""Writes to the terminal: results to standard output, everything else to standard error."""

import json
import sys
from typing import Any

from onetime_urls.cli.words import plain


def out(text: object) -> None:
    """One line of a result."""
    sys.stdout.write(f"{plain(text)}\n")


def err(text: object) -> None:
    """One line for the person at the terminal."""
    sys.stdout.flush()
    sys.stderr.write(f"{plain(text)}\n")
    sys.stderr.flush()


def tell_version() -> None:
    """The installed version."""
    from importlib.metadata import version

    out(version("onetime-urls"))


def out_json(found: Any) -> None:
    """A result for programs, in ASCII."""
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
