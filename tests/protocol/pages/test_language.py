"""Which language a page is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetime_urls.protocol.pages.language import LANGUAGES, preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("en;q=0.5, de;q=0.8", "de"),
        ("de;q=0.8, en;q=0.8", "de"),  # of those alike, the one that is named first
        ("en, de", "en"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr, de;q=0.1", "de"),
        ("de;q=0", "en"),
        ("de;q=0, *", "en"),
        ("en;q=0, *;q=0.3", "de"),
        ("*", "en"),
        ("*;q=0.5, de;q=0.4", "en"),
        ("de;q=1.5", "en"),  # no weight
        ("de; q=0.9 ,en;q=0.8", "de"),
        ("deu", "en"),
        ("en;q=0.9;level=1, de", "de"),
        ("x," * 40 + "de", "en"),  # beyond what is looked at
    ],
)
def test_the_language_that_is_weighted_highest_is_chosen_and_english_otherwise(
    header: str, language: str
) -> None:
    assert preferred_language(header) == language


@given(st.text())
def test_every_header_comes_to_a_language(header: str) -> None:
    assert preferred_language(header) in LANGUAGES
