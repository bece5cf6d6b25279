"""Says what a visit came to in a sentence, for clients that are programs: in JSON and in plain text.

What people read is in `onetime_urls.protocol.pages.texts`.
"""

from datetime import UTC, datetime

from onetime_urls.protocol.pages.texts import english
from onetime_urls.protocol.pages.words import span_in_words
from share_page.result import SENTENCES, VisitResult, VisitStatus


def sentence(result: VisitResult) -> str:
    """What every program is told."""
    said = SENTENCES[result.status]
    match result.status:
        case VisitStatus.PIN_WRONG if result.share is not None:
            left = result.share.tries.left
            return f"{said} {'One try is' if left == 1 else f'{left} tries are'} left."
        case VisitStatus.LOCKED if result.retry_after is not None:
            return f"{said} Try again {span_in_words(result.retry_after, english())}."
        case VisitStatus.SPENT if result.share is not None and result.share.left == 0:
            return (
                "The file was handed over already. If the download broke off, try to resume it in your "
                "browser's list of downloads, or ask the sender for a new link."
            )
    return said


def until_in_words(moment: int, now: int) -> str:
    """A moment with the time that is left."""
    shown = datetime.fromtimestamp(moment, UTC)
    return f"{shown.day} {shown:%B %Y, %H:%M} UTC ({span_in_words(moment - now, english())})"
