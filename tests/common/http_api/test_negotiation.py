"""JSON or the bare URL, as the caller prefers."""

import pytest

from common.http_api.negotiation import prefers_text


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
    assert prefers_text(accept)


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
    assert not prefers_text(accept)
