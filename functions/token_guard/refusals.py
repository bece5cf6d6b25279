"""Each reason for which the token guard serves nothing: the one tree of them."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Attributes:
    code: short, stable, for programs and the log.
    status: HTTP status.
    happened, advice: sentences for people.
    challenge: whether a token is what is missing.
    retry_after: seconds for `Retry-After`, or None where trying again won't help.
    """

    code: str
    status: int
    happened: str
    advice: str
    challenge: bool = False
    retry_after: int | None = None


_SIGN_IN = "Sign in, then open it again."
NO_TOKEN = Refusal("no_token", 401, "This is for signed-in users.", _SIGN_IN, challenge=True)
INVALID = Refusal(
    "invalid_token", 401, "The sign-in is not valid here or has expired.", _SIGN_IN, challenge=True
)
DIFFERENT = Refusal(
    "invalid_request",
    400,
    "The request shows different tokens.",
    "Send one token: in the Authorization header or in a cookie.",
    challenge=True,
)
FORBIDDEN = Refusal(
    "insufficient_scope",
    403,
    "This account may not read this address.",
    "Ask whoever runs this site, or sign in with another account.",
    challenge=True,
)
BAD_ADDRESS = Refusal(
    "bad_address", 400, "This is not an address that can be read.", "Check it and try again."
)
METHOD = Refusal("method", 405, "Files are read with GET and HEAD only.", "Nothing was changed.")
MISSING = Refusal("not_found", 404, "There is no such file.", "Check the address.")
CONDITION = Refusal(
    "condition", 412, "The file is not in the state that was asked for.", "Ask for it without a condition."
)
RANGE = Refusal("range", 416, "The file does not have this part.", "Ask for a range that it has.")
STORAGE = Refusal("storage", 502, "The file could not be read.", "Try again in a moment.", retry_after=5)
NO_KEYS = Refusal(
    "unavailable", 503, "The sign-in could not be checked just now.", "Try again in a moment.", retry_after=10
)
UNAVAILABLE = Refusal(
    "unavailable", 503, "The request could not be checked just now.", "Try again in a moment.", retry_after=2
)
