"""How a claim is retried, recognised and undone, outcome by outcome."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from edge_guard.claim import (
    CANCEL_TIMEOUT,
    CLAIM_TIMEOUTS,
    MARGIN,
    ClaimProtocol,
    Refusal,
    Reply,
    WriteResult,
)
from onetime_urls.protocol.links.claims import Claim
from onetime_urls.protocol.links.reasons import EXPIRED, UNAVAILABLE, UNKNOWN, USED, Reason
from onetime_urls.protocol.links.rules import Item, Request
from tests.links import NOW, make_record, make_target

TARGET = make_target()
CLAIM = Claim("r-1", NOW, "203.0.113.7", "curl/8.5.0", "eu-west-1")
ITEM = make_record(TARGET).item()
MINE = {**ITEM, "claims": {"M": {"r-1": {"M": {}}}}}
OTHERS = {**ITEM, "claims": {"M": {"r-0": {"M": {}}}}}
GIVEN_BACK = {**ITEM, "given_back": {"M": {"r-1": {"N": "1"}}}}

APPLIED = Reply(WriteResult.APPLIED, MINE)
NOT_APPLIED = Reply(WriteResult.NOT_APPLIED)
LOST = Reply(WriteResult.UNKNOWN)


def failed(item: Item | None) -> Reply:
    return Reply(WriteResult.CONDITION_FAILED, item)


@dataclass
class Run:
    """A run of the protocol against scripted replies, on a clock that each write advances."""

    replies: list[Reply]
    left: float = 5.0
    sent: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def write(self, request: Request, timeout: float) -> Reply:
        assert 0 < timeout <= self.left
        self.sent.append("cancel" if "#given_back.#id = :now" in request["UpdateExpression"] else "claim")
        reply = self.replies.pop(0) if self.replies else LOST
        self.left -= timeout if reply.result is WriteResult.UNKNOWN else 0.01
        return reply

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.left -= seconds

    def redeem(self) -> Item | Reason:
        """The item, or the reason of a refusal."""
        protocol = ClaimProtocol("links", self.write, lambda: self.left, self.pause)
        result = protocol.redeem(TARGET.signature, TARGET.fingerprint, CLAIM)
        return result.reason if isinstance(result, Refusal) else result


def test_a_claim_that_is_applied_wins_with_one_write() -> None:
    run = Run([APPLIED])
    assert run.redeem() == MINE
    assert run.sent == ["claim"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (OTHERS, USED),
        (None, UNKNOWN),
        ({**ITEM, "expires_at": {"N": str(NOW)}}, EXPIRED),
        (GIVEN_BACK, UNAVAILABLE),
    ],
)
def test_a_refused_claim_says_why_with_one_write(item: Item | None, reason: Reason) -> None:
    run = Run([failed(item)])
    assert run.redeem() is reason
    assert run.sent == ["claim"]


def test_a_lost_reply_is_recognised_as_our_own_claim() -> None:
    run = Run([LOST, failed(MINE)])
    assert run.redeem() == MINE
    assert run.sent == ["claim", "claim"]


def test_a_claim_in_doubt_that_another_won_is_cancelled_and_used() -> None:
    run = Run([LOST, failed(OTHERS), APPLIED])
    assert run.redeem() is USED
    assert run.sent == ["claim", "claim", "cancel"]


def test_a_write_that_was_certainly_not_applied_is_sent_again_after_a_pause() -> None:
    run = Run([NOT_APPLIED, APPLIED])
    assert run.redeem() == MINE
    assert run.pauses == [pytest.approx(0.05)]


def test_a_claim_that_was_certainly_not_applied_needs_no_cancelling() -> None:
    run = Run([NOT_APPLIED, NOT_APPLIED])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim"]


@pytest.mark.parametrize("replies", [[LOST, LOST], [NOT_APPLIED, LOST], [LOST, NOT_APPLIED]])
def test_a_claim_whose_outcome_stays_unknown_is_cancelled_before_the_answer(replies: list[Reply]) -> None:
    run = Run([*replies, APPLIED])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim", "cancel"]


def test_cancelling_is_repeated_while_there_is_time_and_then_ends() -> None:
    run = Run([])
    assert run.redeem() is UNAVAILABLE
    assert run.sent[:3] == ["claim", "claim", "cancel"]
    assert len(run.sent) <= 5
    assert run.left > 0


def test_cancelling_a_claim_of_a_link_that_is_not_there_ends_at_once() -> None:
    run = Run([LOST, LOST, failed(None)])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim", "cancel"]


def test_no_claim_begins_without_time_to_undo_it() -> None:
    run = Run([APPLIED], left=CLAIM_TIMEOUTS[0] + CANCEL_TIMEOUT + MARGIN - 0.01)
    assert run.redeem() is UNAVAILABLE
    assert run.sent == []


def test_an_attempt_that_took_longer_than_it_may_leaves_the_retry_what_is_left() -> None:
    run = Run([], left=4.0)
    timeouts: list[float] = []

    def write(request: Request, timeout: float) -> Reply:
        timeouts.append(timeout)
        run.left -= 2.0 if len(timeouts) == 1 else timeout
        return LOST

    ClaimProtocol("links", write, lambda: run.left, run.pause).redeem(
        TARGET.signature, TARGET.fingerprint, CLAIM
    )
    assert timeouts[:3] == pytest.approx([1.4, 0.7, 1.2])
    assert run.left >= 0


def test_a_retry_for_which_no_time_is_left_gives_way_to_the_cancellation() -> None:
    run = Run([], left=3.0)
    sent: list[str] = []

    def write(request: Request, timeout: float) -> Reply:
        sent.append("cancel" if "#given_back.#id = :now" in request["UpdateExpression"] else "claim")
        run.left -= 1.8 if len(sent) == 1 else timeout
        return LOST

    ClaimProtocol("links", write, lambda: run.left, run.pause).redeem(
        TARGET.signature, TARGET.fingerprint, CLAIM
    )
    assert sent == ["claim", "cancel"]


@pytest.mark.parametrize(
    ("replies", "released"),
    [
        ([APPLIED], True),
        ([LOST, failed(GIVEN_BACK)], True),
        ([NOT_APPLIED, APPLIED], True),
        ([failed(MINE)], False),
        ([failed(None)], False),
        ([], False),
    ],
)
def test_a_failed_download_is_released_once_it_is_certain(replies: list[Reply], released: bool) -> None:
    run = Run(list(replies))
    protocol = ClaimProtocol("links", run.write, lambda: run.left, run.pause)
    assert protocol.release(TARGET.signature, TARGET.fingerprint, "r-1", NOW) is released
    assert set(run.sent) == {"cancel"}
    assert run.left > 0


@pytest.mark.parametrize("spoil", [lambda reply: Reply(WriteResult.APPLIED, None), lambda reply: LOST])
def test_a_win_without_a_record_forwards_nothing(spoil: Callable[[Any], Reply]) -> None:
    assert Run([spoil(APPLIED), spoil(APPLIED)]).redeem() is UNAVAILABLE
