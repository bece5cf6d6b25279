"""Keeps what a command leaves for the next one: uploads that aren't complete, tickets that aren't spent."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

DAYS = 30
"""After which what was left is of no more use: no share lives longer by default."""


def note(kind: str, about: str) -> Path:
    """The file for one thing, in a folder that nobody else can read (XDG Base Directory Specification).

    Args:
        kind: "upload" or "ticket".
        about: what names the thing. Only its hash is used.
    """
    given = os.environ.get("XDG_STATE_HOME")
    folder = (Path(given) if given else Path.home() / ".local" / "state") / "onetime"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("*-*"):
        with suppress(FileNotFoundError):  # another run was faster
            if left.is_file() and left.lstat().st_mtime < time.time() - DAYS * 86_400:
                left.unlink()
    return folder / f"{kind}-{hashlib.sha256(about.encode()).hexdigest()}"
