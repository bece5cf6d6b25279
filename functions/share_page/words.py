"""Says results, sizes, moments and time spans in words, for every form of an answer."""

from datetime import UTC, datetime

from share_page.result import WORDS, VisitResult, VisitStatus

_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_SCALE = ("bytes", "kB", "MB", "GB", "TB")


def sentence(result: VisitResult) -> str:
    """What every client is told."""
    said = WORDS[result.status][1]
    match result.status:
        case VisitStatus.PIN_WRONG if result.share is not None:
            left = result.share.tries.left
            return f"{said} {'One try is' if left == 1 else f'{left} tries are'} left."
        case VisitStatus.LOCKED if result.retry_after is not None:
            return f"{said} Try again in {span_in_words(result.retry_after)}."
        case VisitStatus.SPENT if result.share is not None and result.share.left == 0:
            return (
                "The file was handed over already. If the download broke off, try to resume it in your "
                "browser's list of downloads, or ask the sender for a new link."
            )
    return said


def size_in_words(size: int) -> str:
    """A number of bytes as people say it, in powers of 1000."""
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(_SCALE) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return "1 byte" if size == 1 else f"{size} bytes"
    return f"{amount:.{1 if amount < 9.95 else 0}f} {_SCALE[unit]}"


def until_in_words(moment: int, now: int) -> str:
    """A moment with the time that is left: a page without script can't know the visitor's time zone."""
    shown = datetime.fromtimestamp(moment, UTC)
    return f"{shown.day} {shown:%B %Y, %H:%M} UTC (in {span_in_words(moment - now)})"


def span_in_words(seconds: int) -> str:
    """A time span in its largest unit, rounded up: nobody is told to come too early."""
    length, unit = next(span for span in _SPANS if seconds > span[0] or span is _SPANS[-1])
    count = max(1, -(-seconds // length))
    return f"{count} {unit}{'' if count == 1 else 's'}"
