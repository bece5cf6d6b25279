"""Draws each refusal of the token guard."""

from common.edge.events import Headers
from common.edge.pages import Button, Drawn, Page, refusal_page
from onetime_urls.protocol.pages.brand import ShownBrand
from onetime_urls.protocol.pages.document import Tone
from token_guard import refusals
from token_guard.refusals import Refusal

_SIGN_IN, _AGAIN, _OTHERWISE = Drawn("sign-in", Tone.ACCENT), Drawn("again", Tone.ACCENT), Drawn("refused")

_DRAWN = {
    refusals.NO_TOKEN: _SIGN_IN,
    refusals.INVALID: _SIGN_IN,
    refusals.DIFFERENT: Drawn("sign-in", Tone.WARN),
    refusals.FORBIDDEN: Drawn("locked", Tone.WARN),
    refusals.BAD_ADDRESS: Drawn("unknown"),
    refusals.MISSING: Drawn("gone"),
    refusals.STORAGE: _AGAIN,
    refusals.NO_KEYS: _AGAIN,
    refusals.UNAVAILABLE: _AGAIN,
}


def page(
    refusal: Refusal, *, headers: Headers, host: str, brand: ShownBrand | None, login: str | None
) -> Page:
    """The page that tells a person `refusal`.

    Args:
        headers: the request's.
        host: as the viewer named it.
        brand: whose page it is.
        login: where to sign in and come back from.
    """
    button = None
    if login and refusal.challenge:
        button = Button("sign-in", login)
    elif refusal.retry_after is not None:
        button = Button("again")
    return refusal_page(
        f"private.{refusal.code}-{refusal.status}",
        _DRAWN.get(refusal, _OTHERWISE),
        headers=headers,
        host=host,
        brand=brand,
        button=button,
    )
