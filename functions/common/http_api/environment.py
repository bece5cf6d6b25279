"""Reads a function's environment variables strictly.

A function's construct sets its variables (onetime_urls/cdk), so a wrong one is a mistake in the
deployment. It is refused by name before the first request is served: half a configuration would fail later,
in somebody's hands.
"""

import re
from collections.abc import Mapping

_WHOLE = re.compile(r"0|[1-9]\d{0,12}", re.ASCII)

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
TABLE = re.compile(r"[\w.-]{3,255}", re.ASCII)
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


class SettingsError(ValueError):
    """An environment variable is missing or can't work. The message names it and holds no secret."""


def matching(environment: Mapping[str, str], name: str, shape: re.Pattern[str]) -> dict[str, str]:
    """The variable's named groups, and the whole of it as "0".

    Raises:
        SettingsError: it is missing, or doesn't match.
    """
    found = shape.fullmatch(environment.get(name, ""))
    if found is None:
        raise SettingsError(f"{name} is missing or malformed: it must match {shape.pattern}")
    return {"0": found[0], **found.groupdict()}


def whole_number(environment: Mapping[str, str], name: str, least: int, most: int) -> int:
    """The variable as a whole number.

    Raises:
        SettingsError: it is missing, not a number, or out of range.
    """
    number = int(matching(environment, name, _WHOLE)["0"])
    if not least <= number <= most:
        raise SettingsError(f"{name} must be from {least} to {most}")
    return number
