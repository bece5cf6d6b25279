"""A page: whose it is, what it weighs, and what it may do."""

import hashlib
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from onetime_urls.protocol.pages.brand import MAX_LOGO_BYTES, ShownBrand, data_uri
from onetime_urls.protocol.pages.document import Site, Tone, document, favicon, state
from onetime_urls.protocol.pages.icons import NAMES, icon
from onetime_urls.protocol.pages.layout import page_policy
from onetime_urls.protocol.pages.markup import html
from onetime_urls.protocol.pages.texts import english

ACME = ShownBrand('<b>"Acme" & Söhne', "#ffd400")


def page(site: Site) -> str:
    content = state("used", Tone.PLAIN, "Heading", "Sentence")
    return document(content, site=site, texts=english(), title="Title")


@pytest.mark.parametrize("brand", [None, ACME])
def test_the_policy_allows_the_pages_own_style_and_no_script(brand: ShownBrand | None) -> None:
    site = Site("files.example.com", brand)
    [style] = re.findall(r"<style>(.*?)</style>", page(site), re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page_policy(site.colour)
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "script" not in policy + page(site)
    assert " style=" not in page(site)


def test_the_page_names_brand_and_domain_and_escapes_both() -> None:
    made = page(Site("evil.example<i>", ACME))
    assert "&lt;b&gt;&quot;Acme&quot; &amp; Söhne" in made
    assert "<i>" not in made
    assert "evil.<wbr>example&lt;i&gt;" in made


def test_a_page_without_a_brand_names_its_domain_alone() -> None:
    made = page(Site("files.example.com"))
    assert '<span class="soft">Handed out by</span><b>files.<wbr>example.<wbr>com</b>' in made
    assert "<header" not in page(Site())


def test_the_logo_is_inside_the_page_and_without_one_the_name_has_a_letter() -> None:
    logo = data_uri("image/png", b"\x89PNG")
    assert f'<img class="mark" src="{logo}" alt="">' in page(Site("x", ShownBrand("Acme", logo=logo)))
    assert '<span class="mark" aria-hidden="true">Ä</span>' in page(Site("x", ShownBrand("äcme")))


def test_the_icon_of_the_tab_is_inside_the_page_in_the_brands_colour() -> None:
    [encoded] = re.findall(
        r'<link rel="icon" href="data:image/svg\+xml;base64,([^"]+)">',
        page(Site("x", ShownBrand("Acme", "#0a5c8f"))),
    )
    assert b'fill="#0a5c8f"' in b64decode(encoded)


def test_the_console_has_the_same_picture_in_its_tab() -> None:
    drawn = Path(__file__).parents[3] / "console" / "favicon.svg"
    assert drawn.read_text(encoding="utf-8").strip() == favicon(None).replace("#ffffff", "#fff")


def test_a_page_with_the_largest_logo_fits_into_what_a_guard_may_answer() -> None:
    bare = page(Site("files.example.com", ACME))
    assert len(bare.encode()) < 15_000
    logo = data_uri("image/svg+xml", b"<" * MAX_LOGO_BYTES)
    assert len(page(Site("files.example.com", ShownBrand("n" * 60, logo=logo))).encode()) < 30_000


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_picture_is_well_formed_and_hidden_from_those_who_listen(name: str) -> None:
    drawn = icon(name)
    assert 'aria-hidden="true"' in drawn
    assert drawn.count("<") == drawn.count(">")


def test_every_value_of_a_template_is_escaped_but_what_is_html_already() -> None:
    assert html("<p>$x</p>", x="<i>'\"&") == "<p>&lt;i&gt;&#x27;&quot;&amp;</p>"
    assert html("$x", x=html("<b>$y</b>", y="<")) == "<b>&lt;</b>"
