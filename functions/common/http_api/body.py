"""Reads a JSON body strictly: one object of known fields, each within its range.

One schema decides, and docs/openapi.yaml shows the same one (a test holds the two together). The sentences
about it are ours: a validator's own would repeat the caller's value.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

from common.http_api.errors import Code, Refused
from common.http_api.query import shown

MAX_BODY_BYTES = 65_536
"""Far above what any field may hold, and what is worth parsing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body or a query.

    Attributes:
        schema: its JSON schema.
        code: what a caller is told in `error` if the value is wrong.
        must: the end of a sentence about it: what is allowed.
        required: whether it has to be there.
    """

    schema: Mapping[str, Any] = field(hash=False)
    code: Code
    must: str
    required: bool = False


def schema_of(fields: Mapping[str, Field]) -> dict[str, Any]:
    """JSON schema of an object with these fields and no other."""
    return {
        "type": "object",
        "properties": {name: dict(each.schema) for name, each in fields.items()},
        "required": [name for name, each in fields.items() if each.required],
        "additionalProperties": False,
    }


def read_json(event: APIGatewayProxyEventV2) -> dict[str, Any]:
    """The JSON object in a request's body.

    Raises:
        Refused: the body isn't declared as JSON, is too long, or isn't one JSON object with each
            name once.
    """
    media_type = event.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
    try:
        body = event.decoded_body or ""
        if len(body) > MAX_BODY_BYTES:
            raise Refused(Code.INVALID_BODY, f"The body must be at most {MAX_BODY_BYTES} bytes.")
        read = json.loads(body, object_pairs_hook=_once)
        json.dumps(read, ensure_ascii=False).encode()  # a lone surrogate (`\ud800`) is no text
    except (ValueError, RecursionError):
        raise Refused(Code.INVALID_BODY, "The body must be one JSON object.") from None
    if not isinstance(read, dict):
        raise Refused(Code.INVALID_BODY, "The body must be one JSON object.")
    return read


def checked(
    given: Mapping[str, Any],
    fields: Mapping[str, Field],
    formats: Mapping[str, Callable[[str], bool]] | None = None,
) -> dict[str, Any]:
    """`given` with the schema's defaults filled in.

    Raises:
        Refused: a field is missing, unknown or out of its range.
    """
    unknown = sorted(given.keys() - fields.keys())
    if unknown:
        raise Refused(
            Code.UNKNOWN_PARAMETER, f"{shown(unknown[0])} is not a field: allowed are {', '.join(fields)}."
        )
    try:
        valid: dict[str, Any] = validate(
            event={**given}, schema=schema_of(fields), formats=dict(formats or {})
        )
    except SchemaValidationError as failure:
        path = failure.path or []
        name = (
            path[1] if len(path) > 1 else next(n for n, f in fields.items() if f.required and n not in given)
        )
        wrong = fields[name]
        raise Refused(wrong.code, f"{name} must be {wrong.must}.") from None
    return valid


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Refused(Code.REPEATED_PARAMETER, "Each name in the body must be given once, not repeated.")
    return read
