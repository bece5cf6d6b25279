"""Keeps what a command leaves for the next one: what isn't complete, and ids that were shown.

It lies in a folder that is made unreadable to others (XDG Base Directory Specification). Where there is none
to be had, because the home can't be written or others can write there, commands do without: what they do is
done, and can't be gone on with.
"""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from onetime_urls.cli.failures import Failure

DAYS = 30
"""After which what was left is of no more use: no share lives longer by default."""


def note(kind: str, about: str) -> Path | None:
    """The file for one thing; None if there is no place for it.

    Args:
        kind: "upload", "download", or "ids".
        about: what names the thing. Only its hash is used.
    """
    folder = _folder()
    return (
        None
        if folder is None
        else folder / f"{kind}-{hashlib.sha256(about.encode(errors='replace')).hexdigest()}"
    )


@contextmanager
def held(kept: Path | None) -> Iterator[None]:
    """Hold a thing while it is worked on. The kernel lets go with the process.

    Raises:
        Failure: another run of the command holds it.
    """
    if kept is None:
        yield
        return
    lock = kept.with_name(f"lock-{kept.name}")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(descriptor, lock):
            raise Failure("Another onetime is busy with this just now.")
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, lock: Path) -> bool:
    """Whether we hold the lock now. A holder deletes the file as it leaves, and a lock on a deleted file
    protects nothing."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), lock.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _folder() -> Path | None:
    given = os.environ.get("XDG_STATE_HOME", "")
    try:
        base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
        folder = base / "onetime"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK) or not _is_private(folder):
            return None
        _sweep(folder)
    except (OSError, RuntimeError):  # a home that isn't there, can't be written, or isn't known
        return None
    return folder


def _is_private(folder: Path) -> bool:
    """Whether it is ours, and nobody else can put notes there. What is noted is gone on with."""
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _sweep(folder: Path) -> None:
    for left in folder.glob("*-*"):
        with suppress(FileNotFoundError):  # another run was faster
            if left.is_file() and left.lstat().st_mtime < time.time() - DAYS * 86_400:
                left.unlink()
