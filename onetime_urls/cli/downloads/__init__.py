"""Downloads a link or a share: into a file beside its place first, checked, and only then under its name.

A run that can't end what it began keeps the file so far and the lease, if the link gave one, and says so: the
same command goes on, until the lease ends. Whatever ends a run (a full disk, a broken connection, Ctrl-C,
SIGTERM) is handled alike. Where nothing can be gone on with, nothing is left behind.
"""

import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from onetime_urls.cli import state, words
from onetime_urls.cli.downloads import saving, share_page
from onetime_urls.cli.downloads.fetch import Over, Progress, Told, begin, fetch
from onetime_urls.cli.downloads.unfinished import PREFIX, SUFFIX, Unfinished, sweep
from onetime_urls.cli.downloads.web import Unreached, check, number, query_of
from onetime_urls.cli.failures import Ended, Exit, Failure
from onetime_urls.client.addresses import read_address
from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.links.canonical import SIZE_PARAMETER

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file on this disk.

    Attributes:
        path: where it is; "-" if it went to standard output.
        size: bytes.
        sha256: of its content, hex.
        checked: whether the sender's checksum was there to hold it against.
    """

    path: str
    size: int
    sha256: str
    checked: bool


def download(
    url: str, output: str, *, force: bool, ask_pin: Callable[[str], str], progress: Progress
) -> Downloaded:
    """Fetch what is behind a one-time link, or behind a share's page.

    Args:
        output: a folder, a file, or "-" for standard output.
        force: whether a file that is there may be replaced.
        ask_pin: called with what the page says of the PIN before, if a share needs one.

    Raises:
        Failure: it can't be had, is damaged, or would replace a file. The sentence says what was kept.
    """
    check(url)
    kept = state.note("download", url)
    if kept is not None:
        sweep(kept.parent)
    with state.held(kept):
        noted = kept is not None and kept.is_file()
        work = _Work(url, kept, Unfinished.read(kept), ask_pin, progress, asked=noted)
        if output == STDOUT:
            return work.run(_Stream())
        folder, name = saving.target(output)
        if name and not force and (folder / name).exists():
            raise Failure(f"{name} is there already: --force replaces it. Nothing was used up.")
        folder.mkdir(parents=True, exist_ok=True)
        return work.run(_File(folder, name, force))


class _Stream:
    """Standard output, which nothing can be taken back from."""

    def __init__(self) -> None:
        self.at, self._digest = 0, hashlib.sha256()

    def copy(self, partial: Path) -> None:
        """Begin with what an earlier run has kept in a file."""
        with partial.open("rb") as file:
            while data := file.read(2**18):
                self.write(data)

    def write(self, data: bytes) -> None:
        sys.stdout.buffer.write(data)
        self.at += len(data)
        self._digest.update(data)

    def sha256(self) -> str:
        sys.stdout.buffer.flush()
        return self._digest.hexdigest()


class _File:
    """A file that has its name once it is whole."""

    def __init__(self, folder: Path, name: str | None, force: bool) -> None:
        self.folder, self.name, self.force = folder, name, force
        self.path = folder
        self._file: IO[bytes] | None = None

    @property
    def at(self) -> int:
        return self._file.tell() if self._file else 0

    def open(self, partial: str) -> None:
        """Begin a new file, or go on with one, which may lie elsewhere: it comes here first."""
        if partial and Path(partial).parent.resolve() != self.folder.resolve():
            partial = shutil.move(partial, str(self.folder / Path(partial).name))
        if partial:
            descriptor = os.open(partial, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
            self.path, self._file = Path(partial), os.fdopen(descriptor, "ab")
        else:
            descriptor, made = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=self.folder)
            self.path, self._file = Path(made), os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)

    def sha256(self) -> str:
        self.close()
        with self.path.open("rb") as written:
            return hashlib.file_digest(written, "sha256").hexdigest()

    def close(self) -> None:
        """Write what is left to be written; what doesn't fit is lost."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


