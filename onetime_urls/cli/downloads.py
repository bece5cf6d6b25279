"""Downloads a link or a share: into a temporary file first, checked, and only then under its name.

What the server calls the file is a suggestion: nothing of it but a plain name in this folder is used. A
link that allows it is resumed with the lease that came with it. A share is asked with a ticket, which is kept
until the file is there: asking again with it, after a lost answer or in another run, uses up nothing more.
"""

import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

import urllib3

from onetime_urls.cli import state
from onetime_urls.cli.failures import Exit, Failure

TRIES, PAUSE = 5, 1.0
"""Of a request whose answer is lost, and seconds between two."""
SECONDS = urllib3.Timeout(connect=10, read=60)
_NAME = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?\"<>|]")

Progress = Callable[[int, int], None]
"""Told how many bytes are there, of how many."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file on this disk.

    Attributes:
        path: where it is.
        size: bytes.
        sha256: of its content, hex.
        checked: whether the sender's checksum was there to hold it against.
    """

    path: Path
    size: int
    sha256: str
    checked: bool


def download(
    url: str, folder: Path, *, name: str | None, force: bool, ask_pin: Callable[[], str], progress: Progress
) -> Downloaded:
    """Fetch what is behind a one-time link, or behind a share's page.

    Args:
        name: to save it under; None takes the server's suggestion, made safe.
        force: whether a file that is there may be replaced.
        ask_pin: called if a share needs a PIN.

    Raises:
        Failure: it can't be had, is damaged, or would replace a file.
    """
    _check(url)
    if name and not force and (folder / name).exists():
        raise Failure(f"{name} is there already: --force replaces it. Nothing was used up.")
    # Before anything is used up: there is a place to save it in.
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".onetime-", dir=folder)
    try:
        ticket = state.note("ticket", url) if urlsplit(url).path.startswith("/-/") else None
        with os.fdopen(descriptor, "wb") as file:
            if ticket is not None:
                url = _from_share(url, ticket, ask_pin)
            headers = _fetch(url, file, progress)
            size = file.tell()
        with Path(temporary).open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        promised = headers.get("x-amz-meta-sha256")
        _hold_against(promised, digest)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    path = folder / (name or safe_name(headers.get("content-disposition", "")))
    try:
        path = _placed(Path(temporary), path, force=force)
    except OSError as error:
        raise Failure(f"It is downloaded as {temporary}, but can't be renamed: {error.strerror}.") from None
    if ticket is not None:
        ticket.unlink(missing_ok=True)
    return Downloaded(path, size, digest, promised is not None)


def safe_name(disposition: str) -> str:
    """A plain file name out of a Content-Disposition (RFC 6266): no folder, no control or bidirectional
    character, not hidden, at most 200 bytes."""
    found = _NAME.search(disposition)
    plain = _PLAIN_NAME.search(disposition)
    text = unquote(found[1]) if found else re.sub(r"\\(.)", r"\1", plain[1]) if plain else ""
    text = _UNSAFE.sub("_", text).strip(" ._")
    return text.encode(errors="replace")[:200].decode(errors="ignore") or "download"


def _check(url: str) -> None:
    """Refuse what isn't https, but for this machine's own servers."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Failure("That is no link.", Exit.REFUSED) from None
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    ):
        raise Failure("A link begins with https://.", Exit.REFUSED)


def _from_share(url: str, kept: Path, ask_pin: Callable[[], str]) -> str:
    """The one-time link that a share hands out. An answer that is lost is asked for again.

    Args:
        kept: the file that the ticket is in until it is of no more use.
    """
    form, tries = {"ticket": _ticket_in(kept)}, TRIES
    while True:
        tries -= 1
        try:
            answer = _request("POST", url, body=urlencode(form), headers=_FORM)
        except Failure:
            if tries <= 0:
                raise
            time.sleep(PAUSE)
            continue
        if answer.status == 303:
            return _link_in(answer, url)
        status = answer.headers.get("x-share-status", "")
        if status == "pin-missing" or (status == "pin-wrong" and "pin" in form):
            form["pin"] = ask_pin()
        elif status == "unavailable" and tries > 0:
            time.sleep(PAUSE)
        else:
            if status in _FINAL:  # said by the page itself, not by something between it and us
                kept.unlink(missing_ok=True)
            raise _refused(answer)


def _link_in(answer: Any, url: str) -> str:
    """Where a share's answer leads."""
    try:
        location: str = urljoin(url, answer.headers.get("location", ""))
    except ValueError:
        raise Failure("The share hands out no link.", Exit.REFUSED) from None
    if location.startswith("http:") and url.startswith("https:"):
        raise Failure("The share hands out a link without TLS.", Exit.REFUSED)
    _check(location)
    return location


