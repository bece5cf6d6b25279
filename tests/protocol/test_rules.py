"""Who may read what, for every spelling of a path and whatever a token claims."""

import itertools
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onetime_urls.protocol.paths import Malformed, percent_encode, read_path, write_path
from onetime_urls.protocol.rules import InvalidRules, Rule, Rules, may_read, readable_prefixes

OURS = Rules((Rule("shared/*"), Rule("finance/*", ("finance",)), Rule("users/{sub}/*")))
EVERYTHING = Rules((Rule("*"),))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
pieces = st.sampled_from(
    [
        "users",
        "shared",
        "finance",
        "1",
        "10",
        "/",
        "//",
        "%2f",
        "%2F",
        ".",
        "..",
        "%2e%2e",
        "%2E.",
        "\\",
        "%5c",
        "*",
        "?",
        "%2a",
        "%252f",
        "%00",
        "%",
        "Users",
        "USERS",
        "%75sers",
        ";",
        "+",
        "%20",
        "é",
        "%c3%a9",
        "x",
    ]
)
"""What the spellings of a hostile path are made of."""


@pytest.mark.parametrize(
    ("key", "claims", "allowed"),
    [
        ("shared/logo.png", {"sub": "1"}, True),
        ("shared/a/b/c.png", {"sub": "1"}, True),
        ("shared", {"sub": "1"}, False),
        ("sharedness/x", {"sub": "1"}, False),
        ("Shared/x", {"sub": "1"}, False),
        ("other/x", {"sub": "1"}, False),
        ("finance/q1.pdf", {"sub": "1", "cognito:groups": ["staff", "finance"]}, True),
        ("finance/q1.pdf", {"sub": "1", "cognito:groups": ["finance-interns"]}, False),
        ("finance/q1.pdf", {"sub": "1", "cognito:groups": "finance"}, False),
        ("finance/q1.pdf", {"sub": "1", "cognito:groups": ["finance", 1]}, False),
        ("finance/q1.pdf", {"sub": "1", "cognito:groups": {"finance": True}}, False),
        ("finance/q1.pdf", {"sub": "1", "groups": ["finance"]}, False),
        ("finance/q1.pdf", {"sub": "1"}, False),
        ("users/1/photo.jpg", {"sub": "1"}, True),
        ("users/1/", {"sub": "1"}, True),
        ("users/1", {"sub": "1"}, False),
        ("users/10/photo.jpg", {"sub": "1"}, False),
        ("users/1/photo.jpg", {"sub": "10"}, False),
        ("users//photo.jpg", {"sub": ""}, False),
        ("users//1/photo.jpg", {"sub": "1"}, False),
        ("/users/1/photo.jpg", {"sub": "1"}, False),
        ("users/1/../2/photo.jpg", {"sub": "1"}, False),
        ("users/1/./photo.jpg", {"sub": "1"}, False),
        ("users/{sub}/photo.jpg", {"sub": "1"}, False),
        ("users/{sub}/photo.jpg", {"sub": "{sub}"}, False),
        ("users/1/photo.jpg", {}, False),
        ("", {"sub": "1"}, False),
    ],
)
def test_a_key_is_read_under_a_rule_that_names_its_reader(
    key: str, claims: dict[str, Any], *, allowed: bool
) -> None:
    assert may_read(OURS, claims, key) is allowed


@given(st.lists(pieces, max_size=12).map("".join))
def test_no_spelling_of_a_path_reaches_what_the_rules_keep(path: str) -> None:
    try:
        key = read_path(f"/{path}")
    except Malformed:
        return
    assert key.encode() == unquote_to_bytes(path)  # decoded once, by somebody else too
    mine = re.fullmatch(r"(shared/|users/1/)(?!(.*/)?\.\.?(/|$)).*", key, re.DOTALL) is not None
    assert may_read(OURS, {"sub": "1"}, key) is mine
    assert read_path(write_path(key)) == key


@given(st.data(), st.sampled_from(["shared/a b", "users/1/é.png", "users/10/x", "finance/x", "users/1x"]))
def test_every_spelling_of_a_key_gets_the_same_answer(data: st.DataObject, key: str) -> None:
    spelt = "".join(
        "".join(f"%{byte:02x}" if data.draw(st.booleans()) else f"%{byte:02X}" for byte in character.encode())
        if not character.isascii() or character == " " or data.draw(st.booleans())
        else character
        for character in key
    )
    assert may_read(OURS, {"sub": "1"}, read_path(f"/{spelt}")) is may_read(OURS, {"sub": "1"}, key)


@given(st.text() | pieces, st.text(max_size=5))
def test_a_claim_opens_its_own_segment_and_nothing_beside_it(value: str, rest: str) -> None:
    opened = readable_prefixes(OURS, {"sub": value})
    assert opened[0] == "shared/"
    if len(opened) == 2:
        assert opened[1] == f"users/{value}/"
        assert opened[1].count("/") == 2
        assert value not in ("", ".", "..")
        assert not set(value) & set("/\\*?%{}\x00\n\x7f")
        assert read_path(f"/users/{percent_encode(value)}/x") == f"users/{value}/x"
    beside = rest.removeprefix("/").replace("/", "") or "x"  # in the segment, not below it
    assert not may_read(OURS, {"sub": value}, f"users/{value}{beside}/x")


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "..",
        "a/b",
        "/",
        "a\\b",
        "*",
        "a*",
        "?",
        "%2e%2e",
        "a%",
        "a\x00",
        "a\n",
        "\x85",
        "\ud800",
        None,
        True,
        1,
        1.0,
        ["1"],
        {"sub": "1"},
        "{sub}",
    ],
)
def test_a_claim_that_could_be_more_than_a_segment_matches_nothing(value: Any) -> None:
    assert readable_prefixes(OURS, {"sub": value}) == ["shared/"]
    assert not may_read(OURS, {"sub": value}, f"users/{value}/x")


