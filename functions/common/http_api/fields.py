"""Holds what a caller sends to its fields: one schema decides for bodies and queries alike.

docs/openapi.yaml shows the same schemas (tests hold the two together). What a schema can't say is a rule
behind its `format`. The sentences about a field are ours: a validator's own would repeat the caller's value.

Powertools compiles a schema for every request. That takes about half of a warm mint's CPU (1.4 of 3.1 ms,
measured on one core of a server), which is little beside the mint's two calls to AWS.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

from common.http_api.errors import Code, Refused
from common.http_api.query import shown
from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import key_problem

_WHOLE_NUMBER = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
_SPANS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body, or one parameter of a query.

    Attributes:
        schema: its JSON schema.
        code: what a caller is told in `error` if the value is wrong.
        must: the end of a sentence about it: what is allowed.
        required: whether it has to be there.
        allows: the rule that the schema's `format` stands for.
    """

    schema: Mapping[str, Any] = field(hash=False)
    code: Code
    must: str
    required: bool = False
    allows: Callable[[str], bool] | None = None


def whole_number(
    code: Code, least: int, most: int, *, default: int | None = None, seconds: bool = False
) -> Field:
    """A field that is a whole number.

    Args:
        seconds: whether it is a time, which a caller may think of in larger units.
    """
    schema = {"type": "integer", "minimum": least, "maximum": most}
    if default is not None:
        schema["default"] = default
    must = f"a whole number{' of seconds' if seconds else ''} from {least} to {most}"
    return Field(schema=schema, code=code, must=must + (_in_words(most) if seconds else ""))


def one_of(code: Code, *values: str) -> Field:
    """A field that is one of a few words, the first of them by default."""
    return Field(
        schema={"type": "string", "enum": [*values], "default": values[0]},
        code=code,
        must=" or ".join(values),
    )


OBJECT_KEY = Field(
    schema={"type": "string", "format": "object-key", "minLength": 1, "maxLength": MAX_KEY_BYTES},
    code=Code.INVALID_KEY,
    must=f"an object's key: 1 to {MAX_KEY_BYTES} bytes of UTF-8, without control characters or '.' and '..' "
    f"as path segments, and not under '{RESERVED_PREFIX}'",
    required=True,
    allows=lambda key: key_problem(key) is None,
)


def schema_of(fields: Mapping[str, Field]) -> dict[str, Any]:
    """JSON schema of an object with these fields and no other."""
    return {
        "type": "object",
        "properties": {name: dict(each.schema) for name, each in fields.items()},
        "required": [name for name, each in fields.items() if each.required],
        "additionalProperties": False,
    }


def checked_query(given: Mapping[str, str], fields: Mapping[str, Field]) -> dict[str, Any]:
    """A query's parameters (`common.http_api.query`), numbers as numbers, the schema's defaults filled in.

    Raises:
        Refused: a parameter is missing, unknown or out of its range.
    """
    numbers = {
        name: int(given[name])
        for name, each in fields.items()
        if each.schema["type"] == "integer" and _WHOLE_NUMBER.fullmatch(given.get(name, ""))
    }
    return checked({**given, **numbers}, fields, kind="parameter")


def checked(given: Mapping[str, Any], fields: Mapping[str, Field], kind: str = "field") -> dict[str, Any]:
    """`given` with the schema's defaults filled in.

    Args:
        kind: what a field is called here.

    Raises:
        Refused: a field is missing, unknown or out of its range.
    """
    unknown = sorted(given.keys() - fields.keys())
    if unknown:
        raise Refused(
            Code.UNKNOWN_PARAMETER, f"{shown(unknown[0])} is not a {kind}: allowed are {', '.join(fields)}."
        )
    formats = {each.schema["format"]: each.allows for each in fields.values() if each.allows is not None}
    try:
        valid: dict[str, Any] = validate(event={**given}, schema=schema_of(fields), formats=formats)
    except SchemaValidationError as failure:
        path = failure.path or []
        missing = (name for name, each in fields.items() if each.required and name not in given)
        name = path[1] if len(path) > 1 else next(missing)
        raise Refused(fields[name].code, f"{name} must be {fields[name].must}.") from None
    return valid


def _in_words(seconds: int) -> str:
    """Seconds in the largest unit that holds a whole number of them, more than one."""
    for length, unit in _SPANS:
        if seconds % length == 0 and seconds > length:
            return f" ({seconds // length} {unit})"
    return ""
