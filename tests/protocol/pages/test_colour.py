"""Whatever colour a brand brings, what is written in it and on it can be read."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onetime_urls.protocol.pages.colour import LEAST_CONTRAST, contrast, ink_on, is_colour, readable_on
from onetime_urls.protocol.pages.style import CARD_BY_NIGHT, PAPER, design

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # As in WCAG's technique G18 and its definition.
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_the_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("ground", [PAPER, CARD_BY_NIGHT])
@settings(max_examples=200)
@given(colour=colours)
def test_every_colour_becomes_one_that_can_be_read_and_be_written_on(ground: str, colour: str) -> None:
    accent = readable_on(colour, ground)
    assert contrast(accent, ground) >= LEAST_CONTRAST
    assert contrast(ink_on(accent), accent) >= LEAST_CONTRAST


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable_on("#0a5c8f", PAPER) == "#0a5c8f"
    assert readable_on("#ffd400", CARD_BY_NIGHT) == "#ffd400"


@pytest.mark.parametrize("text", ["", "#fff", "red", "#12345g", "#123456;", "#123456 ", "123456"])
def test_what_is_no_colour_of_six_digits_is_none(text: str) -> None:
    assert not is_colour(text)


def tokens(sheet: str, *, night: bool) -> dict[str, str]:
    """The tokens that are colours, the last of each name."""
    marked = sheet.replace("@media (prefers-color-scheme: dark)", "\0")
    blocks: list[str] = re.findall(
        r"\0 \{\s*:root \{(.*?)\}" if night else r"(?:^|\n):root \{(.*?)\}", marked, re.S
    )
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})\b", " ".join(blocks)))


@pytest.mark.parametrize("colour", [None, "#ffd400", "#0a5c8f", "#000000", "#ffffff"])
@pytest.mark.parametrize("night", [False, True])
def test_every_text_colour_can_be_read_on_paper_and_card_by_day_and_by_night(
    colour: str | None, night: bool
) -> None:
    page = tokens(design(colour), night=night)
    for ink, ground in product(
        ("--ink", "--ink-soft", "--accent", "--good", "--warn", "--bad"), ("--paper", "--card")
    ):
        assert contrast(page[ink], page[ground]) >= LEAST_CONTRAST, (ink, ground)
    assert contrast(page["--accent-ink"], page["--accent"]) >= LEAST_CONTRAST
    assert contrast(page["--card"], page["--bad"]) >= LEAST_CONTRAST  # the button that takes away
