"""Decides whether a mint request is acceptable: one JSON schema, and a sentence for each parameter.

The schema is what docs/openapi.yaml shows to callers (a test holds the two together), it fills in
the defaults, and two formats tie it to the rules that a schema can't say. The sentences are ours:
a validator's own would repeat the caller's value.

Powertools compiles the schema for every request. That takes about half of a warm mint's CPU (1.4 of
3.1 ms, measured on one core of a server), which is little beside the mint's two calls to AWS.
"""

import re
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

from common.http_api.errors import Code, Refused
from common.http_api.query import read_query, shown
from common.link_minting.disposition import MAX_NAME_BYTES, name_problem
from common.link_minting.mint import MintRequest
from onetime_urls.protocol.links.limits import DEFAULT_RESUME_FACTOR, MAX_KEY_BYTES
from onetime_urls.protocol.paths import key_problem
from url_issuer.settings import Settings

_WHOLE_NUMBER = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
_FORMATS = {
    "cidr": lambda text: _network(text) is not None,
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
            "max_claims": {"type": "integer", "minimum": 1, "maximum": settings.max_claims, "default": 1},
            "resume": {"type": "integer", "minimum": 0, "maximum": settings.max_resume, "default": 0},
            "resume_factor": {
                "type": "integer",
                "minimum": 1,
                "maximum": settings.max_resume_factor,
                "default": min(DEFAULT_RESUME_FACTOR, settings.max_resume_factor),
            },
            "resume_by": {"type": "string", "enum": ["cookie", "address"], "default": "cookie"},
            "cidr": {"type": "string", "format": "cidr", "minLength": 2, "maxLength": 43},
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
    known = schema(settings)
    for name, declared in known["properties"].items():
        if declared["type"] == "integer" and _WHOLE_NUMBER.fullmatch(parameters.get(name, "")):
            parameters[name] = int(parameters[name])
    given = set(parameters)
    try:
        wanted = MintRequest(**validate(event=parameters, schema=known, formats=_FORMATS))
    except SchemaValidationError as failure:
        raise _refusal(failure, parameters, known["properties"]) from None
    for name in sorted(given & {"resume_factor", "resume_by"}):
        if not wanted.resume:
            raise Refused(Code(f"invalid_{name}"), f"{name} goes with resume, which is 0 or missing.")
    if wanted.resume_by == "address" and wanted.max_claims > 1:
        raise Refused(Code.INVALID_RESUME_BY, "resume_by=address goes with max_claims=1 only.")
    return replace(wanted, cidr=_network(wanted.cidr) if wanted.cidr else None)


def _refusal(
    failure: SchemaValidationError, parameters: dict[str, Any], known: dict[str, dict[str, Any]]
) -> Refused:
    unknown = sorted(parameters.keys() - known.keys())
    if unknown:
        return Refused(
            Code.UNKNOWN_PARAMETER, f"{shown(unknown[0])} is not a parameter: allowed are {', '.join(known)}."
        )
    name = failure.path[1] if failure.path and len(failure.path) > 1 else "key"
    return Refused(Code(f"invalid_{name}"), _sentence(name, parameters.get(name, ""), known[name]))


def _sentence(name: str, value: Any, declared: dict[str, Any]) -> str:
    """What the parameter `name` must be. It repeats no value."""
    match name:
        case "key":
            return f"key is required, and {key_problem(value)}."
        case "filename":
            return f"filename {name_problem(value)}."
        case "cidr":
            return "cidr must be a network such as 203.0.113.0/24 or 2001:db8::/32, without host bits."
    if declared["type"] == "integer":
        unit = " of seconds" if name in ("expires_in", "resume") else ""
        return f"{name} must be a whole number{unit} from {declared['minimum']} to {declared['maximum']}."
    return f"{name} must be {' or '.join(declared['enum'])}."


def _network(text: str) -> str | None:
    """A network in the one spelling that the guard reads; None if `text` isn't one, or has a scope."""
    try:
        return None if "%" in text else str(ip_network(text))
    except ValueError:
        return None
