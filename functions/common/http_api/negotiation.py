"""Picks the form of an answer from the request's `Accept` header (RFC 9110, section 12.5.1)."""

from onetime_urls.protocol.pages.language import quality

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"


def preferred(accept: str, offered: tuple[str, ...], default: str) -> str:
    """The one of `offered` that `accept` ranks highest: by quality, then by being named more exactly.

    Args:
        offered: media types; a tie goes to the first that was named.
        default: of `offered`, for a client that names none or takes anything (`*/*`).
    """
    ranked = {each: _rank(each, accept) for each in offered}
    weight, exactness = best = max(ranked.values())
    if weight == 0 or (exactness == 1 and ranked[default] == best):
        return default
    return next(each for each in offered if ranked[each] == best)


def _rank(media_type: str, accept: str) -> tuple[float, int]:
    """Quality and exactness (3 to 1) of the most exact range that covers `media_type`; zeros if none."""
    exactness = {media_type: 3, media_type.partition("/")[0] + "/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range in exactness:
            best = max(best, (exactness[media_range], quality(parameters)))
    return best[1], best[0]
