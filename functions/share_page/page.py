"""Writes what a person sees of a visit: the file and what will happen, or what became of it.

What a chat's preview takes from a page is its title and Open Graph tags, so these say nothing about the file.

The page after the button begins the download by itself (`refresh`) and says so. An answer that led straight
to the file would leave the page with its button in the browser, as if nothing had happened: what is saved to
disk replaces no page.
"""

from datetime import UTC, datetime
from functools import partial

from onetime_urls.protocol.pages.document import Site, Tone, button_to, document, footnote, state
from onetime_urls.protocol.pages.files import kind_of_file
from onetime_urls.protocol.pages.icons import icon
from onetime_urls.protocol.pages.markup import NOTHING, Html, html
from onetime_urls.protocol.pages.texts import Texts
from onetime_urls.protocol.pages.words import moment_in_words, size_in_words, span_in_words
from onetime_urls.protocol.shares.limits import MAX_PIN_LENGTH
from onetime_urls.protocol.shares.record import Share
from share_page.result import VisitResult, VisitStatus

_WITHOUT = ("refused", Tone.PLAIN)

_DRAWN = {
    VisitStatus.LOCKED: ("locked", Tone.WARN),
    VisitStatus.USED: ("used", Tone.PLAIN),
    VisitStatus.SPENT: ("used", Tone.PLAIN),
    VisitStatus.EXPIRED: ("expired", Tone.WARN),
    VisitStatus.REVOKED: ("revoked", Tone.BAD),
    VisitStatus.UNKNOWN: ("unknown", Tone.PLAIN),
    VisitStatus.OVER: ("unknown", Tone.PLAIN),
    VisitStatus.VANISHED: ("gone", Tone.BAD),
    VisitStatus.UNAVAILABLE: ("again", Tone.ACCENT),
    VisitStatus.HANDED_OUT: ("begun", Tone.GOOD),
}
"""How a result without an offer is drawn: each thing that can go wrong looks different."""

_PIN_RESULTS = (VisitStatus.PIN_MISSING, VisitStatus.PIN_WRONG)


def page(result: VisitResult, *, address: str, ticket: str, now: int, site: Site, texts: Texts) -> Html:
    """The whole document.

    Args:
        address: the share's own path.
        ticket: what the form carries, if there is one on the page.
        now: epoch seconds, to say how long the share still lives.
        site: who hands out, and where.
    """
    title = texts[f"share.{result.status}.heading"]
    preview = html(
        '<meta property="og:type" content="website">\n<meta property="og:title" content="$title">\n'
        '<meta property="og:description" content="$preview">\n',
        title=texts["share.ready.heading"],
        preview=texts["share.preview"],
    )
    write = partial(document, site=site, texts=texts, title=title)
    doubt = footnote(texts("unexpected", who=site.name)) if site.name else NOTHING
    if result.offered is not None:
        return write(_offer(result, result.offered, address, ticket, now, texts), head=preview, foot=doubt)
    if result.location is not None:
        begin = html('<meta http-equiv="refresh" content="0;url=$link">\n', link=result.location)
        return write(_begun(result, address, texts), head=begin)
    return write(_message(result, address, now, texts), head=preview)


def _offer(result: VisitResult, share: Share, address: str, ticket: str, now: int, texts: Texts) -> Html:
    more = result.status is VisitStatus.SPENT
    return html(
        "$notice$file$note$fact"
        '<form method="post" action="$action">\n<input type="hidden" name="ticket" value="$ticket">\n'
        '$pin<button class="button button--wide$quiet">$label</button>\n<p class="soft">$hint</p>\n</form>',
        notice=_notice(result, texts),
        file=_file(share, texts),
        note=_note(share.note, texts) if share.note else NOTHING,
        fact=_fact(share, now, texts),
        action=address,
        ticket=ticket,
        pin=_pin_field(result, share, texts) if result.needs_pin else NOTHING,
        quiet=" button--quiet" if more else "",
        label=texts["share.download.more" if more else "share.download"],
        hint=texts["share.hint"],
    )


def _notice(result: VisitResult, texts: Texts) -> Html:
    """What has to be known before anything else. What is wrong with a PIN stands at its field."""
    if result.status not in (VisitStatus.WAITING, VisitStatus.SPENT):
        return NOTHING
    return html(
        '<p class="notice notice--warn" role="status">$sentence</p>\n',
        sentence=texts[f"share.{result.status}"],
    )


