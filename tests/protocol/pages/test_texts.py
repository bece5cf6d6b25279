"""What pages say: the same in each language, and all of it."""

import re
from string import Template
from types import ModuleType

import pytest

from onetime_urls.protocol.links import reasons
from onetime_urls.protocol.links.reasons import Reason
from onetime_urls.protocol.pages.files import KINDS, kind_of_file
from onetime_urls.protocol.pages.icons import NAMES
from onetime_urls.protocol.pages.texts import de, en, english, texts_for
from onetime_urls.protocol.pages.words import moment_in_words, size_in_words, span_in_words
from share_page.result import VisitStatus
from token_guard import refusals
from token_guard.refusals import Refusal

MODULES = [en, de]
ENGLISH, GERMAN = english(), texts_for("de")


def test_each_language_has_the_same_texts_with_the_same_values() -> None:
    assert list(de.TEXTS) == list(en.TEXTS)
    for key, text in en.TEXTS.items():
        assert set(Template(text).get_identifiers()) == set(Template(de.TEXTS[key]).get_identifiers()), key


@pytest.mark.parametrize("module", MODULES)
def test_every_text_is_whole(module: ModuleType) -> None:
    for key, text in module.TEXTS.items():
        assert text == text.strip() != "", key
        assert Template(text).is_valid(), key
        assert "  " not in text, key
        if re.search(r"[a-z]{3} [a-z]", text) and key.count(".") == 1 and key.startswith(("link", "private")):
            assert text.endswith("."), key


@pytest.mark.parametrize("module", MODULES)
def test_texts_for_people_have_the_quotation_marks_and_apostrophes_of_print(module: ModuleType) -> None:
    assert [key for key, text in module.TEXTS.items() if "'" in text or '"' in text] == []


def test_what_is_counted_has_a_text_for_one() -> None:
    counted = {key.removesuffix(".one") for key in en.TEXTS if key.endswith(".one")}
    assert counted == {key for key, text in en.TEXTS.items() if "$count" in text}


def test_every_result_reason_and_refusal_has_a_heading_and_a_sentence() -> None:
    linked = [value for value in vars(reasons).values() if isinstance(value, Reason)]
    refused = [value for value in vars(refusals).values() if isinstance(value, Refusal)]
    keys = {f"link.{reason.code}-{reason.status}" for reason in linked}
    keys |= {f"private.{refusal.code}-{refusal.status}" for refusal in refused}
    keys |= {f"share.{status}" for status in VisitStatus if status is not VisitStatus.READY}
    for key in keys:
        assert en.TEXTS[key]
        assert en.TEXTS[f"{key}.heading"]
    of_guards = {key for key in en.TEXTS if key.startswith(("link.", "private."))}
    assert {key.removesuffix(".heading") for key in of_guards} <= keys  # and none is left over


@pytest.mark.parametrize("kind", [*KINDS, "file"])
def test_every_kind_of_file_has_a_picture_and_a_word(kind: str) -> None:
    assert kind in NAMES
    assert en.TEXTS[f"kind.{kind}"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("report.PDF", "document"),
        ("archive.tar.gz", "archive"),
        ("holiday.jpeg", "picture"),
        ("setup.exe", "program"),
        ("README", "file"),
        ("pdf", "file"),
        (".pdf", "document"),
        ("what.ever", "file"),
        ("", "file"),
    ],
)
def test_a_files_kind_is_told_by_its_ending(name: str, kind: str) -> None:
    assert kind_of_file(name) == kind


def test_no_ending_stands_for_two_kinds() -> None:
    endings = [ending for each in KINDS.values() for ending in each.split()]
    assert len(endings) == len(set(endings))


def test_sizes_read_well_in_each_language() -> None:
    sizes = [size_in_words(n, ENGLISH) for n in (0, 1, 999, 1000, 1500, 999_499, 999_500, 7 * 10**12)]
    assert sizes == ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "1.5 kB", "999 kB", "1.0 MB", "7.0 TB"]
    assert [size_in_words(n, GERMAN) for n in (1, 6, 1500)] == ["1 Byte", "6 Byte", "1,5 kB"]


def test_spans_read_well_in_each_language_and_are_rounded_up() -> None:
    spans = [span_in_words(n, ENGLISH) for n in (-5, 1, 60, 61, 3600, 3601, 86_400, 86_401)]
    assert spans[:5] == ["in 1 minute", "in 1 minute", "in 1 minute", "in 2 minutes", "in 60 minutes"]
    assert spans[5:] == ["in 2 hours", "in 24 hours", "in 2 days"]
    assert span_in_words(7 * 86_400, GERMAN) == "in 7 Tagen"


def test_a_moment_reads_well_in_each_language() -> None:
    moment = 1_795_874_580
    assert moment_in_words(moment, ENGLISH) == "Saturday, 28 November 2026, 14:03 UTC"
    assert moment_in_words(moment, GERMAN) == "Samstag, 28. November 2026, 14:03 Uhr UTC"
    assert moment_in_words(moment + 100 * 86_400, GERMAN).startswith("Montag, 8. März 2027")
