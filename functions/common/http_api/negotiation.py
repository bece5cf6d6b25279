"""Picks the form of an answer from the request's `Accept` header (RFC 9110, section 12.5.1)."""

import re

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)


def prefers_text(accept: str) -> bool:
    """Whether `accept` ranks plain text above JSON: by quality, then by being named more exactly.

    Media ranges and qualities are those of RFC 9110, section 12.5.1. A tie goes to JSON.
    """
    text = _rank("text/plain", accept)
    return text[0] > 0 and text > _rank("application/json", accept)


def _rank(media_type: str, accept: str) -> tuple[float, int]:
    """Quality and exactness (3 to 1) of the most exact range that covers `media_type`; zeros if none."""
    exactness = {media_type: 3, media_type.partition("/")[0] + "/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range in exactness:
            best = max(best, (exactness[media_range], _quality(parameters)))
    return best[1], best[0]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            return float(value) if _QUALITY.fullmatch(value) else 0.0
    return 1.0
