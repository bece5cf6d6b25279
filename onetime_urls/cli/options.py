"""Reads what is given on the command line: spans of time, PINs, files."""

import getpass
import os
import re
import stat
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from onetime_urls.cli.failures import Exit, Failure

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_ASKED = "-"


def seconds(text: str) -> int:
    """A span of time such as 90s, 15m, 12h or 7d."""
    found = re.fullmatch(r"([1-9]\d{0,6})([smhd])", text, re.ASCII)
    if found is None:
        raise typer.BadParameter("write it as 90s, 15m, 12h or 7d")
    return int(found[1]) * _UNITS[found[2]]


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[
    str,
    typer.Argument(metavar="ID", help="The id of a link or a share as a list shows it, or the whole URL."),
]
KeyOfShortId = Annotated[
    str | None,
    typer.Option("--key", help="The link's object, for a short ID that wasn't listed here before."),
]


def span(help_: str) -> Any:
    """An option that takes a span of time."""
    return typer.Option(parser=seconds, metavar="TIME", help=help_)


def from_environment(name: str, help_: str) -> Any:
    """An option that can stand in the environment."""
    return typer.Option(envvar=f"ONETIME_{name}", help=help_)


def new_pin(given: str | None) -> str | None:
    """The PIN of a new share: as given, or asked for twice."""
    if given != _ASKED:
        return given
    pin = asked_pin()
    if sys.stdin.isatty() and asked_pin("The PIN again: ") != pin:
        raise Failure("The two differ.", Exit.WRONG_USE)
    return pin


def asked_pin(prompt: str = "PIN: ") -> str:
    """A PIN from the terminal, unseen; where there is none, the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt, stream=sys.stderr)
    pin = sys.stdin.readline().rstrip("\n")
    if not pin:
        raise Failure("There is no terminal to ask for the PIN, and none on standard input.", Exit.WRONG_USE)
    return pin


def check_file(file: Path) -> None:
    """Raise Failure for what can't be shared: it has no size, or a name that nobody could be told."""
    try:
        found = file.stat()
    except OSError as error:
        raise Failure(f"{file} can't be read: {error.strerror}.", Exit.WRONG_USE) from None
    if stat.S_ISDIR(found.st_mode):
        raise Failure(f"{file} is a folder: share an archive of it.", Exit.WRONG_USE)
    if not stat.S_ISREG(found.st_mode):
        raise Failure(f"{file} is a pipe or a device: save it as a file first.", Exit.WRONG_USE)
    if not os.access(file, os.R_OK):
        raise Failure(f"{file} can't be read: Permission denied.", Exit.WRONG_USE)
    check_text(file.name, "The file's name")


def check_text(text: str, what: str) -> str:
    """`text`, if it can be sent. Raises Failure if it is no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Failure(f"{what} isn't valid UTF-8.", Exit.WRONG_USE) from None
    return text
