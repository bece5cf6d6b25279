"""Checks props where a construct is made, and refuses what can't work.

CloudFormation would refuse most of it too, minutes later and in its own words; some of it would deploy and
fail at the first request. A refusal is one sentence: the construct's path, what is wrong, what would do.
"""

import re
from dataclasses import dataclass

from aws_cdk import Duration, Token
from constructs import IConstruct


class PropError(ValueError):
    """A prop that can't be deployed. The message is one line, meant to be shown as it is."""


@dataclass(frozen=True)
class Props:
    """The props of one construct, to be checked."""

    scope: IConstruct

    def error(self, sentence: str) -> PropError:
        """What to raise: the path of the user's construct, and `sentence`."""
        path = "/".join(each for each in self.scope.node.path.split("/") if each != "Default")
        return PropError(f"{path}: {sentence}")

    def whole_number(self, prop: str, value: object, low: int, high: int) -> int:
        """`value` if it is a whole number from `low` to `high`.

        Raises:
            PropError: it isn't.
        """
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise self.error(f"{prop} is {value!r}, it must be a whole number from {low} to {high}")

    def seconds(self, prop: str, value: Duration, low: int, high: int) -> int:
        """`value` in seconds, if they are whole and from `low` to `high`.

        Raises:
            PropError: they aren't.
        """
        try:
            seconds = value.to_seconds()
        except (AttributeError, RuntimeError):  # no Duration; or "cannot be converted into a whole number"
            raise self.error(f"{prop} must be a Duration of whole seconds") from None
        if low <= seconds <= high:
            return int(seconds)
        raise self.error(f"{prop} is {seconds:g} seconds, it must be from {low} to {high} seconds")

    def text(self, prop: str, value: str, pattern: str, allowed: str) -> str:
        """`value` if it matches `pattern` as a whole, or is known at deployment only.

        Args:
            allowed: completes the sentence "it must be …".

        Raises:
            PropError: it doesn't.
        """
        if isinstance(value, str) and (Token.is_unresolved(value) or re.fullmatch(pattern, value, re.ASCII)):
            return value
        raise self.error(f"{prop} is {value!r}, it must be {allowed}")
