"""Writes what is nobody's business but its owner's: notes of what isn't complete, and ids."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
