"""Refuses names that no setting has, and is what a refusal of settings looks like."""

import difflib
import re
from collections.abc import Mapping
from typing import Any


class SettingsError(ValueError):
    """A setting that can't be deployed. The message is one line, meant to be shown as it is."""


def refuse_unknown(context: Mapping[str, Any], names: list[str]) -> None:
    """Refuse a misspelt setting, which would otherwise be the default without a word.

    The CDK and its CLI keep keys of their own in the same context. All of them have a colon, slash
    or hyphen; a setting has none, so a key of letters, digits and underscores is meant for us.
    """
    for key in context:
        ours = key.lower().replace("-", "_")
        if key in names or not (re.fullmatch(r"\w+", key) or ours in names):
            continue
        near = difflib.get_close_matches(ours, names, n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/settings.md lists them"
        raise SettingsError(f"{shown(key)} is not a setting: {hint}")


def shown(value: object) -> str:
    """`value` on one line, whatever is in it, and not too long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
