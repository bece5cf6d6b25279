"""Draws an address as a QR code that cameras read on light and on dark terminals.

Both colours are drawn, from the 256 that no theme changes: a code whose light modules are left to the
background is inverted on every other terminal, and many scanners don't read that.
"""

import sys
from typing import TextIO

_BLACK, _WHITE = 16, 231
_QUIET = 4
"""Light modules around the code (ISO/IEC 18004, "Quiet zone")."""


def draw(text: str) -> None:
    """Draw `text` on standard output if that is a terminal, else on standard error."""
    where = sys.stdout if sys.stdout.isatty() else sys.stderr
    _write(where, text)


def _write(where: TextIO, text: str) -> None:
    import segno

    rows = [list(row) for row in segno.make(text, micro=False).matrix_iter(border=_QUIET)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        cells = "".join(_cell(bool(top), bool(bottom)) for top, bottom in zip(upper, lower, strict=True))
        where.write(f"{cells}\x1b[0m\n")
    where.flush()


def _cell(top: bool, bottom: bool) -> str:
    """One character, which is two modules high."""
    return f"\x1b[38;5;{_BLACK if top else _WHITE};48;5;{_BLACK if bottom else _WHITE}m\u2580"
