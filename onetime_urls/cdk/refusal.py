"""Checks props where a construct is made, and refuses what can't work.

CloudFormation would refuse most of it too, minutes later and in its own words; some of it would deploy and
fail at the first request. A refusal is one sentence: the construct's path, what is wrong, what would do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import TypeVar

from aws_cdk import Duration, Token
from constructs import IConstruct

from onetime_urls.cdk.patterns import EMAIL

Item = TypeVar("Item")


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

    def types(self, **values: tuple[object, type | UnionType]) -> None:
        """Refuse each value that isn't of its type. In an option's own props a text such as "no" would count
        as yes: what is declared as `bool` there has to be one.

        Args:
            values: by prop: a value, and its type.

        Raises:
            PropError: one isn't.
        """
        for prop, (value, kind) in values.items():
            if not isinstance(value, kind):
                raise self.error(f"{prop} is {value!r}, it must be {_named(kind)}")
            if is_dataclass(value):
                for each in fields(value):
                    found = getattr(value, each.name)
                    if each.type is bool and not isinstance(found, bool):
                        raise self.error(f"{prop}.{each.name} is {found!r}, it must be {_named(bool)}")

    def items(self, prop: str, values: Sequence[Item], kind: type, allowed: str) -> list[Item]:
        """`values` if they are a list, each of `kind`.

        Args:
            allowed: completes the sentence "it must be a list of …".

        Raises:
            PropError: they aren't.
        """
        if isinstance(values, list | tuple) and all(isinstance(each, kind) for each in values):
            return [*values]
        raise self.error(f"{prop} is {values!r}, it must be a list of {allowed}")

    def resource(self, prop: str, value: object, attribute: str, allowed: str) -> None:
        """Refuse what is neither None nor a resource of CDK's. CDK's interfaces can't be asked by
        `isinstance`, so it is an attribute that tells.

        Args:
            attribute: that such resources have.
            allowed: completes the sentence "it must be …".

        Raises:
            PropError: it is something else.
        """
        if value is not None and not hasattr(value, attribute):
            raise self.error(f"{prop} is {value!r}, it must be {allowed}")

    def email(self, prop: str, value: str | None) -> str | None:
        """`value` if it is None or an e-mail address.

        Raises:
            PropError: it is neither.
        """
        return None if value is None else self.text(prop, value, EMAIL, "an e-mail address")

    def whole_number(self, prop: str, value: object, low: int, high: int) -> int:
        """`value` if it is a whole number from `low` to `high`.

        Raises:
            PropError: it isn't.
        """
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        shown = "known at deployment only" if Token.is_unresolved(value) else repr(value)
        raise self.error(f"{prop} is {shown}, it must be a whole number from {low} to {high}")

    def seconds(self, prop: str, value: Duration, low: int, high: int) -> int:
        """`value` in seconds, if they are whole and from `low` to `high`.

        Raises:
            PropError: they aren't.
        """
        within = f"it must be from {_spoken(low)} to {_spoken(high)}"
        if isinstance(value, Duration) and value.is_unresolved():
            raise self.error(f"{prop} is known at deployment only, {within}")
        try:
            seconds = value.to_seconds()
        except (AttributeError, RuntimeError):  # no Duration; or "cannot be converted into a whole number"
            raise self.error(f"{prop} must be a Duration of whole seconds") from None
        if low <= seconds <= high:
            return int(seconds)
        raise self.error(f"{prop} is {_spoken(int(seconds))}, {within}")

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


def continued(refused: Exception) -> str:
    """A refusal's sentence as it goes on behind a colon, and without its period."""
    sentence = str(refused)
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def _named(kind: type | UnionType) -> str:
    if kind is bool:
        return "True or False"
    kinds = kind.__args__ if isinstance(kind, UnionType) else (kind,)
    names = [each.__name__ for each in kinds if each is not type(None)]
    return " or ".join(names + ["None"] * (len(names) < len(kinds)))


def _spoken(seconds: int) -> str:
    """So many seconds in the largest unit that they are a whole number of."""
    size, unit = next(
        (size, unit)
        for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
        if seconds % size == 0 and (seconds or size == 1)
    )
    number = seconds // size
    return f"{number} {unit}{'' if number == 1 else 's'}"
