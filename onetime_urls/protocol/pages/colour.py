"""Decides how a brand's colour is shown, so that what is written in it and on it can be read.

A brand brings one colour, chosen for its own paper. Ours is nearly white by day and nearly black by night, so
the colour is moved towards ink or light until text in it has the contrast that WCAG 2.2 asks for (success
criterion 1.4.3: 4.5 to 1), and text on it is dark or light, whichever has more.
"""

import re

Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

LEAST_CONTRAST = 4.5
"""Between text and what it is on (WCAG 2.2, success criterion 1.4.3)."""

LIGHT, DARK = "#ffffff", "#0b0d10"
"""What text on a coloured ground is written in. One of both has 4.4 at least on any colour, and 4.5 on any
that `readable_on` gives."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_STEPS = 100


def is_colour(text: str) -> bool:
    """Whether this is a colour as we take it: `#` and six hexadecimal digits."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").

    Args:
        one, other: colours for which `is_colour` holds.
    """
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """What text on `colour` is written in: `LIGHT` or `DARK`, whichever can be read better."""
    return max(LIGHT, DARK, key=lambda ink: contrast(ink, colour))


def readable_on(colour: str, ground: str) -> str:
    """The colour nearest to `colour`, on its way to black or white, that can be read as text on `ground`.

    Args:
        ground: a colour on which `ink_on` can be read.
    """
    towards = _rgb("#000000" if ink_on(ground) == DARK else "#ffffff")
    start = _rgb(colour)
    mixed = (
        "#"
        + "".join(f"{round(a + (b - a) * step / _STEPS):02x}" for a, b in zip(start, towards, strict=True))
        for step in range(_STEPS + 1)
    )
    return next(each for each in mixed if contrast(each, ground) >= LEAST_CONTRAST)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: Rgb) -> float:
    """WCAG 2.2, "relative luminance"."""
    red, green, blue = (_linear(each / 255) for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