def test_a_claim_can_not_name_the_reserved_prefix() -> None:
    rules = Rules((Rule("{tenant}/*"),))
    assert readable_prefixes(rules, {"tenant": "-"}) == []
    assert not may_read(rules, {"tenant": "-"}, "-/session")
    assert not may_read(EVERYTHING, {}, "-/session")


@given(st.dictionaries(st.sampled_from(["sub", "cognito:groups"]), json_values), st.text())
def test_whatever_a_token_claims_the_answer_is_yes_or_no(claims: dict[str, Any], key: str) -> None:
    opened = readable_prefixes(OURS, claims)
    assert may_read(OURS, claims, key) in (True, False)
    if may_read(OURS, claims, key):
        assert [prefix for prefix in opened if key.startswith(prefix)]


segments = st.sampled_from(["a", "b", "c", "d", "{sub}", "{tenant}"])
patterns = st.lists(segments, min_size=1, max_size=3).map(lambda parts: "/".join([*parts, "*"]))
claim_values = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(patterns, min_size=2, max_size=3), claim_values, claim_values)
def test_no_key_lies_under_two_rules_whatever_the_claims_say(made: list[str], sub: str, tenant: str) -> None:
    try:
        rules = Rules(tuple(map(Rule, made)))
    except InvalidRules:
        assume(False)
        raise
    opened = readable_prefixes(rules, {"sub": sub, "tenant": tenant})
    assert len(opened) == len(made)
    assert not any(one.startswith(other) for one, other in itertools.permutations(opened, 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*", "shared/*"),
        ("shared/*", "shared/*"),
        ("shared/*", "shared/public/*"),
        ("users/{sub}/*", "users/*"),
        ("users/{sub}/*", "users/public/*"),
        ("users/{sub}/*", "users/{email}/*"),
        ("{tenant}/*", "shared/*"),
        ("{tenant}/a/*", "x/{sub}/*"),
    ],
)
def test_rules_that_overlap_are_refused(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(InvalidRules, match=re.escape(f"'{pair[0]}' and '{pair[1]}' overlap")):
            Rules(tuple(map(Rule, pair)))


def test_prefixes_that_only_begin_alike_are_disjoint() -> None:
    assert Rules((Rule("a/*"), Rule("ab/*"), Rule("users/1/*"), Rule("users/10/*")))


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "ends in"),
        ("shared", "ends in"),
        ("shared/", "ends in"),
        ("shared*", "ends in"),
        ("shared/*.png", "ends in"),
        (7, "ends in"),
        ("/shared/*", "neither empty"),
        ("shared//*", "neither empty"),
        ("/*", "neither empty"),
        ("../*", "neither empty"),
        ("a/./*", "neither empty"),
        ("*/*", "hold none of"),
        ("a?/*", "hold none of"),
        ("a%2fb/*", "hold none of"),
        ("a\\b/*", "hold none of"),
        ("a\nb/*", "control characters"),
        ("\ud800/*", "UTF-8"),
        ("-/*", "reserved"),
        ("users/x{sub}/*", "one whole segment"),
        ("users/{sub}{tenant}/*", "one whole segment"),
        ("users/{}/*", "one whole segment"),
        ("users/{sub/*", "one whole segment"),
        ("users/sub}/*", "one whole segment"),
        ("users/{{sub}}/*", "one whole segment"),
    ],
)
def test_a_pattern_that_is_none_is_refused_in_a_sentence(pattern: Any, why: str) -> None:
    with pytest.raises(InvalidRules, match=why) as refused:
        Rule(pattern)
    assert str(refused.value).startswith("The rule ")
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("groups", ["finance", ("",), (None,), ("a", 1)])
def test_groups_that_are_no_list_of_names_are_refused(groups: Any) -> None:
    with pytest.raises(InvalidRules, match="groups"):
        Rule("finance/*", groups)


def test_no_rules_at_all_are_refused() -> None:
    with pytest.raises(InvalidRules, match="must be a rule"):
        Rules(())


def test_a_claim_named_by_an_url_stands_for_a_segment() -> None:
    rules = Rules((Rule("tenants/{https://example.com/tenant}/*"),), "https://example.com/roles")
    assert readable_prefixes(rules, {"https://example.com/tenant": "acme"}) == ["tenants/acme/"]


@given(
    st.lists(patterns, min_size=1, max_size=3), st.lists(st.text(min_size=1), max_size=2), st.text(min_size=1)
)
def test_rules_come_back_from_json_as_they_were(made: list[str], groups: list[str], claim: str) -> None:
    try:
        rules = Rules(tuple(Rule(pattern, tuple(groups)) for pattern in made), claim)
    except InvalidRules:
        assume(False)
        raise
    assert Rules.from_plain(json.loads(json.dumps(rules.to_plain()))) == rules
