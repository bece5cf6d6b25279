"""What can go wrong on the way to a store, drawn from a seed.

A call is one request of a function to DynamoDB or SSM, or of CloudFront to S3. Each viewer request has a
plan: which of its calls meet which fault. Faults become rarer with each call, so that retries and
tombstones sometimes meet them too.
"""

from dataclasses import dataclass, field
from enum import Enum
from random import Random


class Fault(Enum):
    """What happens to one call."""

    NONE = "none"
    REPLY_LOST = "reply lost"  # it is done, and the connection ends without an answer
    REPLY_CUT = "reply cut"  # it is done, and half of the answer comes
    REQUEST_CUT = "request cut"  # the connection ends before anything is done
    LATE = "late"  # the connection ends, and it is done after the viewer was answered
    DOUBLED = "doubled"  # it is done twice; if it was applied, the second time after the viewer was answered
    THROTTLED = "throttled"
    FAILED = "500 before"
    FAILED_AFTER = "500 after"  # it is done, and the answer is a 500
    SLOW = "slow"  # it is done, and the answer comes after the caller gave up


class Killed(Enum):
    """Where the function, or its container, ends during a viewer request."""

    NOT = "not killed"
    AFTER_CLAIM = "killed between claim and forward"
    AT_ORIGIN_RESPONSE = "killed at origin response"


STORE_FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)
OBJECT_FAULTS = (Fault.REQUEST_CUT, Fault.REPLY_LOST, Fault.REPLY_CUT, Fault.THROTTLED, Fault.FAILED)
SKEWS = (0, 0, -600, 600)
"""Seconds by which a container's clock is wrong."""


@dataclass
class Plan:
    """The faults of one viewer request.

    Attributes:
        store, parameter, object: faults of its calls to DynamoDB, SSM and S3, in order; later ones have none.
        killed: where the function ends.
        skew: seconds that the container's clock is ahead.
        cold: whether the request meets a new container, which has to read its parameter.
        met_at_store: the faults that its calls to DynamoDB met so far.
    """

    store: list[Fault] = field(default_factory=list)
    parameter: list[Fault] = field(default_factory=list)
    object: list[Fault] = field(default_factory=list)
    killed: Killed = Killed.NOT
    skew: int = 0
    cold: bool = False
    met_at_store: list[Fault] = field(default_factory=list)


def draw_plan(random: Random) -> Plan:
    """One viewer request's plan."""
    cold = random.random() < 0.2
    return Plan(
        store=_draw(random, STORE_FAULTS, first=0.5),
        parameter=_draw(random, STORE_FAULTS, first=0.3) if cold else [],
        object=_draw(random, OBJECT_FAULTS, first=0.25),
        killed=random.choices(tuple(Killed), (30, 1, 1))[0],
        skew=random.choice(SKEWS),
        cold=cold,
    )


def _draw(random: Random, kinds: tuple[Fault, ...], first: float) -> list[Fault]:
    faults, chance = [], first
    while random.random() < chance:
        faults.append(random.choice(kinds))
        chance *= 0.7
    return faults
