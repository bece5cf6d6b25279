"""Picks the language of a page from the request's `Accept-Language` header (RFC 9110, section 12.5.4).

A range covers a language if it is the language, or the language with anything behind it (`de-AT`), or `*`.
That is the lookup of RFC 4647 (section 3.4) for languages without regions.
"""

import re

LANGUAGES = ("en", "de")
"""Those that there are texts in; the first is for whoever asks for none of them."""

_LONGEST, _MOST = 1024, 32
"""Characters and ranges that are looked at: browsers send a dozen at most."""

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)


def preferred_language(accept_language: str) -> str:
    """The one of `LANGUAGES` that the header ranks highest; of those alike, the one that it names first."""
    ranges = [_range(each) for each in accept_language[:_LONGEST].lower().split(",")[:_MOST]]
    ranked: dict[str, tuple[float, int]] = {}
    for language in LANGUAGES:
        exact = [(quality, -place) for place, (name, quality) in enumerate(ranges) if name == language]
        rest = [(quality, -place) for place, (name, quality) in enumerate(ranges) if name == "*"]
        ranked[language] = max(exact or rest, default=(0.0, -_MOST))
    best = max(LANGUAGES, key=lambda language: ranked[language])
    return best if ranked[best][0] > 0 else LANGUAGES[0]


def quality(parameters: list[str]) -> float:
    """The weight among a range's parameters: 1 where there is none, 0 where it isn't one (RFC 9110, section
    12.4.2)."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            return float(value) if _QUALITY.fullmatch(value) else 0.0
    return 1.0


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in text.split(";"))
    return name.partition("-")[0], quality(parameters)
