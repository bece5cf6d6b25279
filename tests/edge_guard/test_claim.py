"""How a claim is retried, recognised and undone, outcome by outcome."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from edge_guard.claim import CLAIM_TIMEOUTS, GIVE_BACK_TIMEOUT, MARGIN, ClaimProtocol, Outcome, Refusal, Reply
from onetime_urls.protocol.links.reasons import EXPIRED, UNAVAILABLE, UNKNOWN, USED, Reason
from onetime_urls.protocol.links.record import Claim, Item, Request
from tests.links import NOW, make_record, make_target

TARGET = make_target()
CLAIM = Claim("r-1", NOW, "203.0.113.7", "curl/8.5.0", "eu-west-1")
ITEM = make_record(TARGET).item()
MINE = {**ITEM, "claims": {"M": {"r-1": {"M": {}}}}}
OTHERS = {**ITEM, "claims": {"M": {"r-0": {"M": {}}}}}
GIVEN_BACK = {**ITEM, "given_back": {"M": {"r-1": {"N": "1"}}}}

APPLIED = Reply(Outcome.APPLIED, MINE)
NOT_APPLIED = Reply(Outcome.NOT_APPLIED)
LOST = Reply(Outcome.UNKNOWN)


def failed(item: Item | None) -> Reply:
    return Reply(Outcome.CONDITION_FAILED, item)


@dataclass
class Run:
    """A run of the protocol against scripted replies, on a clock that each write advances."""

    replies: list[Reply]
    left: float = 5.0
    sent: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def write(self, request: Request, timeout: float) -> Reply:
        assert 0 < timeout <= self.left
        self.sent.append("give back" if "#given.#id = :now" in request["UpdateExpression"] else "claim")
        reply = self.replies.pop(0) if self.replies else LOST
        self.left -= timeout if reply.outcome is Outcome.UNKNOWN else 0.01
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


def test_a_claim_in_doubt_that_another_won_is_given_back_and_used() -> None:
    run = Run([LOST, failed(OTHERS), APPLIED])
    assert run.redeem() is USED
    assert run.sent == ["claim", "claim", "give back"]


def test_a_write_that_was_certainly_not_applied_is_sent_again_after_a_pause() -> None:
    run = Run([NOT_APPLIED, APPLIED])
    assert run.redeem() == MINE
    assert run.pauses == [pytest.approx(0.05)]


def test_a_claim_that_was_certainly_not_applied_needs_no_giving_back() -> None:
    run = Run([NOT_APPLIED, NOT_APPLIED])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim"]


@pytest.mark.parametrize("replies", [[LOST, LOST], [NOT_APPLIED, LOST], [LOST, NOT_APPLIED]])
def test_a_claim_whose_outcome_stays_unknown_is_given_back_before_the_answer(replies: list[Reply]) -> None:
    run = Run([*replies, APPLIED])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim", "give back"]


def test_giving_back_is_repeated_while_there_is_time_and_then_ends() -> None:
    run = Run([])
    assert run.redeem() is UNAVAILABLE
    assert run.sent[:3] == ["claim", "claim", "give back"]
    assert len(run.sent) <= 5
    assert run.left > 0


def test_giving_back_a_link_that_is_not_there_ends_at_once() -> None:
    run = Run([LOST, LOST, failed(None)])
    assert run.redeem() is UNAVAILABLE
    assert run.sent == ["claim", "claim", "give back"]


def test_no_claim_begins_without_time_to_undo_it() -> None:
    run = Run([APPLIED], left=sum(CLAIM_TIMEOUTS) + GIVE_BACK_TIMEOUT + MARGIN - 0.01)
    assert run.redeem() is UNAVAILABLE
    assert run.sent == []


@pytest.mark.parametrize(
    ("replies", "returned"),
    [
        ([APPLIED], True),
        ([LOST, failed(GIVEN_BACK)], True),
        ([NOT_APPLIED, APPLIED], True),
        ([failed(MINE)], False),
        ([failed(None)], False),
        ([], False),
    ],
)
def test_a_failed_download_is_returned_once_it_is_certain(replies: list[Reply], returned: bool) -> None:
    run = Run(list(replies))
    protocol = ClaimProtocol("links", run.write, lambda: run.left, run.pause)
    assert protocol.return_claim(TARGET.signature, TARGET.fingerprint, "r-1", NOW) is returned
    assert set(run.sent) == {"give back"}
    assert run.left > 0


@pytest.mark.parametrize("spoil", [lambda reply: Reply(Outcome.APPLIED, None), lambda reply: LOST])
def test_a_win_without_a_record_forwards_nothing(spoil: Callable[[Any], Reply]) -> None:
    assert Run([spoil(APPLIED), spoil(APPLIED)]).redeem() is UNAVAILABLE
