"""The rules by which a link is claimed and followed: declared once, read twice.

DynamoDB evaluates all rules of a table at once, as the condition of the write. If it fails, the item comes
back as it stood, and the first rule that it breaks, in the order of the table, says why. Each term writes its
expression and decides about an item, so the two readings can't part. The order matters for the second only:
whoever can't show the right fingerprint learns nothing else about the link.

Operands are spelt as in the expression: `#name` is an attribute, a dot goes into a map, `#id` is the
claim's id, and `:name` is a value of the request.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

Item = dict[str, Any]
Request = dict[str, Any]


class Verdict(Enum):
    """What an item says about one claim. Everything but `WON` denies."""

    WON = "won"
    GIVEN_BACK = "given back"
    UNKNOWN = "unknown"
    ALTERED = "altered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED = "used"
    EXHAUSTED = "exhausted"
    LEASE_OVER = "lease over"


Look = Callable[[str], Item | None]
"""The typed value of an operand, such as `{"N": "1"}`; None where there is none."""


class Term(NamedTuple):
    """A condition on an item: as DynamoDB evaluates it, and as we do."""

    expression: str
    holds: Callable[[Look], bool]


def equal(left: str, right: str) -> Term:
    """Both are there and the same."""
    return Term(f"{left} = {right}", lambda look: look(left) is not None and look(left) == look(right))


def absent(path: str) -> Term:
    """There is no such attribute."""
    return Term(f"attribute_not_exists({path})", lambda look: look(path) is None)


def above(left: str, right: str) -> Term:
    """Both are numbers, and the first is the greater one."""
    return Term(f"{left} > {right}", lambda look: _compare(look(left), look(right)) > 0)


def at_least(left: str, right: str) -> Term:
    """Both are numbers, and the first isn't the smaller one."""
    return Term(f"{left} >= {right}", lambda look: _compare(look(left), look(right)) >= 0)


def fewer(map_path: str, limit: str) -> Term:
    """A map has fewer entries than the limit says."""

    def holds(look: Look) -> bool:
        found, most = look(map_path), look(limit)
        return found is not None and most is not None and len(found["M"]) < int(most["N"])

    return Term(f"size({map_path}) < {limit}", holds)


def either(*terms: Term) -> Term:
    """One of them holds."""
    expression = " OR ".join(term.expression for term in terms)
    return Term(f"({expression})", lambda look: any(term.holds(look) for term in terms))


class Rule(NamedTuple):
    """One line of a table.

    Attributes:
        term: what must hold.
        otherwise: what it means if it doesn't.
    """

    term: Term
    otherwise: Verdict


class Rules:
    """A table of rules.

    Attributes:
        condition: all of them, as a `ConditionExpression`.
    """

    def __init__(self, *rules: tuple[Term, Verdict]) -> None:
        self._rules = tuple(Rule(*rule) for rule in rules)
        self.condition = " AND ".join(rule.term.expression for rule in self._rules)
        aliases = set(re.findall(r"#\w+", self.condition)) - {"#id"}
        self._names = {alias: alias[1:] for alias in sorted(aliases)}

    def names(self, claim_id: str) -> dict[str, str]:
        """`ExpressionAttributeNames` of the condition for one claim."""
        return {**self._names, "#id": claim_id}

    def verdict(self, item: Item | None, request: Request) -> Verdict:
        """Why the condition of `request` failed, from the item as it stood; None: there is no such item."""
        if item is None:
            return Verdict.UNKNOWN
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]

        def look(operand: str) -> Item | None:
            if operand[0] == ":":
                value: Item = values[operand]
                return value
            found: Item | None = {"M": item}
            for alias in operand.split("."):
                found = found["M"].get(names[alias]) if found else None
            return found

        broken = (rule.otherwise for rule in self._rules if not rule.term.holds(look))
        return next(broken, self._rules[-1].otherwise)


CLAIM = Rules(
    (equal("#fingerprint", ":fingerprint"), Verdict.ALTERED),
    (absent("#given_back.#id"), Verdict.GIVEN_BACK),
    (absent("#claims.#id"), Verdict.WON),  # ours: an earlier write whose reply was lost
    (absent("#revoked_at"), Verdict.REVOKED),
    (above("#expires_at", ":now"), Verdict.EXPIRED),
    (fewer("#claims", "#max_claims"), Verdict.USED),
    (fewer("#given_back", ":tombstones"), Verdict.EXHAUSTED),
)
"""When a claim is admitted."""

FOLLOW = Rules(
    (equal("#fingerprint", ":fingerprint"), Verdict.ALTERED),
    (absent("#revoked_at"), Verdict.REVOKED),
    (equal("#claims.#id.#lease", ":lease"), Verdict.USED),  # no such lease: the request is no follower
    (above("#claims.#id.#until", ":now"), Verdict.LEASE_OVER),
    (at_least("#claims.#id.#left", ":bytes"), Verdict.LEASE_OVER),
    (
        either(absent("#claims.#id.#followers"), above(":followers", "#claims.#id.#followers")),
        Verdict.LEASE_OVER,
    ),
)
"""When a follower is admitted under a claim's lease."""


def _compare(left: Item | None, right: Item | None) -> int:
    """By how much a number is greater than another. What isn't there is neither greater nor equal."""
    return -1 if left is None or right is None else int(left["N"]) - int(right["N"])
