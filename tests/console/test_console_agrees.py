"""What the console decides by rules of its own that Python has too: the two come to the same."""

import json
import subprocess
from pathlib import Path
from typing import Any

from common.http_api.errors import Refused
from common.http_api.fields import checked
from common.link_minting.disposition import name_problem
from onetime_urls.protocol.pages.files import KINDS
from onetime_urls.protocol.pages.texts import texts_for
from onetime_urls.protocol.pages.words import size_in_words
from share_admin.fields import share_fields
from share_admin.settings import Settings
from tests.shares.world import ENVIRONMENT

_APP = (Path(__file__).parents[2] / "console/app").as_uri()
_FIELDS = share_fields(Settings.from_environment(ENVIRONMENT))

_SIZES = [0, 1, 6, 999, 1000, 1250, 1350, 9949, 9950, 98_500, 999_499, 999_500, 1_250_000, 5 * 10**12]
_TEXTS = [
    "plain",
    "a b",
    " a",
    "a ",
    "two\nlines",
    "bell\x07",
    "del\x7f",
    "nel\x85",
    "sep\u2028",
    "\u202egpj.exe",
]
_TEXTS += [
    "\u2066x",
    "\u061cx",
    "\u200e",
    "\u200b\u00ad",
    "\u3000",
    ".",
    " .. ",
    "a/b",
    "a\\b",
    "\U0001f600" * 4,
]
_TEXTS += [character * count for character in "aé" for count in (3, 4, 64, 65, 127, 128, 255, 256, 500, 501)]


_ICONS = {"document": "text", "picture": "image", "table": "text", "slides": "text", "program": "file"}
"""How the console draws the kinds of files that it has no picture of the same name for."""


def _ask(script: str, *given: Any) -> Any:
    """What an expression over the console's modules comes to, `given` in hand."""
    done = subprocess.run(
        [
            "node",
            "--input-type=module",
            "--eval",
            f"console.log(JSON.stringify(await ({script})(...{json.dumps(given)})))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def test_the_console_and_the_pages_say_a_size_in_the_same_words() -> None:
    said = _ask(
        f"""async (sizes, languages) => {{
          const {{ formatSize }} = await import("{_APP}/parts/format.js");
          return languages.map((language) => sizes.map((size) => formatSize(size, language)));
        }}""",
        _SIZES,
        ["en", "de"],
    )
    for language, sizes in zip(("en", "de"), said, strict=True):
        texts = texts_for(language)
        assert [each.replace("\u00a0", " ") for each in sizes] == [size_in_words(n, texts) for n in _SIZES]


def test_the_console_and_the_pages_take_a_name_for_the_same_kind_of_file() -> None:
    kinds = {f"a.{ending.upper()}": kind for kind, endings in KINDS.items() for ending in endings.split()}
    kinds |= {"pdf": "file", "a.pdf.ever": "file", ".pdf": "document", "": "file"}
    icons = _ask(
        f"""async (names) => {{
          const {{ iconOf }} = await import("{_APP}/parts/icon.js");
          return names.map(iconOf);
        }}""",
        [*kinds],
    )
    drawn = dict(zip(kinds, icons, strict=True))
    assert drawn == {name: _ICONS.get(kind, kind) for name, kind in kinds.items()}


def test_the_console_refuses_the_names_pins_and_notes_that_the_api_refuses_and_no_others() -> None:
    answers = _ask(
        f"""async (texts) => {{
          const {{ blank, problems, request }} = await import("{_APP}/handing/wanted.js");
          const config = {{ once: {{}}, shares: {{ maxDays: 30, maxDownloads: 20 }} }};
          const filled = (way, field, text) => {{
            const form = blank(config, "key");
            return {{ ...form, way, [way]: {{ ...form[way], [field]: text }} }};
          }};
          const isFine = (way, field, text) => !(field in problems(filled(way, field, text), config));
          return texts.map((text) => [
            isFine("once", "filename", text),
            isFine("page", "pin", text),
            isFine("page", "note", text),
            request(filled("page", "note", text), config, "key").note ?? null,
          ]);
        }}""",
        _TEXTS,
    )
    for text, (name, pin, note, sent) in zip(_TEXTS, answers, strict=True):
        assert name == (name_problem(text) is None), text
        assert pin == _is_taken("pin", text), text
        assert note == (sent is None or _is_taken("note", sent)), text


def _is_taken(name: str, text: str) -> bool:
    try:
        checked({name: text}, {name: _FIELDS[name]})
    except Refused:
        return False
    return True
