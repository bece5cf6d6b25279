"""Writes the page: complete without script, readable aloud, and silent about the file to previews.

What a chat's preview takes from a page is its title and Open Graph tags, so these say nothing about the
file. What a search engine takes is forbidden to it. Everything else is for the person who has the link.
"""

from datetime import UTC, datetime

from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.shares.limits import MAX_PIN_LENGTH
from onetime_urls.protocol.shares.page_policy import STYLE
from onetime_urls.protocol.shares.record import Share
from share_page.markup import NOTHING, Html, html
from share_page.outcome import WORDS, Kind, Outcome

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<meta property="og:type" content="website">
<meta property="og:title" content="A file for you">
<meta property="og:description" content="Someone has shared a file with you.">
<style>$style</style>
</head>
<body>
<main>
$content
</main>
</body>
</html>
"""
WITH_FORM = frozenset({Kind.READY, Kind.WAITING, Kind.PIN_MISSING, Kind.PIN_WRONG, Kind.SPENT})
"""Outcomes after which the file can be asked for, while there are downloads left."""

_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_SCALE = ("bytes", "kB", "MB", "GB", "TB")


def page(outcome: Outcome, ticket: str, now: int) -> Html:
    """The whole document.

    Args:
        ticket: what the form carries, if there is one on the page.
        now: epoch seconds, to say how long the share still lives.
    """
    share = outcome.share
    if (
        share is not None
        and outcome.kind in WITH_FORM
        and not (outcome.kind is Kind.SPENT and share.left == 0)
    ):
        title = "A file for you" if outcome.kind is Kind.READY else WORDS[outcome.kind][0]
        content = _offer(outcome, share, ticket, now)
    else:
        title = WORDS[outcome.kind][0]
        content = _message(outcome)
    return html(_PAGE, title=title, style=Html(STYLE), content=content)


def text(outcome: Outcome) -> str:
    """The same for a client that asked for no HTML: one line."""
    return _sentence(outcome) + "\n"


def _offer(outcome: Outcome, share: Share, ticket: str, now: int) -> Html:
    return html(
        "$notice<h1><bdi>$name</bdi></h1>\n$note<dl>\n<dt>Size</dt><dd>$size</dd>\n"
        '<dt>Available until</dt><dd><time datetime="$moment">$until</time></dd>\n'
        "<dt>Downloads left</dt><dd>$left</dd>\n</dl>\n"
        '<form method="post" action="$action">\n<input type="hidden" name="ticket" value="$ticket">\n'
        "$pin<button>Download</button>\n</form>\n"
        '<p class="soft">The download begins at once and this page stays as it is. If nothing arrives, press '
        "the button again. If it breaks off, try to resume it in your browser.</p>",
        notice=_notice(outcome),
        name=share.filename,
        note=html('<blockquote dir="auto">$note</blockquote>\n', note=share.note) if share.note else NOTHING,
        size=size_in_words(share.size),
        moment=f"{datetime.fromtimestamp(share.expires_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        until=until_in_words(share.expires_at, now),
        left=share.left,
        action=f"{PAGE_PREFIX}{share.id}",
        ticket=ticket,
        # A visitor whose download was handed over already had the right PIN.
        pin=NOTHING if share.pin is None or outcome.kind is Kind.WAITING else _pin_field(outcome),
    )


def _notice(outcome: Outcome) -> Html:
    if outcome.kind is Kind.READY:
        return NOTHING
    wrong = outcome.kind in (Kind.PIN_MISSING, Kind.PIN_WRONG)
    return html(
        '<p class="$kind" role="$role" id="notice">$sentence</p>\n',
        kind="bad" if wrong else "told",
        role="alert" if wrong else "status",
        sentence=_sentence(outcome),
    )


def _pin_field(outcome: Outcome) -> Html:
    wrong = Html(' aria-invalid="true" aria-describedby="notice" autofocus')
    return html(
        '<label for="pin">PIN</label>\n<input id="pin" name="pin" type="password" required '
        'autocomplete="off" spellcheck="false" maxlength="$most"$wrong>\n',
        most=MAX_PIN_LENGTH,
        wrong=wrong if outcome.kind in (Kind.PIN_MISSING, Kind.PIN_WRONG) else NOTHING,
    )


def _message(outcome: Outcome) -> Html:
    return html(
        "<h1>$heading</h1>\n<p>$sentence</p>", heading=WORDS[outcome.kind][0], sentence=_sentence(outcome)
    )


def _sentence(outcome: Outcome) -> str:
    sentence = WORDS[outcome.kind][1]
    match outcome.kind:
        case Kind.PIN_WRONG if outcome.share is not None:
            left = outcome.share.tries.left
            return f"{sentence} {'One try is' if left == 1 else f'{left} tries are'} left."
        case Kind.LOCKED if outcome.retry_after is not None:
            return f"{sentence} Try again in {span_in_words(outcome.retry_after)}."
        case Kind.SPENT if outcome.share is not None and outcome.share.left == 0:
            return (
                "The file was handed over already. If the download broke off, try to resume it in your "
                "browser's list of downloads, or ask the sender for a new link."
            )
    return sentence


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
