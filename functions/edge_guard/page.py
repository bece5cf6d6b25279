"""Draws each reason for which a link isn't served: what is over for good looks different from what isn't."""

from common.edge.events import Headers
from common.edge.pages import Button, Drawn, Page, refusal_page
from onetime_urls.protocol.links import reasons
from onetime_urls.protocol.links.reasons import Reason
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.pages.document import Tone

_UNKNOWN, _AGAIN, _OTHERWISE = Drawn("unknown"), Drawn("again", Tone.ACCENT), Drawn("refused")

_DRAWN = {
    reasons.MALFORMED: _UNKNOWN,
    reasons.UNKNOWN: _UNKNOWN,
    reasons.ALTERED: Drawn("unknown", Tone.BAD),
    reasons.USED: Drawn("used"),
    reasons.EXPIRED: Drawn("expired", Tone.WARN),
    reasons.LEASE_OVER: Drawn("expired", Tone.WARN),
    reasons.EXHAUSTED: Drawn("refused", Tone.BAD),
    reasons.REVOKED: Drawn("revoked", Tone.BAD),
    reasons.STORAGE: Drawn("gone", Tone.BAD),
    reasons.PREVIEW: _AGAIN,
    reasons.UNAVAILABLE: _AGAIN,
    reasons.RELEASED: _AGAIN,
}


def page(reason: Reason, *, headers: Headers, host: str, brand: ShownBrand | None, link: str | None) -> Page:
    """The page that tells a person `reason`.

    Args:
        headers: the request's.
        host: as the viewer named it.
        brand: whose page it is.
        link: the first digits of the link's signature.
    """
    return refusal_page(
        f"link.{reason.code}-{reason.status}",
        _DRAWN.get(reason, _OTHERWISE),
        headers=headers,
        host=host,
        brand=brand,
        button=Button("again") if reason.retry_after is not None or reason is reasons.STORAGE else None,
        reference=link,
    )
