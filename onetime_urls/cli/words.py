"""Says things as people do: sizes, times and spans, and text that came from elsewhere made plain."""

import re
import time

from onetime_urls.protocol.pages.texts import english
from onetime_urls.protocol.pages.words import size_in_words

_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_UNPLAIN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(text: object) -> str:
    """Text that came from elsewhere, without what would move the cursor, reverse or hide a part of it, or
    can't be printed."""
    return _UNPLAIN.sub("\ufffd", str(text))


def size(count: int) -> str:
    """A number of bytes, as pages say it."""
    return size_in_words(count, english())


def span(seconds: int) -> str:
    """A span of time in its largest unit; in the next smaller one too, where that isn't nought."""
    for number, (length, unit) in enumerate(_SPANS):
        if seconds >= length:
            rest = seconds % length
            more = (
                f" and {span(rest // _SPANS[number + 1][0] * _SPANS[number + 1][0])}"
                if _adds(rest, number)
                else ""
            )
            return f"{_counted(seconds // length, unit)}{more}"
    return "0 seconds"


def _adds(rest: int, number: int) -> bool:
    return number + 1 < len(_SPANS) and rest >= _SPANS[number + 1][0]


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def times(count: int) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def until(moment: float, now: float) -> str:
    """A moment to come, in this machine's time zone: with its date if that isn't today."""
    there, here = time.localtime(moment), time.localtime(now)
    clock = time.strftime("%H:%M", there)
    if there[:3] == here[:3]:
        return clock
    year = "" if there.tm_year == here.tm_year else f" {there.tm_year}"
    return f"{there.tm_mday} {time.strftime('%B', there)}{year}, {clock}"


def moment(seconds: float) -> str:
    """Epoch seconds in this machine's time zone, to the second."""
    return time.strftime("%Y-%m-%d %H:%M:%S %Z", _local(seconds))


def short_moment(seconds: float) -> str:
    """The same to the minute, for a table."""
    return time.strftime("%Y-%m-%d %H:%M", _local(seconds))


def _local(seconds: float) -> time.struct_time:
    try:
        return time.localtime(seconds)
    except (OverflowError, ValueError, OSError):
        return time.localtime(0)
