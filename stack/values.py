"""Readers of single settings: each turns a value of CDK context into its type, or refuses it.

A reader takes a string, as `-c name=value` gives it, or the JSON type of cdk.json, and raises a bare
ValueError for anything else. The sentence about it is the setting's own.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from aws_cdk.region_info import Fact, FactName

from onetime_urls.protocol.rules import InvalidRules, Rule


def text(pattern: str, *, longest: int = 2048) -> Callable[[Any], str]:
    """A string that matches `pattern` as a whole and has at most `longest` characters."""

    def read(value: Any) -> str:
        if isinstance(value, str) and len(value) <= longest and re.fullmatch(pattern, value, re.ASCII):
            return value
        raise ValueError

    return read


def truth(value: Any) -> bool:
    """true or false, as JSON or as a word."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError


def one_of(*allowed: str) -> Callable[[Any], str]:
    """One of the words in `allowed`, spelt as there."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError

    return read


def whole_number(low: int, high: int) -> Callable[[Any], int]:
    """A whole number within limits, in plain decimal digits where it is a string."""

    def read(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\d{1,13}", value, re.ASCII):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise ValueError

    return read


def list_of(read_item: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """A list without repeats: of JSON, JSON in a string, or a string with commas between items."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = (
                json.loads(value) if value.startswith("[") else [item.strip() for item in value.split(",")]
            )
        items = tuple(map(read_item, value)) if isinstance(value, list) else None
        if items is None or len(set(items)) != len(items):
            raise ValueError
        return items

    return read


def rule(value: Any) -> str:
    """A rule of private assets: a pattern, and if it isn't for every signed-in user, " for " and the names of
    groups with bars between them. No pattern has anything behind its asterisk."""
    try:
        rule_of(text(r"[^*]*\*(?: for [^|]+(?:\|[^|]+)*)?", longest=500)(value))
    except InvalidRules:
        raise ValueError from None
    return str(value)


def rule_of(written: str) -> Rule:
    """What `rule` took, as the constructs take it.

    Raises:
        InvalidRules: the pattern can't be one.
    """
    pattern, _, groups = written.partition("* for ")
    return Rule(f"{pattern}*", groups.split("|")) if groups else Rule(written)


def region(value: Any) -> str:
    """A region that this release of the CDK knows, in the one partition that has Lambda@Edge."""
    if isinstance(value, str) and value in Fact.regions and Fact.find(value, FactName.PARTITION) == "aws":
        return value
    raise ValueError


def bucket_name(value: Any) -> str:
    """A general purpose bucket's name (S3 User Guide, "General purpose bucket naming rules"), no dots."""
    name = text(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")(value)
    reserved_starts = ("xn--", "sthree-", "amzn-s3-demo-")
    reserved_ends = ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")
    if name.startswith(reserved_starts) or name.endswith(reserved_ends):
        raise ValueError
    return name
