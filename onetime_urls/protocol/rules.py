"""Decides who may read which objects: a pure function of rules, a token's claims and a key.

A rule is a prefix with the groups that may read under it, any signed-in user if none are named:

    shared/*           whoever is signed in
    finance/*          the group `finance`, with `groups=["finance"]`
    users/{sub}/*      each user their own: a claim stands for one whole segment
    *                  everything

The rules of one deployment are disjoint: no key lies under two of them, whatever the claims say, so the
order of rules means nothing and a wide rule can't undo a narrow one. A key under no rule is nobody's.
Keys are compared as they are, decoded and case by case, as S3 does (`onetime_urls.protocol.paths` reads them
out of URLs). A claim is text that others may have a say in, so a value that could be more than the one
segment that it stands for matches nothing, and neither does one that a policy of CloudFront or IAM could take
for a wildcard.

Rules are written and checked at synthesis, and carried to the functions as plain JSON.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.paths import has_control_characters, key_problem

GROUPS_CLAIM = "cognito:groups"
"""Where Cognito names a user's groups (Cognito Developer Guide, "Understanding the ID token")."""

_SEGMENT = re.compile(r"(?:\{([^{}]+)\}|([^/]*))/")
"""A claim's name may hold slashes: some issuers' names are URLs (OpenID Connect Core, section 5.1.2)."""
_SPECIAL = frozenset("*?%\\{}")
"""What no segment may hold: wildcards of policies, the marks of escapes and claims, and the backslash, which
browsers turn into a slash."""


class InvalidRules(ValueError):
    """The rules can't be kept; the message is a sentence that says why."""


class _Segment(NamedTuple):
    """One segment of a prefix: `text` itself, or the claim of that name."""

    text: str
    is_claim: bool

    def may_equal(self, other: "_Segment") -> bool:
        """Whether some claims make the two the same."""
        return self.is_claim or other.is_claim or self.text == other.text


class _RuleFields(NamedTuple):
    pattern: str
    groups: tuple[str, ...]
    segments: tuple[_Segment, ...]


class Rule(_RuleFields):
    """Who may read under a prefix. Its attributes are its arguments, and what the pattern says."""

    __slots__ = ()

    def __new__(cls, pattern: str, groups: Iterable[str] = ()) -> Self:
        """
        Args:
            pattern: segments that each end in a slash, then `*`. `{claim}` stands for one whole segment.
            groups: the groups that may read there; none for any signed-in user.

        Raises:
            InvalidRules: the pattern or the groups are none.
        """
        return super().__new__(cls, pattern, _read_groups(pattern, groups), _read_pattern(pattern))


class _RulesFields(NamedTuple):
    rules: tuple[Rule, ...]
    groups_claim: str


