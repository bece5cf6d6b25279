"""Whose pages they are: what a brand may be, and where it goes."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import pytest

from onetime_urls.cdk import Brand, OidcIssuer, OneTimeUrls, PrivateAssets, PropError
from onetime_urls.cdk.brand import CheckedBrand
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.pages.brand import ShownBrand
from tests.cdk.conftest import Strangers
from tests.stack.synthesis import Synthesised

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
ISSUER = OidcIssuer("https://login.example.com/", audience=["web"])


def brands(made: Synthesised) -> dict[str, Any]:
    """The brand of each function whose asset has one."""
    found = {}
    for function in made.resources("AWS::Lambda::Function"):
        with zipfile.ZipFile(made.packed(function["Properties"])) as archive:
            for path in map(PurePath, archive.namelist()):
                if path.match("*/brand.json"):
                    found[path.parent.name] = json.loads(archive.read(str(path)))
    return found


def test_the_brand_is_beside_the_code_of_each_function_that_shows_pages(
    strangers: Strangers, tmp_path: Path
) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    brand = Brand(name="Müller & Söhne", colour="#0A5C8F", logo=logo)
    stack = strangers.stack()
    OneTimeUrls(stack, "Links", brand=brand)
    PrivateAssets(stack, "Private", issuer=ISSUER, brand=replace(brand, logo=None))
    found = brands(strangers.synth())
    assert found.keys() == {"edge_guard", "share_page", "token_guard"}
    assert found["token_guard"] == {"name": "Müller & Söhne", "colour": "#0A5C8F"}
    assert found["edge_guard"] == found["share_page"]
    assert found["edge_guard"]["logo"].startswith("data:image/svg+xml;base64,PHN2Zy")


def test_without_a_brand_no_function_has_one(strangers: Strangers) -> None:
    OneTimeUrls(strangers.stack(), "Links")
    assert brands(strangers.synth()) == {}


def test_the_document_of_a_brand_is_read_as_it_was_written() -> None:
    for brand in (
        ShownBrand("A"),
        ShownBrand("A", "#123456"),
        ShownBrand("A", logo="data:image/png;base64,"),
    ):
        assert ShownBrand.from_plain(json.loads(json.dumps(brand.plain))) == brand


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "brand.name is '', it must be 1 to 60 characters that can be seen"),
        ({"name": " a"}, "brand.name is ' a'"),
        ({"name": "a\u202eb"}, "brand.name is 'a\\u202eb'"),
        ({"name": "a\nb"}, "brand.name is"),
        ({"name": "n" * 61}, "brand.name is"),
        ({"name": "${Token[TOKEN.1]}"}, "brand.name is"),
        ({"colour": "blue"}, "brand.colour is 'blue', it must be a colour such as #0a5c8f"),
        ({"colour": "#123456}body{"}, "brand.colour is"),
        ({"logo": "logo.gif"}, "brand.logo is logo.gif, it must be the path of an SVG or PNG file"),
        ({"logo": "no.svg"}, "brand.logo is no.svg, which can't be read: No such file or directory"),
    ],
)
def test_a_brand_that_cannot_be_shown_is_refused_in_a_sentence(
    strangers: Strangers, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PropError) as refused:
        CheckedBrand.of(Props(strangers.stack()), Brand(**{"name": "Acme", **given}))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("big.svg", SVG + b" " * 8192, "it must be 8192 at most"),
        ("fake.png", SVG, "whose content is no PNG"),
        ("fake.svg", b"\x89PNG\r\n\x1a\n", "whose content is no SVG"),
    ],
)
def test_a_file_that_is_no_small_picture_is_no_logo(
    strangers: Strangers, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PropError, match=sentence):
        CheckedBrand.of(Props(strangers.stack()), Brand(name="Acme", logo=tmp_path / name))
