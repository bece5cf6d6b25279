"""From a batch of CloudFront's log to outcomes in the links' records, on every engine."""

import secrets
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from log_reconciler import search
from log_reconciler.handler import handler, reconciler
from log_reconciler.search import Reconciler
from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.claims import Claim, claim_request
from onetime_urls.protocol.links.rules import Item
from tests.links import NOW, make_record
from tests.log_reconciler.invented import batch, logged
from tests.store.engines import Store
from tests.store.test_record_rules import cancel, fresh_target
from tests.url_issuer.world import context


class Links:
    """Links of one object in a store, and a reconciler that reads a log about them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.key = f"log/{secrets.token_hex(8)} ü.bin"

    def claimed(self, request_id: str, **changed: Any) -> Target:
        target = Target(self.key, fresh_target().parameters)
        self.store.put(make_record(target, **changed))
        claim = Claim(request_id, NOW, "203.0.113.7", "curl/8.5.0", "us-east-1")
        self.store.write(claim_request(self.store.table, target.signature, target.fingerprint, claim))
        return target

    def line(self, request_id: str, **changed: str) -> dict[str, str]:
        stem = "/" + self.key.replace(" ", "%20").replace("ü", "%C3%BC")
        return logged(x_edge_request_id=request_id, cs_uri_stem=stem, **changed)

    def read(self, *lines: dict[str, str] | str) -> None:
        made = Reconciler(self.store.client, self.store.table, longest=3600)
        with patch("log_reconciler.handler.reconciler", lambda: made):
            handler(batch(*lines), context())

    def outcomes(self, target: Target) -> dict[str, str | None]:
        item = self.store.get(target.signature)
        assert item is not None
        claims: Item = item["claims"]["M"]
        return {name: claim["M"].get("outcome", {}).get("S") for name, claim in claims.items()}


@pytest.fixture
def links(store: Store) -> Links:
    return Links(store)


def test_each_claim_gets_the_outcome_of_its_own_line(links: Links) -> None:
    whole, broken, silent = links.claimed("r-1"), links.claimed("r-2"), links.claimed("r-3")
    links.read(links.line("r-1"), links.line("r-2", sc_bytes="99"), links.line("r-0"))
    assert links.outcomes(whole) == {"r-1": "delivered"}
    assert links.outcomes(broken) == {"r-2": "failed"}
    assert links.outcomes(silent) == {"r-3": None}


def test_a_path_that_is_escaped_once_more_leads_to_the_same_claim(links: Links) -> None:
    target = links.claimed("r-1")
    line = links.line("r-1")
    links.read(line | {"cs-uri-stem": line["cs-uri-stem"].replace("%", "%25")})
    assert links.outcomes(target) == {"r-1": "delivered"}


def test_a_batch_that_comes_twice_changes_nothing_more(links: Links) -> None:
    target = links.claimed("r-1")
    links.read(links.line("r-1"))
    once = links.store.get(target.signature)
    links.read(links.line("r-1"), links.line("r-1", sc_bytes="0"))
    assert links.store.get(target.signature) == once


def test_a_claim_that_was_given_back_gets_no_outcome(links: Links) -> None:
    target = links.claimed("r-1")
    cancel(links.store, target, "r-1")
    links.read(links.line("r-1", sc_status="503"))
    assert links.outcomes(target) == {}


def test_junk_in_a_batch_keeps_no_line_from_being_read(links: Links) -> None:
    target = links.claimed("r-1")
    links.read("junk", "{}", links.line("r-1"))
    assert links.outcomes(target) == {"r-1": "delivered"}


def test_a_claim_of_another_object_is_not_looked_for(links: Links) -> None:
    target = links.claimed("r-1")
    links.read(links.line("r-1") | {"cs-uri-stem": "/another.bin"})
    assert links.outcomes(target) == {"r-1": None}


def test_links_too_old_to_have_been_claimed_are_not_read(links: Links) -> None:
    old = links.claimed("r-1", issued_at=NOW - 3600 - 901)
    links.read(links.line("r-1"))
    assert links.outcomes(old) == {"r-1": None}


def test_claims_are_found_beyond_the_first_page_and_not_beyond_the_bound(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE", 2)
    monkeypatch.setattr(search, "MAX_LINKS", 4)
    made = [links.claimed(f"r-{age}", issued_at=NOW - age) for age in range(6)]
    links.read(*(links.line(f"r-{age}") for age in range(6)))
    found = [links.outcomes(target)[f"r-{age}"] for age, target in enumerate(made)]
    assert found == ["delivered"] * 4 + [None] * 2


def test_requests_that_came_to_nothing_do_not_use_a_batch_up(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_READS", 1)
    busy, quiet = links, Links(links.store)
    for number in range(3):
        busy.claimed(f"b-{number}")
    target = quiet.claimed("r-1")
    links.read(busy.line("junk", sc_status="503"), quiet.line("r-1"))
    assert links.outcomes(target) == {"r-1": "delivered"}


def test_the_function_finds_its_table_by_its_arn(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/OneTimeUrls-links"
    monkeypatch.setenv("LINKS_TABLE_ARN", arn)
    monkeypatch.setenv("MAX_LIFETIME_SECONDS", "3600")
    reconciler.cache_clear()
    made = reconciler()
    reconciler.cache_clear()
    assert (made.table, made.longest) == (arn, 3600)
    assert made.dynamodb.meta.region_name == "eu-west-1"


def test_a_batch_that_the_table_does_not_take_is_counted_and_tried_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    gone: Any = boto3.client("dynamodb", "us-east-1", endpoint_url="http://127.0.0.1:1")
    made = Reconciler(gone, "links", longest=3600)
    line = logged(x_edge_request_id="r-1", cs_uri_stem="/a.txt")
    with patch("log_reconciler.handler.reconciler", lambda: made), pytest.raises(EndpointConnectionError):
        handler(batch(line), context())
    assert '"Unavailable":[1.0]' in capsys.readouterr().out