def _file(share: Share, texts: Texts, *, heads: bool = True) -> Html:
    """What the file is.

    Args:
        heads: whether its name is the page's heading.
    """
    kind = kind_of_file(share.filename)
    return html(
        '<div class="file">\n<span class="tile">$icon</span>\n<div>\n'
        '<$tag class="name"><bdi>$name</bdi></$tag>\n'
        '<p class="soft">$kind · $size</p>\n</div>\n</div>\n',
        icon=icon(kind, 28),
        tag=Html("h1" if heads else "p"),
        name=share.filename,
        kind=texts[f"kind.{kind}"],
        size=size_in_words(share.size, texts),
    )


def _note(note: str, texts: Texts) -> Html:
    return html(
        '<figure class="note">\n<figcaption class="soft">$label</figcaption>\n'
        '<blockquote dir="auto">$note</blockquote>\n</figure>\n',
        label=texts["share.note"],
        note=note,
    )


def _fact(share: Share, now: int, texts: Texts) -> Html:
    """The one thing to know, said large."""
    once = share.max_downloads == 1
    return html(
        '<div class="fact">\n<p><strong>$fact</strong> $after</p>\n<p class="until soft">$icon'
        '<time datetime="$moment">$until</time></p>\n</div>\n',
        fact=texts["share.once"] if once else texts("share.left", count=share.left),
        after=texts["share.once.after" if once else "share.left.after"],
        icon=icon("clock", 18),
        moment=f"{datetime.fromtimestamp(share.expires_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        until=texts(
            "share.until",
            moment=moment_in_words(share.expires_at, texts),
            span=span_in_words(share.expires_at - now, texts).replace(" ", "\N{NO-BREAK SPACE}"),
        ),
    )


def _pin_field(result: VisitResult, share: Share, texts: Texts) -> Html:
    """The field, with what was wrong with the last PIN below it."""
    wrong = result.status in _PIN_RESULTS
    said = texts[f"share.{result.status}" if wrong else "share.pin.hint"]
    if result.status is VisitStatus.PIN_WRONG:
        said = f"{said} {texts('share.pin.tries', count=share.tries.left)}"
    return html(
        '<p class="field">\n<label for="pin">$label</label>\n<input id="pin" name="pin" type="password" '
        'required autocomplete="off" spellcheck="false" maxlength="$most" '
        'aria-describedby="pin-said"$wrong>\n'
        '<small id="pin-said"$role>$said</small>\n</p>\n',
        label=texts["share.pin"],
        most=MAX_PIN_LENGTH,
        wrong=Html(' aria-invalid="true" autofocus') if wrong else NOTHING,
        role=Html(' role="alert"') if wrong else NOTHING,
        said=said,
    )


def _begun(result: VisitResult, address: str, texts: Texts) -> Html:
    """What stays in the browser while the file goes to disk. Whoever came with a ticket can ask again."""
    share = result.share
    again = html(
        '<form method="post" action="$action">\n<input type="hidden" name="ticket" value="$ticket">\n'
        '<p class="soft">$nothing</p>\n<button class="button button--quiet">$label</button>\n</form>\n',
        action=address,
        ticket=result.ticket or "",
        nothing=texts["share.handed-out.nothing"],
        label=texts["share.handed-out.again"],
    )
    once = share is not None and share.max_downloads == 1
    return html(
        "$file$state",
        file=_file(share, texts, heads=False) if share is not None else NOTHING,
        state=state(
            *_DRAWN[result.status],
            texts["share.handed-out.heading"],
            texts["share.handed-out.once"] if once else "",
            texts["share.handed-out"],
            action=again if result.ticket else NOTHING,
        ),
    )


def _message(result: VisitResult, address: str, now: int, texts: Texts) -> Html:
    """What became of it. Whom waiting helps is told until when, in whole minutes that are over by then, and
    offered to look again."""
    status, wait = result.status, result.retry_after
    last = status is VisitStatus.SPENT
    paragraphs: list[str | Html] = [texts["share.spent.last" if last else f"share.{status}"]]
    if status is VisitStatus.LOCKED and wait is not None:
        paragraphs += [
            html("<b>$until</b>", until=texts("share.locked.until", span=span_in_words(wait, texts))),
            html('<span class="soft">$at</span>', at=moment_in_words(-(-(now + wait) // 60) * 60, texts)),
        ]
    label = "look-again" if status is VisitStatus.LOCKED else "again"
    return state(
        *_DRAWN.get(status, _WITHOUT),
        texts[f"share.{status}.heading"],
        *paragraphs,
        action=button_to(address, texts[label]) if wait is not None else NOTHING,
    )
