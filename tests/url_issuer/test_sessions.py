"""The signer's session between mints: kept, renewed, and never promised beyond."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from tests.url_issuer.world import Deployment, target_of
from url_issuer.handler import issuer


class Clock:
    """The issuer's and botocore's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(cloud: Deployment, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("botocore.auth.get_current_datetime", clock)
    monkeypatch.setattr(issuer(), "now", lambda: clock.now.timestamp())
    return clock


def sessions_last(cloud: Deployment, seconds: int, clock: Clock) -> None:
    """STS grants sessions of this length, whatever was asked for."""

    def shorten(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Credentials"]["Expiration"] = clock.now + timedelta(seconds=seconds)

    cloud.hook(issuer().sts, "after-call.sts.AssumeRole", shorten)


def test_a_session_is_renewed_when_a_link_would_outlive_it(cloud: Deployment, clock: Clock) -> None:
    sessions_last(cloud, 3600, clock)
    for _ in range(5):
        assert cloud.mint("a.txt", expires_in=900)["expires_in"] == 900
        clock.move(660)
    assert cloud.calls.count("AssumeRole") == 1
    cloud.mint("a.txt", expires_in=900)
    assert cloud.calls.count("AssumeRole") == 2


def test_the_longest_links_are_cut_to_what_a_fresh_session_holds(cloud: Deployment, clock: Clock) -> None:
    sessions_last(cloud, 3600, clock)
    body = cloud.mint("a.txt", expires_in=3600)
    [record] = cloud.records()
    assert body["expires_in"] == 3540
    assert body["expires_at"] == int(record["expires_at"]["N"]) == int(clock.now.timestamp()) + 3540
    assert target_of(body["url"]).parameters["X-Amz-Expires"] == "3600"


def test_the_window_for_resuming_comes_out_of_the_session(cloud: Deployment, clock: Clock) -> None:
    sessions_last(cloud, 3600, clock)
    body = cloud.mint("a.txt", expires_in=3600, resume=900)
    assert body["expires_in"] == 3600 - 900 - 60
    assert target_of(body["url"]).parameters["X-Amz-Expires"] == "3600"


def test_a_burst_of_the_longest_links_assumes_the_role_once_a_minute(cloud: Deployment, clock: Clock) -> None:
    sessions_last(cloud, 3600, clock)
    lifetimes = []
    for _ in range(7):
        lifetimes.append(cloud.mint("a.txt", expires_in=3600)["expires_in"])
        clock.move(20)
    assert lifetimes == [3540, 3520, 3500, 3540, 3520, 3500, 3540]
    assert cloud.calls.count("AssumeRole") == 3


def test_no_promise_outlasts_the_session_even_if_the_clock_moves_between_two_readings(
    cloud: Deployment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions_last(cloud, 3600, clock)
    session_end = int(clock.now.timestamp()) + 3600
    late = clock.now + timedelta(seconds=2)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: late)
    body = cloud.mint("a.txt", expires_in=3600)
    assert body["expires_at"] == session_end - 60
    assert body["expires_in"] == 3538


def test_a_session_too_short_for_any_link_is_a_503_and_nothing_is_stored(
    cloud: Deployment, clock: Clock
) -> None:
    sessions_last(cloud, 60, clock)
    cloud.put("a.txt")
    answer = cloud.ask("key=a.txt")
    assert (answer.status, answer.json["error"]) == (503, "unavailable")
    assert cloud.records() == []


def test_a_failed_renewal_does_not_spoil_the_session_at_hand(cloud: Deployment, clock: Clock) -> None:
    sessions_last(cloud, 3600, clock)
    cloud.mint("a.txt", expires_in=60)
    clock.move(3000)
    cloud.disturb("AssumeRole", *[ConnectTimeoutError(endpoint_url="https://example.com")] * 2)
    assert cloud.ask("key=a.txt&expires_in=3600").status == 503
    assert cloud.ask("key=a.txt&expires_in=60").status == 200