@dataclass(slots=True)
class _Work:
    """One run of a download.

    Attributes:
        asked: whether a share counts a download for our ticket, or may.
        claimed: whether the link is used up by us, or may be.
    """

    url: str
    kept: Path | None
    unfinished: Unfinished
    ask_pin: Callable[[str], str]
    progress: Progress
    asked: bool
    claimed: bool = field(default=False, init=False)

    def run(self, sink: _File | _Stream) -> Downloaded:
        """Do it all, and if that can't be, leave behind what the next run goes on with and nothing else."""
        try:
            done = self._fetch(sink)
        except (Failure, OSError, KeyboardInterrupt, Ended) as error:
            raise self._ended(error, sink) from None
        if isinstance(sink, _Stream):
            self.unfinished.drop(None)
        if self.kept is not None:
            self.kept.unlink(missing_ok=True)
        return done

    def _fetch(self, sink: _File | _Stream) -> Downloaded:
        noted, answer = self.unfinished, None
        going_on = noted.goes_on(time.time())
        if not going_on:
            noted.drop(None)
            noted = self.unfinished = Unfinished(
                ticket=noted.ticket if not noted.link else Unfinished().ticket
            )
        if isinstance(sink, _File):
            sink.open(noted.partial)  # before anything is used up: there is a place to save it in
            noted.partial = str(sink.path.resolve())
        elif going_on:
            sink.copy(Path(noted.partial))
        if not going_on:
            answer = self._begin(sink)
        self.claimed = True
        if noted.ends and isinstance(sink, _File):
            self._note()
        self._check_room(sink, noted.size - sink.at, "")
        fetch(answer, noted, sink, self.progress)
        digest = sink.sha256()
        if noted.checksum and noted.checksum != digest:
            raise Over("The file is damaged: its checksum isn't the sender's.", Exit.DAMAGED)
        return Downloaded(self._place(sink), noted.size, digest, bool(noted.checksum))

    def _begin(self, sink: _File | _Stream) -> Any:
        """Get the link, if it is a share, and claim it."""
        link = self.url
        if (read_address(self.url).path or "").startswith(PAGE_PREFIX):
            self._check_room(sink, share_page.size_on(self.url), "Nothing was used up.")
            self._note()
            asked_before, self.asked = self.asked, True
            try:
                link = share_page.link_from(self.url, self.unfinished.ticket, self.ask_pin)
            except Unreached as error:
                self.asked = asked_before or error.sent
                raise
        said = number(query_of(link).get(SIZE_PARAMETER))
        self._check_room(sink, said, "" if self.asked else "Nothing was used up.")
        self.claimed = True  # or may be, whatever ends this while the request is under way
        try:
            return begin(link, self.unfinished)
        except Unreached as error:
            self.claimed = error.sent
            raise

    def _note(self) -> None:
        """Note what is unfinished. Where that can't be, the download is done all the same."""
        try:
            self.unfinished.write(self.kept)
        except OSError:
            self.kept = None

    def _check_room(self, sink: _File | _Stream, size: int, kept: str) -> None:
        if isinstance(sink, _File):
            saving.check_room(sink.folder, size, kept)

    def _place(self, sink: _File | _Stream) -> str:
        if isinstance(sink, _Stream):
            return STDOUT
        path = sink.folder / (sink.name or saving.safe_name(self.unfinished.disposition))
        try:
            return str(saving.place(sink.path, path, force=sink.force))
        except OSError as error:
            if self.kept is not None:
                self.kept.unlink(missing_ok=True)
            why = f"It is downloaded as {sink.path}, but can't be renamed: {error.strerror}."
            raise _Whole(why) from None

    def _ended(self, error: BaseException, sink: _File | _Stream) -> Failure:
        """What the person is told, once what can't be gone on with is gone."""
        if isinstance(error, _Whole):
            return error
        sentence, status = _what_happened(error)
        noted = self.unfinished
        if isinstance(sink, _File):
            sink.close()
        if self.kept is not None and not isinstance(error, Over) and noted.goes_on(time.time()):
            at = Path(noted.partial).stat().st_size
            until = words.until(noted.ends, time.time())
            there = f"{words.size(at)} of {words.size(noted.size)} are kept"
            return Failure(f"{sentence} {there}: the same command goes on with them until {until}.", status)
        final = isinstance(error, Over | share_page.Final)
        noted.drop(self.kept if final or noted.link or not self.asked else None)
        told = isinstance(error, Told) and not self.asked
        if final or told or status == Exit.REFUSED:  # what the server says is all there is to say
            return Failure(sentence, status)
        return Failure(f"{sentence} {self._what_next(sink)}", status)

    def _what_next(self, sink: _File | _Stream) -> str:
        """What became of the link or the share, where nothing is kept."""
        if self.unfinished.link:
            why = ""
            if isinstance(sink, _Stream):
                why = ": it went to standard output"
            elif self.kept is None:
                why = ": nothing can be noted in your home"
            return f"This download is used up, and can't be gone on with{why}."
        if self.asked and self.kept is not None:
            return "The same command tries again, and uses up nothing more."
        if self.asked or self.claimed:
            return "Whether it was used up isn't known: try again."
        return "Nothing was used up."


class _Whole(Failure):
    """The file is whole, but not in its place."""


def _what_happened(error: BaseException) -> tuple[str, int]:
    """A sentence and an exit status."""
    if isinstance(error, Failure):
        return error.sentence, error.exit
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted.", Exit.INTERRUPTED
    if isinstance(error, Ended):
        return "Ended by the system.", error.exit
    if isinstance(error, BrokenPipeError):
        return "Nobody reads any more.", Exit.FAILED
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full.", Exit.FAILED
    if isinstance(error, OSError):
        named = f"{error.filename}: " if error.filename else ""
        return f"{named}{error.strerror or error}.", Exit.FAILED
    return str(error), Exit.FAILED
