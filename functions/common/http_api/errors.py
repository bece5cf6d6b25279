"""Everything that keeps a request from being granted, and the one place where it becomes a response.

Callers get a code for programs and a sentence for people. They never get an exception's own text:
botocore's can hold a request's parameters, and with them a claim token.
"""

import json
from collections.abc import Mapping
from enum import StrEnum

from aws_lambda_powertools.event_handler import Response

NO_STORE = {"Cache-Control": "no-store"}
RETRY_AFTER = 2
"""Seconds after which a caller may try again: longer than the retry that has already been made."""


class Code(StrEnum):
    """What `error` can be in an answer. docs/openapi.yaml lists the same ones."""

    INVALID_QUERY = "invalid_query"
    UNKNOWN_PARAMETER = "unknown_parameter"
    REPEATED_PARAMETER = "repeated_parameter"
    INVALID_KEY = "invalid_key"
    INVALID_DISPOSITION = "invalid_disposition"
    INVALID_EXPIRES_IN = "invalid_expires_in"
    INVALID_FILENAME = "invalid_filename"
    INVALID_MAX_CLAIMS = "invalid_max_claims"
    INVALID_RESUME = "invalid_resume"
    INVALID_RESUME_FACTOR = "invalid_resume_factor"
    INVALID_RESUME_BY = "invalid_resume_by"
    INVALID_CIDR = "invalid_cidr"
    INVALID_BODY = "invalid_body"
    INVALID_MAX_DOWNLOADS = "invalid_max_downloads"
    INVALID_PIN = "invalid_pin"
    INVALID_NOTE = "invalid_note"
    INVALID_LIMIT = "invalid_limit"
    INVALID_NEXT = "invalid_next"
    INVALID_SIZE = "invalid_size"
    INVALID_CONTENT_TYPE = "invalid_content_type"
    INVALID_PARTS = "invalid_parts"
    INVALID_UPLOAD_ID = "invalid_upload_id"
    INVALID_FILE = "invalid_file"
    INVALID_FLAT = "invalid_flat"
    INVALID_FOLDER = "invalid_folder"
    INVALID_PREFIX = "invalid_prefix"
    URL_TOO_LONG = "url_too_long"
    SESSION_TOO_LARGE = "session_too_large"
    NO_TOKEN = "no_token"  # noqa: S105 - a code that says there is no token
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a code that says what is wrong with one
    NO_SESSION = "no_session"
    FORBIDDEN = "forbidden"
    CROSS_SITE = "cross_site"
    NO_SUCH_FILE = "no_such_file"
    NO_SUCH_LINK = "no_such_link"
    NO_SUCH_OBJECT = "no_such_object"
    NO_SUCH_SHARE = "no_such_share"
    NO_SUCH_UPLOAD = "no_such_upload"
    NO_SUCH_ROUTE = "no_such_route"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NAME_TAKEN = "name_taken"
    OBJECT_ARCHIVED = "object_archived"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


STATUS = {
    Code.NO_TOKEN: 401,
    Code.INVALID_TOKEN: 401,
    Code.NO_SESSION: 401,
    Code.FORBIDDEN: 403,
    Code.CROSS_SITE: 403,
    Code.NO_SUCH_FILE: 404,
    Code.NO_SUCH_LINK: 404,
    Code.NO_SUCH_OBJECT: 404,
    Code.NO_SUCH_SHARE: 404,
    Code.NO_SUCH_UPLOAD: 404,
    Code.NO_SUCH_ROUTE: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.NAME_TAKEN: 409,
    Code.OBJECT_ARCHIVED: 409,
    Code.TOO_LARGE: 413,
    Code.UNSUPPORTED_MEDIA_TYPE: 415,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
}
"""HTTP status of a code. Every other one is 400."""


class Refused(Exception):
    """The request can't be granted, and asking again won't help.

    Attributes:
        code: for programs.
        message: a sentence that names the parameter and what is allowed. It repeats no value.
        headers: what the response carries beside it.
    """

    def __init__(self, code: Code, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.headers = headers or {}


class Unavailable(Exception):
    """An AWS service can't be reached, or won't do what is needed: nothing was handed out.

    Attributes:
        operation: the API action, such as "HeadObject".
        cause: an AWS error code or the name of an exception, for the log.
        message: a sentence for callers.
    """

    def __init__(
        self,
        operation: str,
        cause: str,
        message: str = "Storage could not be reached just now: try again.",
    ) -> None:
        super().__init__(operation, cause)
        self.operation = operation
        self.cause = cause
        self.message = message


def code_of(error: Exception) -> Code:
    """The code for `error`: whatever isn't foreseen is internal."""
    if isinstance(error, Refused):
        return error.code
    return Code.UNAVAILABLE if isinstance(error, Unavailable) else Code.INTERNAL


def sentence_of(error: Exception) -> str:
    """What a caller is told about `error`, never an exception's own text."""
    if isinstance(error, Refused | Unavailable):
        return error.message
    return "This failed because of a mistake on our side."


def respond(error: Exception) -> Response[str]:
    """The response that tells a caller about `error`, always JSON."""
    code = code_of(error)
    headers = dict(NO_STORE)
    if isinstance(error, Refused):
        headers.update(error.headers)
    if code is Code.UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER)
    return Response(
        status_code=STATUS.get(code, 400),
        content_type="application/json",
        body=json.dumps({"error": code, "message": sentence_of(error)}) + "\n",
        headers=headers,
    )
