"""Shows links and shares as tables that fit a terminal of 80 columns, every cell made plain."""

import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

from onetime_urls.cli import words
from onetime_urls.cli.terminal import out
from onetime_urls.client import File, Folder, Link, Object, Share
from onetime_urls.protocol.contract.names import shown_link, shown_share

_GAP = "  "


def details(found: Link | Share) -> None:
    """What is known of one link or share, a line each."""
    out(f"{'link' if isinstance(found, Link) else 'share'}  {found.id}")
    rows: list[tuple[str, str]] = [("state", found.state)]
    if isinstance(found, Share):
        rows += [("address", found.url), ("file", found.filename)]
    rows += [("key", found.key), ("size", words.size(found.size))]
    if isinstance(found, Share):
        rows.append(("downloads", f"{found.downloads} of {found.max_downloads}"))
        rows.append(("PIN", "asked for" if found.pin else "none"))
        if found.note is not None:
            rows.append(("note", found.note))
        rows.append(("made", words.moment(found.created_at.timestamp())))
    else:
        rows.append(("downloads", f"{len(found.claims)} of {found.max_claims}"))
        rows.append(("made", words.moment(found.issued_at.timestamp())))
    rows.append(("expires", words.moment(found.expires_at.timestamp())))
    if found.revoked_at is not None:
        rows.append(("revoked", words.moment(found.revoked_at.timestamp())))
    rows += [("downloaded", told) for told in _history(found)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        out(f"{name:<{width}}  {value}")


def _history(found: Link | Share) -> Iterable[str]:
    if isinstance(found, Share):
        for line in found.history:
            again = "" if line.replaces is None else ", again"
            yield f"{words.moment(line.when.timestamp())}, {line.address}, {line.agent}{again}"
    else:
        for claim in found.claims:
            yield f"{words.moment(claim.when.timestamp())}, {claim.address}, {claim.agent}, {claim.outcome}"


def links(found: Sequence[Link], *, wide: bool, with_keys: bool = False) -> None:
    """Links.

    Args:
        with_keys: whether they are of several objects.
    """
    rows = [
        [
            each.id if wide else shown_link(each.id),
            each.state,
            words.short_moment(each.expires_at.timestamp()),
            f"{len(each.claims)}/{each.max_claims}",
            *([each.key] if with_keys else []),
        ]
        for each in found
    ]
    _table(["ID", "STATE", "EXPIRES", "USED", *(["KEY"] if with_keys else [])], rows, wide=wide)


def shares(found: Sequence[Share], *, wide: bool) -> None:
    """Shares."""
    rows = [
        [
            each.id if wide else shown_share(each.id),
            each.state,
            words.short_moment(each.expires_at.timestamp()),
            f"{each.downloads}/{each.max_downloads}",
            words.size(each.size),
            each.filename,
        ]
        for each in found
    ]
    _table(["ID", "STATE", "EXPIRES", "USED", "SIZE", "FILE"], rows, wide=wide)


def entries(found: Sequence[Folder | Object], *, wide: bool) -> None:
    """Folders and objects that can be handed out."""
    rows = [
        [words.short_moment(each.modified.timestamp()), words.size(each.size), each.key]
        if isinstance(each, Object)
        else ["", "", each.key]
        for each in found
    ]
    _table(["CHANGED", "SIZE", "KEY"], rows, wide=wide)


def plain_entries(found: Sequence[Folder | Object]) -> dict[str, list[Any]]:
    """The same for programs, as the API tells it."""
    return {
        "folders": [each.key for each in found if isinstance(each, Folder)],
        "objects": [each.raw for each in found if isinstance(each, Object)],
    }


def files(found: Sequence[File], *, wide: bool) -> None:
    """Files that signed URLs can be had for."""
    rows = [
        [words.short_moment(each.modified.timestamp()), words.size(each.size), each.file] for each in found
    ]
    _table(["CHANGED", "SIZE", "FILE"], rows, wide=wide)


def _table(titles: list[str], rows: list[list[Any]], *, wide: bool) -> None:
    """Columns as wide as their cells; the last is cut where the terminal ends, unless it is to be whole."""
    from rich.cells import cell_len, set_cell_size

    table = [titles, *([words.plain(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(titles))]
    room = shutil.get_terminal_size().columns - sum(widths[:-1]) - len(_GAP) * (len(titles) - 1)
    for row in table:
        *cells, last = row
        if not wide and cell_len(last) > room:
            last = set_cell_size(last, max(room - 1, 1)) + "\u2026"
        padded = [set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=False)]
        out(_GAP.join([*padded, last]).rstrip())


def is_wide(asked: bool) -> bool:
    """Whether nothing is to be cut: if that is asked for, or it goes to a program."""
    return asked or not sys.stdout.isatty()


def promise(how_often: int | None, until: float) -> str:
    """What a link, a share or a signed URL promises: how often (None is without end), and until when."""
    often = "any number of times" if how_often is None else words.times(how_often)
    return f"{often}, until {words.until(until, time.time())}"
