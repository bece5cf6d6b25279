"""Writes what a person sees of a guard's refusal.

The guards load this, and all that it imports, when there is somebody to see it: most refusals go to programs,
and a container's start must not pay for them.
"""

import re
from typing import NamedTuple

from common.edge.events import Headers, header
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.pages.document import Site, Tone, button_to, document, state
from onetime_urls.protocol.pages.layout import page_policy
from onetime_urls.protocol.pages.markup import NOTHING
from onetime_urls.protocol.pages.texts import texts_for

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?", re.ASCII)


class Drawn(NamedTuple):
    """What a refusal looks like.

    Attributes:
        icon: its picture.
        tone: the picture's colour.
    """

    icon: str
    tone: Tone = Tone.PLAIN


class Button(NamedTuple):
    """What can be done about it.

    Attributes:
        label: the key of its text.
        address: where it leads; empty for the same address again.
    """

    label: str
    address: str = ""


class Page(NamedTuple):
    """Attributes:
    body: the document.
    headers: those that go with it.
    """

    body: str
    headers: dict[str, str]


def refusal_page(
    key: str,
    drawn: Drawn,
    *,
    headers: Headers,
    host: str,
    brand: ShownBrand | None,
    button: Button | None = None,
    reference: str | None = None,
) -> Page:
    """The page of a refusal, in the language that is asked for.

    Args:
        key: of its text, and with `.heading` of its heading.
        headers: the request's.
        host: as the viewer named it; what is none isn't shown.
        brand: whose page it is.
        reference: by which sender and operator can name the link.
    """
    texts = texts_for(header(headers, "accept-language"))
    host = host.lower()
    site = Site(host if _HOST.fullmatch(host) else "", brand)
    heading = texts[f"{key}.heading"]
    content = state(
        drawn.icon,
        drawn.tone,
        heading,
        texts[key],
        action=button_to(button.address, texts[button.label]) if button else NOTHING,
        small=texts("reference", link=reference) if reference else "",
    )
    return Page(
        document(content, site=site, texts=texts, title=heading),
        {
            "Content-Language": texts.language,
            "Content-Security-Policy": page_policy(site.colour),
            "Vary": "Accept, Accept-Language",
        },
    )
