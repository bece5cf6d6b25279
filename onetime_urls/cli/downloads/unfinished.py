"""What is noted of a download that isn't complete, so that the next run goes on with it.

Before a share is asked that is a ticket: asking again with it, after a lost answer or in another run, uses
up nothing more. Once the link's first answer is there, it is the link, the lease that came with it, and the
file so far. All of it opens something, so the note is its owner's only, and goes when the lease ends or the
file is whole.
"""

import json
import re
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

from onetime_urls.client.private_files import write_privately

PREFIX, SUFFIX = ".onetime-", ".part"
"""Of the name that a file has until it is whole."""

_TICKET = re.compile(r"[\w-]{22}", re.ASCII)


@dataclass(slots=True)
class Unfinished:
    """One download.

    Attributes:
        ticket: what a share is asked with, 22 characters.
        link: the one-time link; empty before its first answer.
        lease: the lease token, as the Cookie header that shows it; empty where the link needs none.
        ends: epoch seconds until which the link lets the download go on.
        partial: the file so far.
        size: bytes of the whole file.
        disposition, checksum: the first answer's headers: what the file is called, and its SHA-256.
    """

    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    link: str = field(default="", repr=False)
    lease: str = field(default="", repr=False)
    ends: int = 0
    partial: str = ""
    size: int = 0
    disposition: str = ""
    checksum: str = ""

    @classmethod
    def read(cls, kept: Path | None) -> Self:
        """What an earlier run noted, or a new download. A note that isn't one counts as none."""
        new = cls()
        if kept is None or kept.is_symlink():
            return new
        try:
            found = json.loads(kept.read_text(encoding="utf-8"))
            noted = cls(**{each.name: found[each.name] for each in fields(cls)})
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return new
        right = all(type(getattr(noted, each.name)) is type(getattr(new, each.name)) for each in fields(cls))
        return noted if right and _TICKET.fullmatch(noted.ticket) else new

    def write(self, kept: Path | None) -> None:
        """Note it, readable by its owner only."""
        if kept is not None:
            write_privately(kept, json.dumps(asdict(self)))

    def goes_on(self, now: float) -> bool:
        """Whether there is a file so far, and time to go on with it."""
        return bool(self.link) and self.ends > now and Path(self.partial).is_file()

    def drop(self, kept: Path | None) -> None:
        """Forget it, and delete the file so far."""
        partial = Path(self.partial)
        if self.partial and partial.name.startswith(PREFIX):
            with suppress(OSError):
                partial.unlink()
        if kept is not None:
            kept.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Drop the downloads that nobody can go on with any more: their leases have ended."""
    for kept in folder.glob("download-*"):
        noted = Unfinished.read(kept)
        if noted.link and noted.ends <= time.time():
            noted.drop(kept)
