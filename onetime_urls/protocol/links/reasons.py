"""What a viewer is told when a link isn't served: one closed list of reasons.

A reason's code goes into the header `x-link-status`, the log and JSON answers; its two sentences say
what happened and what to do. None of them names the object, the link or anything that is secret.
"""

from typing import NamedTuple

from onetime_urls.protocol.links.rules import Verdict


class Reason(NamedTuple):
    """Attributes:
    code: short, stable, for programs.
    status: HTTP status.
    happened, advice: sentences for people.
    retry_after: seconds for the `Retry-After` header, or None where trying again won't help.
    """

    code: str
    status: int
    happened: str
    advice: str
    retry_after: int | None = None


_ASK = "Ask the sender for a new link."
_KEPT = "This request did not use it up"
_COPY = "Copy the whole link again, exactly as it was sent."

MALFORMED = Reason("malformed", 403, "This is not a complete one-time link.", _COPY)
UNKNOWN = Reason("unknown", 403, "This link is not known here.", _COPY)
ALTERED = Reason("altered", 403, "This link was changed on its way.", _COPY)
USED = Reason("used", 403, "This link has already been used.", _ASK)
EXPIRED = Reason("expired", 403, "This link has expired.", _ASK)
EXHAUSTED = Reason("exhausted", 403, "This link has failed too often.", _ASK)
REVOKED = Reason("revoked", 403, "The sender has taken this link back.", _ASK)
METHOD = Reason("method", 405, "A one-time link answers GET only.", f"{_KEPT}.")
# Not 416: curl and wget read that as "all of it is here already", and keep a partial file for the whole.
RANGE = Reason(
    "range", 403, "A one-time link is downloaded whole, not in parts.", f"{_KEPT}: try without Range."
)
TOO_LONG = Reason(
    "too-long", 431, "This request's headers are too long.", f"{_KEPT}: try with another program."
)
PART = Reason(
    "range", 416, "This part of the file can't be sent.", f"{_KEPT}: ask for one range that the file has."
)
LEASE_OVER = Reason("resume", 403, "The time or the bytes for resuming this download are used up.", _ASK)
NETWORK = Reason("network", 403, "This link works from another network only.", f"{_KEPT}.")
PREVIEW = Reason(
    "preview", 503, "A one-time link is not opened for a preview.", f"{_KEPT}: open it itself.", 1
)
UNAVAILABLE = Reason(
    "unavailable", 503, "The link could not be checked just now.", f"{_KEPT}: try again in a moment.", 2
)
RELEASED = Reason(
    "storage", 503, "The file could not be read just now.", f"{_KEPT}: try again in a moment.", 5
)
STORAGE = Reason(
    "storage",
    502,
    "The link was accepted, but the file could not be read.",
    "Try it once more; if it is used up by then, ask the sender for a new one.",
)

OF_VERDICT = {
    Verdict.GIVEN_BACK: UNAVAILABLE,
    Verdict.UNKNOWN: UNKNOWN,
    Verdict.ALTERED: ALTERED,
    Verdict.REVOKED: REVOKED,
    Verdict.EXPIRED: EXPIRED,
    Verdict.USED: USED,
    Verdict.EXHAUSTED: EXHAUSTED,
    Verdict.LEASE_OVER: LEASE_OVER,
}
"""The reason for every verdict that denies."""
