"""Writes a page: a document that is complete without script, readable aloud, and says whose it is.

Previews take the title and the Open Graph tags of a page, so neither says anything of a file. Search engines
are sent away.
"""

from dataclasses import dataclass
from enum import StrEnum

from onetime_urls.protocol.pages.brand import ShownBrand, data_uri
from onetime_urls.protocol.pages.colour import ink_on, readable_on
from onetime_urls.protocol.pages.icons import icon
from onetime_urls.protocol.pages.layout import page_style
from onetime_urls.protocol.pages.markup import NOTHING, Html, html
from onetime_urls.protocol.pages.style import ACCENT, PAPER
from onetime_urls.protocol.pages.texts import Texts

_DOCUMENT = """<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="$favicon">
$head<style>$style</style>
</head>
<body>
<main class="card">
$whose$content
</main>
$foot</body>
</html>
"""

_FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" '
    'fill="$ground"/><path d="M16 7v12m-5.5-5.5L16 19l5.5-5.5M9 25h14" fill="none" stroke="$ink" '
    'stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


class Tone(StrEnum):
    """How what became of something is drawn."""

    PLAIN = ""
    GOOD = " ring--good"
    WARN = " ring--warn"
    BAD = " ring--bad"
    ACCENT = " ring--accent"


@dataclass(frozen=True, slots=True)
class Site:
    """Who hands out, and where.

    Attributes:
        domain: the page's host, empty where it isn't known.
        brand: None where the deployment has none.
    """

    domain: str = ""
    brand: ShownBrand | None = None

    @property
    def colour(self) -> str | None:
        """The brand's colour, if it has one."""
        return self.brand.colour if self.brand else None

    @property
    def name(self) -> str:
        """Whom to name in a sentence: the brand with its domain, or the one that there is."""
        if self.brand and self.domain:
            return f"{self.brand.name} ({self.domain})"
        return self.brand.name if self.brand else self.domain


def document(
    content: Html,
    *,
    site: Site,
    texts: Texts,
    title: str,
    head: Html = NOTHING,
    foot: Html = NOTHING,
) -> Html:
    """The whole page.

    Args:
        content: what is on the card.
        title: of the document; it is shown by previews.
        head: further elements of the head.
        foot: what stands below the card.
    """
    return html(
        _DOCUMENT,
        language=texts.language,
        title=title,
        favicon=data_uri("image/svg+xml", favicon(site.colour).encode()),
        head=head,
        style=Html(page_style(site.colour)),
        whose=_whose(site, texts),
        content=content,
        foot=foot,
    )


def state(
    drawn: str, tone: Tone, heading: str, *paragraphs: str | Html, action: Html = NOTHING, small: str = ""
) -> Html:
    """What a page says that has one thing to say.

    Args:
        drawn: an icon's name.
        paragraphs: sentences, below the heading.
        action: what can be done about it.
        small: what is only there to be quoted.
    """
    lines = (html("<p>$text</p>\n", text=each) for each in paragraphs if each)
    return html(
        '<div class="state">\n<span class="ring$tone">$icon</span>\n'
        "<h1>$heading</h1>\n$lines$action$small</div>",
        tone=Html(tone.value),
        icon=icon(drawn, 32),
        heading=heading,
        lines=Html("".join(lines)),
        action=action,
        small=html('<p class="soft">$small</p>\n', small=small) if small else NOTHING,
    )


def button_to(address: str, label: str) -> Html:
    """A link that looks like what it is for: the one thing to do.

    Args:
        address: an address of our own; empty for the page itself.
    """
    return html('<a class="button" href="$address">$label</a>\n', address=address, label=label)


def footnote(text: str) -> Html:
    """A sentence below the card."""
    return html('<footer class="soft">$text</footer>\n', text=text)


def _whose(site: Site, texts: Texts) -> Html:
    if not site.name:
        return NOTHING
    brand = site.brand
    if brand is None:
        mark = html('<span class="mark mark--place">$icon</span>', icon=icon("place"))
    elif brand.logo:
        mark = html('<img class="mark" src="$logo" alt="">', logo=brand.logo)
    else:
        mark = html('<span class="mark" aria-hidden="true">$letter</span>', letter=brand.name[0].upper())
    # A domain breaks at its dots, where it has to.
    domain = Html(html("$domain", domain=site.domain).replace(".", ".<wbr>"))
    lines = (
        html('<b>$name</b><span class="soft">$domain</span>', name=brand.name, domain=domain)
        if brand
        else html('<span class="soft">$label</span><b>$domain</b>', label=texts["from"], domain=domain)
    )
    return html('<header class="from">\n$mark\n<p>$lines</p>\n</header>\n', mark=mark, lines=lines)


def favicon(colour: str | None) -> Html:
    """The picture of the browser's tab, an SVG.

    Args:
        colour: the brand's, if it has one.
    """
    ground = readable_on(colour or ACCENT, PAPER)
    return html(_FAVICON, ground=ground, ink=ink_on(ground))
