"""Says sizes, moments and time spans in words. A page without script can't ask the browser for them."""

from datetime import UTC, datetime

from onetime_urls.protocol.pages.texts import Texts

_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_SCALE = ("", "kB", "MB", "GB", "TB")


def size_in_words(size: int, texts: Texts) -> str:
    """A number of bytes as people say it, in powers of 1000."""
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(_SCALE) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return texts("bytes", count=size)
    return f"{amount:.{1 if amount < 9.95 else 0}f} {_SCALE[unit]}".replace(".", texts["decimal"])


def moment_in_words(moment: int, texts: Texts) -> str:
    """A moment of epoch seconds, with its weekday and in UTC: a page without script can't know the visitor's
    time zone."""
    shown = datetime.fromtimestamp(moment, UTC)
    return texts(
        "moment",
        weekday=texts.list("weekdays")[shown.weekday()],
        day=shown.day,
        month=texts.list("months")[shown.month - 1],
        year=shown.year,
        clock=f"{shown:%H:%M}",
    )


def span_in_words(seconds: int, texts: Texts) -> str:
    """How far off a moment is, in its largest unit and rounded up: nobody is told to come too early."""
    length, unit = next(span for span in _SPANS if seconds > span[0] or span is _SPANS[-1])
    return texts(f"in.{unit}", count=max(1, -(-seconds // length)))
