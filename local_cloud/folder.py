"""One folder per running local cloud (`.local` unless LOCAL_DIR says otherwise): who holds it, what is in it.

The folder is held by a lock on a file in it. The kernel drops that lock with its last holder, so a crash
leaves no lock behind; MiniStack inherits it, so the folder isn't free before everything that writes to it
has ended. Only names from here are ever deleted, and a folder that has other things in it and no lock file
is refused, so that no LOCAL_DIR can cost anybody a file.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from local_cloud.environment import BYTECODE


class FolderRefused(Exception):
    """The folder can't be used, and why, in one line."""


class FolderInUse(FolderRefused):
    """Another local cloud runs on this folder."""


class InstanceFolder:
    """`outputs.json` and `env` for people and tests; `work` for the children; the lock file."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.outputs = self.path / "outputs.json"
        self.shell = self.path / "env"
        self.work = self.path / "work"
        self.lock = self.path / "local-cloud.lock"
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The lock's file descriptor, for a child to inherit. Raises FolderRefused when the folder isn't
        held.
        """
        if self._descriptor is None:
            raise FolderRefused(f"{self.path} isn't held")
        return self._descriptor

    def acquire(self) -> None:
        """Hold the folder and clear what a crash left in it.

        Raises FolderInUse, naming the process that holds it, or FolderRefused.
        """
        try:
            while self._descriptor is None:
                self._descriptor = self._try()
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
            self._clear()
            for name in ("home", "tmp", "logs"):
                (self.work / name).mkdir(parents=True)
        except OSError as error:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None
            raise FolderRefused(f"can't use LOCAL_DIR {self.path}: {error.strerror}") from error

    def _try(self) -> int | None:
        """The locked descriptor, or None when a holder left in between: try again."""
        self._create()
        try:
            descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A holder deletes the file as it leaves, and a lock on a deleted file protects nothing.
            if os.path.samestat(os.fstat(descriptor), self.lock.stat()):
                return descriptor
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            os.close(descriptor)
            raise FolderInUse(
                f"a local cloud already runs on {self.path} (pid {holder}): stop it, or set LOCAL_DIR"
            ) from None
        except FileNotFoundError:
            pass
        os.close(descriptor)
        return None

    def _create(self) -> None:
        self.path.mkdir(mode=0o700, exist_ok=True)
        if any(self.path.iterdir()) and not self.lock.exists():
            raise FolderRefused(f"LOCAL_DIR {self.path} has other files in it: name a new folder")

    def publish(self, outputs: Mapping[str, str], shell: str) -> None:
        """Write both files whole or not at all, readable by their owner only: they carry a secret."""
        self._write(self.shell, shell)
        self._write(self.outputs, json.dumps(outputs, indent=2) + "\n")

    def _write(self, target: Path, text: str) -> None:
        draft = self.work / f"{target.name}.new"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        draft.replace(target)

    def release(self) -> None:
        """Delete what is ours and let go; does nothing when the folder isn't held."""
        if self._descriptor is not None:
            self.remove()
            os.close(self._descriptor)
            self._descriptor = None

    def remove(self) -> None:
        """Delete what is ours, and the folder if nothing else is in it. Only for a process that holds the
        lock.
        """
        self._clear()
        self.lock.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _clear(self) -> None:
        self.outputs.unlink(missing_ok=True)
        self.shell.unlink(missing_ok=True)
        shutil.rmtree(self.work, ignore_errors=True)
        # Python mirrors the paths of what it compiles: this is the bytecode of the functions' unpacked
        # assets.
        bytecode = BYTECODE / self.work.relative_to("/")
        shutil.rmtree(bytecode, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.removedirs(bytecode.parent)
