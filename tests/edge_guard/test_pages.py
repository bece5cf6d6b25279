"""What a person sees when a link isn't served."""

import json
import re
from typing import Any

import pytest

from common.edge.events import Headers, write_headers
from edge_guard.answers import answer
from edge_guard.origin_response import hide
from onetime_urls.protocol.links import reasons
from onetime_urls.protocol.links.reasons import Reason
from onetime_urls.protocol.pages.brand import MAX_LOGO_BYTES, ShownBrand, data_uri
from onetime_urls.protocol.pages.layout import page_policy

ALL = [value for value in vars(reasons).values() if isinstance(value, Reason)]
ACME = ShownBrand("Acme & Co", "#ffd400", data_uri("image/png", b"p" * MAX_LOGO_BYTES))


def person(languages: str = "") -> Headers:
    return write_headers({"Accept": "text/html,*/*;q=0.8", "Accept-Language": languages})


def value(made: dict[str, Any], name: str) -> str:
    return str(made["headers"][name][0]["value"])


def shown(reason: Reason, languages: str = "", **more: Any) -> dict[str, Any]:
    return answer(reason, headers=person(languages), host="files.example.com", link="0123456789ab", **more)


@pytest.mark.parametrize("reason", ALL, ids=lambda reason: f"{reason.code}-{reason.status}")
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_reason_has_a_page_in_the_language_that_is_asked_for(reason: Reason, language: str) -> None:
    made = shown(reason, f"{language};q=0.9,fr;q=0.5")
    assert value(made, "content-language") == language
    assert f'<html lang="{language}">' in made["body"]
    assert value(made, "vary") == "Accept, Accept-Language"
    assert value(made, "cache-control") == "no-store"
    assert value(made, "x-link-status") == reason.code
    assert "0123456789ab" in made["body"]
    assert len(made["body"].encode()) < 15_000


def test_the_largest_page_is_within_cloudfronts_limit() -> None:
    """40 KB with its headers (CloudFront Developer Guide, "Quotas on Lambda@Edge")."""
    for reason in ALL:
        assert len(json.dumps(shown(reason, "de", brand=lambda: ACME))) < 40_000


def test_the_page_has_a_policy_of_its_own_that_allows_its_style_and_nothing_else() -> None:
    assert value(shown(reasons.USED), "content-security-policy") == page_policy(None)
    branded = shown(reasons.USED, brand=lambda: ACME)
    assert value(branded, "content-security-policy") == page_policy("#ffd400")
    assert "form-action 'none'" in page_policy(None)


def test_used_expired_taken_back_unknown_and_try_again_are_drawn_differently() -> None:
    kinds = (
        reasons.USED,
        reasons.EXPIRED,
        reasons.REVOKED,
        reasons.UNKNOWN,
        reasons.UNAVAILABLE,
        reasons.STORAGE,
        reasons.NETWORK,
    )
    pictures = {re.findall(r'<span class="(ring.*?</span>)', shown(kind)["body"])[0] for kind in kinds}
    assert len(pictures) == len(kinds)


@pytest.mark.parametrize("reason", ALL, ids=lambda reason: f"{reason.code}-{reason.status}")
def test_trying_again_is_offered_where_it_helps(reason: Reason) -> None:
    offered = '<a class="button" href="">Try again</a>' in shown(reason)["body"]
    assert offered is (reason.retry_after is not None or reason is reasons.STORAGE)


def test_the_page_says_whose_it_is_and_where() -> None:
    body = shown(reasons.USED, brand=lambda: ACME)["body"]
    assert "<b>Acme &amp; Co</b>" in body
    assert "files.<wbr>example.<wbr>com" in body


def test_a_host_is_shown_in_lower_case() -> None:
    body = answer(reasons.USED, headers=person(), host="Files.EXAMPLE.com")["body"]
    assert "files.<wbr>example.<wbr>com" in body


@pytest.mark.parametrize("host", ["", "<script>", 'a"b', "a b", "files.example.com/x", "x" * 300 + " "])
def test_a_host_that_is_none_is_not_shown(host: str) -> None:
    body = answer(reasons.USED, headers=person(), host=host)["body"]
    assert "Handed out by" not in body
    assert "<script" not in body


def test_what_a_program_is_told_reads_no_brand_and_no_language() -> None:
    def unread() -> ShownBrand | None:
        raise AssertionError

    for accept in ("*/*", "application/json"):
        plain = answer(reasons.USED, headers=write_headers({"Accept": accept}))
        headers = write_headers({"Accept": accept, "Accept-Language": "de"})
        assert answer(reasons.USED, headers=headers, host="x", brand=unread) == plain


def test_a_page_in_s3s_place_shows_the_brand_and_not_s3s_host() -> None:
    request = {"headers": person("de") | write_headers({"Host": "bucket.s3.amazonaws.com"})}
    made = hide(request, {"status": "403", "headers": {}}, reasons.STORAGE, lambda: ACME)
    assert "Acme &amp; Co" in made["body"]
    assert "Die Datei war nicht lesbar" in made["body"]
    assert "amazonaws" not in made["body"]