def _ticket_in(kept: Path) -> str:
    """The ticket of an earlier run, or a new one, which is kept."""
    if kept.is_file() and not kept.is_symlink():
        ticket = kept.read_text(encoding="utf-8", errors="replace")
        if re.fullmatch(r"[\w-]{22}", ticket, re.ASCII):
            return ticket
    kept.unlink(missing_ok=True)
    ticket = secrets.token_urlsafe(16)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(ticket)
    return ticket


_FINAL = frozenset({"spent", "used", "expired", "revoked", "unknown", "over", "bad-form"})
"""What a share's page says after which its ticket is of no more use."""

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain"}


def _fetch(url: str, file: Any, progress: Progress) -> Any:
    """Write the body into `file`, in as many requests as it takes and the link allows; the first headers."""
    headers: dict[str, str] = {"Accept": "*/*"}
    first: Any = None
    total, lease = 0, ""
    for _ in range(TRIES):
        if first is not None:
            time.sleep(PAUSE)
        try:
            answer = _request("GET", url, headers=headers)
        except Failure:
            if first is None:
                raise
            continue
        if first is not None and answer.status >= 500:
            answer.close()
            continue
        if first is None and answer.status == 200:
            first, total = answer.headers, answer.length_remaining or 0
        elif first is None or answer.status != 206 or not _goes_on(answer, file.tell()):
            raise _refused(answer)
        ended = True
        try:
            for chunk in answer.stream(2**18):
                file.write(chunk)
                progress(file.tell(), total)
        except urllib3.exceptions.HTTPError:
            answer.close()
            ended = False
        if ended and file.tell() >= total:
            return first
        lease = (first.get("set-cookie") or "").partition(";")[0]
        if not lease:
            break
        headers = {"Accept": "*/*", "Cookie": lease, "Range": f"bytes={file.tell()}-"}
    why = "went on breaking off." if lease else "broke off, and the link doesn't let it go on."
    raise Failure(f"The download {why}", Exit.UNAVAILABLE)


def _goes_on(answer: Any, at: int) -> bool:
    """Whether a partial answer begins where the file ends so far."""
    return str(answer.headers.get("content-range", "")).startswith(f"bytes {at}-")


def _request(method: str, url: str, *, headers: dict[str, str], body: str | None = None) -> Any:
    try:
        return urllib3.request(
            method,
            url,
            headers=headers,
            body=body,
            timeout=SECONDS,
            retries=False,
            redirect=False,
            preload_content=False,  # nobody knows how long an answer is
            decode_content=False,
        )
    except urllib3.exceptions.HTTPError:
        raise Failure("The link's server can't be reached.", Exit.UNAVAILABLE) from None


def _refused(answer: Any) -> Failure:
    """What the server says, on one line and without anything that would move the cursor."""
    try:
        said: bytes = answer.read(400)
    except (urllib3.exceptions.HTTPError, OSError):
        said = b""
    answer.close()
    text = " ".join(_UNSAFE.sub(" ", said.decode("utf-8", "replace")).split())
    kind = answer.headers.get("content-type", "")
    sentence = text if kind.startswith("text/plain") and text else f"The server answered {answer.status}."
    return Failure(sentence, Exit.UNAVAILABLE if answer.status >= 500 else Exit.REFUSED)


def _hold_against(promised: str | None, digest: str) -> None:
    if promised is not None and promised.lower() != digest:
        raise Failure("The file is damaged: its checksum isn't the sender's.", Exit.DAMAGED)


def _placed(temporary: Path, path: Path, *, force: bool) -> Path:
    """Give the file its name: `path`, or one beside it if that is taken, because a download that can be had
    once mustn't be thrown away."""
    with suppress(OSError):  # not every file system has modes
        temporary.chmod(0o666 & ~_umask())
    wanted, number = path, 0
    while not force or path.is_dir():
        try:
            path.touch(exist_ok=False)  # fails if the name is taken, whoever takes it in between
        except FileExistsError:
            number += 1
            path = wanted.with_stem(f"{wanted.stem} ({number})")
        else:
            break
    return temporary.replace(path)


def _umask() -> int:
    """What new files may not be. It can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
