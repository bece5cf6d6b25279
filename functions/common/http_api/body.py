"""Reads a JSON body strictly: one object, each name once, all of its text Unicode."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from common.http_api.errors import Code, Refused

MAX_BODY_BYTES = 262_144
"""Far above what any field may hold (the longest lists an upload's thousand parts in some 70,000), and what
is worth parsing."""

_NOT_UNICODE = (
    "The body must be one JSON object in UTF-8. Text in it isn't Unicode (half of a surrogate pair): a file "
    "name that isn't UTF-8 is a usual cause."
)


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
        json.dumps(read, ensure_ascii=False).encode()  # JSON can spell a lone surrogate (`\ud800`)
    except UnicodeError:
        raise Refused(Code.INVALID_BODY, _NOT_UNICODE) from None
    except (ValueError, RecursionError):
        raise Refused(Code.INVALID_BODY, "The body must be one JSON object.") from None
    if not isinstance(read, dict):
        raise Refused(Code.INVALID_BODY, "The body must be one JSON object.")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Refused(Code.REPEATED_PARAMETER, "Each name in the body must be given once, not repeated.")
    return read
