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
from share_page.result import WORDS, VisitResult, VisitStatus
from share_page.words import sentence, size_in_words, until_in_words

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


def page(result: VisitResult, ticket: str, now: int) -> Html:
    """The whole document.

    Args:
        ticket: what the form carries, if there is one on the page.
        now: epoch seconds, to say how long the share still lives.
    """
    share = result.offered
    if share is not None:
        title = "A file for you" if result.status is VisitStatus.READY else WORDS[result.status][0]
        content = _offer(result, share, ticket, now)
    else:
        title = WORDS[result.status][0]
        content = _message(result)
    return html(_PAGE, title=title, style=Html(STYLE), content=content)


def _offer(result: VisitResult, share: Share, ticket: str, now: int) -> Html:
    return html(
        "$notice<h1><bdi>$name</bdi></h1>\n$note<dl>\n<dt>Size</dt><dd>$size</dd>\n"
        '<dt>Available until</dt><dd><time datetime="$moment">$until</time></dd>\n'
        "<dt>Downloads left</dt><dd>$left</dd>\n</dl>\n"
        '<form method="post" action="$action">\n<input type="hidden" name="ticket" value="$ticket">\n'
        "$pin<button>Download</button>\n</form>\n"
        '<p class="soft">The download begins at once and this page stays as it is. If nothing arrives, press '
        "the button again. If it breaks off, try to resume it in your browser.</p>",
        notice=_notice(result),
        name=share.filename,
        note=html('<blockquote dir="auto">$note</blockquote>\n', note=share.note) if share.note else NOTHING,
        size=size_in_words(share.size),
        moment=f"{datetime.fromtimestamp(share.expires_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        until=until_in_words(share.expires_at, now),
        left=share.left,
        action=f"{PAGE_PREFIX}{share.id}",
        ticket=ticket,
        pin=_pin_field(result) if result.needs_pin else NOTHING,
    )


def _notice(result: VisitResult) -> Html:
    if result.status is VisitStatus.READY:
        return NOTHING
    wrong = result.status in (VisitStatus.PIN_MISSING, VisitStatus.PIN_WRONG)
    return html(
        '<p class="$kind" role="$role" id="notice">$sentence</p>\n',
        kind="bad" if wrong else "told",
        role="alert" if wrong else "status",
        sentence=sentence(result),
    )


def _pin_field(result: VisitResult) -> Html:
    wrong = Html(' aria-invalid="true" aria-describedby="notice" autofocus')
    return html(
        '<label for="pin">PIN</label>\n<input id="pin" name="pin" type="password" required '
        'autocomplete="off" spellcheck="false" maxlength="$most"$wrong>\n',
        most=MAX_PIN_LENGTH,
        wrong=wrong if result.status in (VisitStatus.PIN_MISSING, VisitStatus.PIN_WRONG) else NOTHING,
    )


def _message(result: VisitResult) -> Html:
    return html(
        "<h1>$heading</h1>\n<p>$sentence</p>", heading=WORDS[result.status][0], sentence=sentence(result)
    )