class Rules(_RulesFields):
    """All the rules of one deployment. Its attributes are its arguments."""

    __slots__ = ()

    def __new__(cls, rules: Iterable[Rule], groups_claim: str = GROUPS_CLAIM) -> Self:
        """
        Args:
            rules: at least one; none at all would silently close everything.
            groups_claim: the claim that lists a user's groups.

        Raises:
            InvalidRules: there is none, or two could cover the same key.
        """
        made = super().__new__(cls, tuple(rules), groups_claim)
        if not made.rules:
            raise InvalidRules("There must be a rule, such as '*' for all objects.")
        if not (isinstance(groups_claim, str) and groups_claim):
            raise InvalidRules("The claim that lists a user's groups needs a name.")
        for number, rule in enumerate(made.rules):
            for other in made.rules[:number]:
                if all(map(_Segment.may_equal, rule.segments, other.segments)):
                    both = f"'{other.pattern}' and '{rule.pattern}'"
                    raise InvalidRules(f"The rules {both} overlap: no object may lie under two rules.")
        return made

    def to_plain(self) -> dict[str, Any]:
        """The rules as JSON holds them."""
        return {
            "rules": [{"pattern": rule.pattern, "groups": list(rule.groups)} for rule in self.rules],
            "groups_claim": self.groups_claim,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The rules that `to_plain` wrote.

        Raises:
            InvalidRules: see there.
            KeyError, TypeError: it is of another shape.
        """
        rules = tuple(Rule(rule["pattern"], tuple(rule["groups"])) for rule in plain["rules"])
        return cls(rules, plain["groups_claim"])


def may_read(rules: Rules, claims: Mapping[str, Any], key: str) -> bool:
    """Whether the bearer of verified `claims` may read the object `key`.

    Args:
        claims: a token's claims as JSON has them: any value may be of any type.
        key: decoded, and below the deployment's own prefix.
    """
    return key_problem(key) is None and any(map(key.startswith, readable_prefixes(rules, claims)))


def readable_prefixes(rules: Rules, claims: Mapping[str, Any]) -> list[str]:
    """The prefixes under which the bearer of `claims` may read, each empty or ending in a slash. None is
    another's prefix, and none holds a wildcard or a dot segment."""
    groups = _groups(claims.get(rules.groups_claim))
    found = (
        _prefix(rule, claims) for rule in rules.rules if not rule.groups or not groups.isdisjoint(rule.groups)
    )
    return [prefix for prefix in found if prefix is not None]


def _groups(listed: Any) -> frozenset[str]:
    """The names in a claim that lists groups; none if it is no list of text. A text is no list of one: an
    issuer's `finance-interns` must not be searched for `finance`."""
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return frozenset()
    return frozenset(listed)


def _prefix(rule: Rule, claims: Mapping[str, Any]) -> str | None:
    """The rule's prefix for these claims; None if a claim can't be the segment that it stands for."""
    prefix = ""
    for segment in rule.segments:
        text = claims.get(segment.text) if segment.is_claim else segment.text
        if not isinstance(text, str) or _segment_problem(text):
            return None
        prefix += f"{text}/"
    return prefix if not prefix.startswith(RESERVED_PREFIX) else None


def _segment_problem(text: str) -> str | None:
    """What keeps `text` from being one segment of a prefix, as the end of a sentence."""
    if "/" in text or text in ("", ".", ".."):
        return "segments are neither empty nor '.' nor '..'"
    if not _SPECIAL.isdisjoint(text):
        return "segments hold none of * ? % \\ { }"
    if has_control_characters(text) or any("\ud800" <= character <= "\udfff" for character in text):
        return "segments are UTF-8 without control characters"
    return None


def _read_pattern(pattern: Any) -> tuple[_Segment, ...]:
    if not isinstance(pattern, str) or (pattern != "*" and not pattern.endswith("/*")):
        raise InvalidRules(f"The rule {pattern!r} must be a prefix that ends in '/*', or '*' for everything.")
    if pattern.startswith(RESERVED_PREFIX):
        raise InvalidRules(
            f"The rule {pattern!r} must not begin with '{RESERVED_PREFIX}', which is reserved."
        )
    segments = []
    for claim, text in _SEGMENT.findall(pattern.removesuffix("*")):
        if claim:
            segments.append(_Segment(claim, is_claim=True))
            continue
        if "{" in text or "}" in text:
            raise InvalidRules(
                f"The rule {pattern!r}: a claim stands for one whole segment, as in 'users/{{sub}}/*'."
            )
        if problem := _segment_problem(text):
            raise InvalidRules(f"The rule {pattern!r}: {problem}.")
        segments.append(_Segment(text, is_claim=False))
    return tuple(segments)


def _read_groups(pattern: str, groups: Iterable[str]) -> tuple[str, ...]:
    if isinstance(groups, str):
        raise InvalidRules(f"The groups of the rule {pattern!r} must be a list, not one text.")
    listed = tuple(groups)
    if not all(isinstance(name, str) and name for name in listed):
        raise InvalidRules(f"The groups of the rule {pattern!r} must be names.")
    return listed
