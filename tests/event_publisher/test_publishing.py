"""A batch of changes becomes lines of the audit trail and events on a bus, the lines first."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from event_publisher import handler as publisher
from tests.event_publisher.test_changes import CLAIMED, MINTED, change
from tests.url_issuer.world import context


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("EVENT_BUS_NAME", "links")
    publisher.events.cache_clear()
    with mock_aws():
        client: Any = boto3.client("events", region_name="us-east-1")
        client.create_event_bus(Name="links")
        yield client
    publisher.events.cache_clear()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the function logs, but its metrics, which are printed."""
    written = io.StringIO()
    [console] = publisher.logger.handlers
    monkeypatch.setattr(console, "stream", written)
    return written


def lines(log: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_event_is_a_line_of_the_audit_trail_and_one_on_the_bus(bus: Any, log: io.StringIO) -> None:
    assert publisher.handler({"Records": [change(MINTED, CLAIMED)]}, context()) == {"batchItemFailures": []}
    [line] = lines(log)
    assert (line["message"], line["event"], line["address"]) == ("link claimed", "e-1-0", "203.0.113.7")


def test_the_audit_trail_has_what_the_bus_does_not_take(
    bus: Any, log: io.StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: Any, **_: Any) -> None:
        raise ReadTimeoutError(endpoint_url=request.url)

    client = publisher.events()
    client.meta.events.register_first("before-send.events.PutEvents", refuse)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    answer = publisher.handler({"Records": [change(MINTED, CLAIMED)]}, context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    audit, warning = lines(log)
    assert audit["message"] == "link claimed"
    assert '"Unavailable":[1.0]' in capsys.readouterr().out
    assert (warning["level"], warning["message"]) == ("WARNING", "not published")


def test_an_event_that_the_bus_refuses_is_tried_again(
    bus: Any, log: io.StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENT_BUS_NAME", "*** no bus has this name ***")
    answer = publisher.handler({"Records": [change(None, MINTED)]}, context())
    assert answer["batchItemFailures"] == [{"itemIdentifier": "1"}]
    assert [line["message"] for line in lines(log)] == ["link minted", "not published"]
    assert '"Unavailable":[1.0]' in capsys.readouterr().out
