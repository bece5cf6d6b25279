"""Decides whether a mint request is acceptable: one JSON schema, and a sentence for each parameter.

The schema is what docs/openapi.yaml shows to callers (a test holds the two together), it fills in
the defaults, and two formats tie it to the rules that a schema can't say. The sentences are ours:
a validator's own would repeat the caller's value.

Powertools compiles the schema for every request. That takes about half of a warm mint's CPU (1.4 of
3.1 ms, measured on one core of a server), which is little beside the mint's two calls to AWS.
"""

import re
from typing import Any

from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

from http_api.errors import Code, Refused
from http_api.query import read_query, shown
from link_minting.disposition import MAX_NAME_BYTES, name_problem
from link_minting.mint import MintRequest
from link_protocol.canonical import key_problem
from link_protocol.limits import MAX_KEY_BYTES
from url_issuer.settings import Settings

_WHOLE_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_FORMATS = {
    "object-key": lambda key: key_problem(key) is None,
    "file-name": lambda name: name_problem(name) is None,
}


def schema(settings: Settings) -> dict[str, Any]:
    """JSON schema of the query's parameters, decoded, with `expires_in` as a number."""
    return {
        "type": "object",
        "properties": {
            "key": {"type": "string", "format": "object-key", "minLength": 1, "maxLength": MAX_KEY_BYTES},
            "disposition": {"type": "string", "enum": ["attachment", "inline"], "default": "attachment"},
            "expires_in": {
                "type": "integer",
                "minimum": 1,
                "maximum": settings.max_lifetime,
                "default": settings.default_lifetime,
            },
            "filename": {
                "type": "string",
                "format": "file-name",
                "minLength": 1,
                "maxLength": MAX_NAME_BYTES,
            },
        },
        "required": ["key"],
        "additionalProperties": False,
    }


def read_request(raw_query: str, settings: Settings) -> MintRequest:
    """The request in a raw query string.

    Raises:
        Refused: the query is malformed, or a parameter is missing, unknown or out of its range.
    """
    parameters: dict[str, Any] = read_query(raw_query)
    seconds = parameters.get("expires_in", "")
    if _WHOLE_NUMBER.fullmatch(seconds):
        parameters["expires_in"] = int(seconds)
    try:
        return MintRequest(**validate(event=parameters, schema=schema(settings), formats=_FORMATS))
    except SchemaValidationError as failure:
        raise _refusal(failure, parameters, settings) from None


def _refusal(failure: SchemaValidationError, parameters: dict[str, Any], settings: Settings) -> Refused:
    known = schema(settings)["properties"]
    unknown = sorted(parameters.keys() - known.keys())
    if unknown:
        return Refused(
            Code.UNKNOWN_PARAMETER, f"{shown(unknown[0])} is not a parameter: allowed are {', '.join(known)}."
        )
    parameter = failure.path[1] if failure.path and len(failure.path) > 1 else "key"
    match parameter:
        case "disposition":
            return Refused(Code.INVALID_DISPOSITION, "disposition must be attachment or inline.")
        case "expires_in":
            return Refused(
                Code.INVALID_EXPIRES_IN,
                f"expires_in must be a whole number of seconds from 1 to {settings.max_lifetime}.",
            )
        case "filename":
            return Refused(Code.INVALID_FILENAME, f"filename {name_problem(parameters['filename'])}.")
    problem = key_problem(parameters.get("key", ""))
    return Refused(Code.INVALID_KEY, f"key is required, and {problem}.")
