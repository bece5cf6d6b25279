"""JSON or the bare URL, as the caller prefers."""

import pytest

from common.http_api.negotiation import HTML, JSON, TEXT, preferred


@pytest.mark.parametrize(
    "accept",
    [
        "text/plain",
        "Text/Plain; charset=utf-8",
        "text/*",
        "text/plain, */*",
        "text/plain, application/json;q=0.5",
        "application/json;q=0.1,text/plain;q=0.2",
        "text/plain;Q=0.5, */*;q=0.4",
        "application/json;q=0, */*",
    ],
)
def test_text_is_sent_to_whoever_ranks_it_higher(accept: str) -> None:
    assert preferred(accept, (JSON, TEXT), default=JSON) == TEXT


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/json, text/plain, */*",
        "text/plain;q=0",
        "text/plain;q=0, text/html",
        "text/plain;q=0.4, application/json;q=0.5",
        "text/plain;q=nonsense",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/plaintext",
        ";;,,/",
    ],
)
def test_json_is_sent_to_everybody_else(accept: str) -> None:
    assert preferred(accept, (JSON, TEXT), default=JSON) == JSON


@pytest.mark.parametrize("default", [HTML, JSON, TEXT])
@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/json", JSON),
        ("application/json, text/plain, */*", JSON),
        ("text/plain", TEXT),
        ("text/plain, text/html;q=0.9", TEXT),
        ("text/html, application/json", HTML),
    ],
)
def test_a_form_that_is_named_is_sent_whatever_the_default(accept: str, form: str, default: str) -> None:
    assert preferred(accept, (HTML, JSON, TEXT), default) == form


@pytest.mark.parametrize("default", [HTML, JSON, TEXT])
@pytest.mark.parametrize("accept", ["", "*/*", "image/png", "*/*;q=0.1", "text/html;q=0"])
def test_the_default_is_sent_to_whoever_takes_anything(accept: str, default: str) -> None:
    assert preferred(accept, (HTML, JSON, TEXT), default) == default
