"""Where a download is saved, and what it is called: nothing of the server's but a plain name is used."""

import os
import re
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from onetime_urls.cli import words
from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.client.file_names import fitted

_NAME = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_UNSAFE = re.compile(r"[\ufffd/\\:*?\"<>|]")


def safe_name(disposition: str) -> str:
    """A file name out of a Content-Disposition header: the extended form (RFC 6266), else the plain one,
    without separators, control characters, and dots in front."""
    found = _NAME.search(disposition)
    quoted = _PLAIN_NAME.search(disposition)
    text = unquote(found[1]) if found else re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else ""
    text = _UNSAFE.sub("_", words.plain(text)).strip(" ._")
    return fitted(text) or "download"


def target(output: str) -> tuple[Path, str | None]:
    """The folder to save in, and the name to save under; None takes the server's suggestion.

    Raises:
        Failure: that is a pipe, a device or the like.
    """
    path = Path(output)
    if path.is_dir() or output.endswith(("/", os.sep)):
        return path, None
    with suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise Failure(f"{output} is no file. To write into it: -o - > {output}", Exit.WRONG_USE)
    return path.parent, path.name


def check_room(folder: Path, size: int, kept: str) -> None:
    """Raise Failure if a file of so many more bytes doesn't fit.

    Args:
        kept: what became of the link or share, as the sentence's end.
    """
    free = shutil.disk_usage(folder).free
    if size > free:
        lacking = f"the download needs {words.size(size)}, and {folder} has {words.size(free)}"
        raise Failure(f"There is no room: {lacking}. {kept}".strip())


def place(partial: Path, path: Path, *, force: bool) -> Path:
    """Give the file its name: `path`, or one beside it if that is taken, because a download that can be had
    once mustn't be thrown away."""
    with suppress(OSError):  # not every file system has modes
        partial.chmod(0o666 & ~_umask())
    wanted, number = path.name, 0
    while not force or path.is_dir():
        try:
            path.touch(exist_ok=False)  # fails if the name is taken, whoever takes it in between
        except FileExistsError:
            number += 1
            path = path.with_name(fitted(wanted, before_suffix=f" ({number})"))
        else:
            break
    return partial.replace(path)


def _umask() -> int:
    """What new files may not be. It can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
