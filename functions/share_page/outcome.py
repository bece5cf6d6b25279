"""Names what a visit came to, with its HTTP status and the sentence that every client is told."""

from dataclasses import dataclass, field
from enum import StrEnum

from onetime_urls.protocol.shares.record import Share, State


class Kind(StrEnum):
    """What a visit came to. It is also the answer's `x-share-status`."""

    READY = "ready"
    WAITING = "waiting"
    HANDED_OUT = "handed-out"
    PIN_MISSING = "pin-missing"
    PIN_WRONG = "pin-wrong"
    LOCKED = "locked"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    OVER = "over"
    SPENT = "spent"
    VANISHED = "vanished"
    CROSS_SITE = "cross-site"
    BAD_FORM = "bad-form"
    MEDIA_TYPE = "media-type"
    METHOD = "method"
    UNAVAILABLE = "unavailable"


STATUS = {
    Kind.READY: 200,
    Kind.WAITING: 200,
    Kind.HANDED_OUT: 303,
    Kind.PIN_MISSING: 403,
    Kind.PIN_WRONG: 403,
    Kind.LOCKED: 429,
    Kind.USED: 410,
    Kind.EXPIRED: 410,
    Kind.REVOKED: 410,
    Kind.UNKNOWN: 404,
    Kind.OVER: 404,
    Kind.SPENT: 409,
    Kind.VANISHED: 410,
    Kind.CROSS_SITE: 403,
    Kind.BAD_FORM: 400,
    Kind.MEDIA_TYPE: 415,
    Kind.METHOD: 405,
    Kind.UNAVAILABLE: 503,
}

WORDS = {
    Kind.READY: ("A file for you", ""),
    Kind.WAITING: ("Your download has not begun", "Your download has not begun yet. Press the button."),
    Kind.HANDED_OUT: ("Your download begins", "Your download begins now."),
    Kind.PIN_MISSING: ("A PIN is needed", "Enter the PIN that the sender gave you."),
    Kind.PIN_WRONG: ("That PIN is wrong", "That PIN is wrong."),
    Kind.LOCKED: (
        "Too many wrong PINs",
        "Too many wrong PINs were entered, so this link is locked for a while.",
    ),
    Kind.USED: ("Already downloaded", "This link has been used up. Ask the sender for a new one."),
    Kind.EXPIRED: ("Expired", "This link has expired. Ask the sender for a new one."),
    Kind.REVOKED: ("Withdrawn", "The sender has withdrawn this link."),
    Kind.UNKNOWN: ("No such link", "There is nothing at this address. Check that the link is complete."),
    Kind.OVER: (
        "Not available",
        "There is nothing to download at this address, or no longer. Ask the sender for a new link.",
    ),
    Kind.SPENT: (
        "Your download has begun already",
        "The file was handed over already. If the download broke off, try to resume it in your browser's "
        "list of downloads. Another download takes one more of those that are left.",
    ),
    Kind.VANISHED: (
        "The file is gone",
        "The file behind this link is no longer there. Nothing was used up. Tell the sender.",
    ),
    Kind.CROSS_SITE: ("Open the link itself", "Another site sent this request. Nothing was used up."),
    Kind.BAD_FORM: (
        "Not understood",
        "The form could not be read. Nothing was used up. Open the link again.",
    ),
    Kind.MEDIA_TYPE: (
        "Not understood",
        "Send a form: application/x-www-form-urlencoded or multipart/form-data.",
    ),
    Kind.METHOD: ("Not possible", "This address answers GET, HEAD and POST."),
    Kind.UNAVAILABLE: ("Try again in a moment", "Something did not answer in time. Try again in a moment."),
}
"""A heading and a sentence for each."""

OF_STATE = {
    State.READY: Kind.READY,
    State.LOCKED: Kind.LOCKED,
    State.USED: Kind.USED,
    State.EXPIRED: Kind.EXPIRED,
    State.REVOKED: Kind.REVOKED,
}

_HIDDEN = frozenset({Kind.USED, Kind.EXPIRED, Kind.REVOKED, Kind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a visit came to.

    Attributes:
        share: for outcomes that show it, None otherwise.
        location: the one-time link that is handed out.
        retry_after: seconds after which another visit makes sense.
        ticket: the visitor's own, where it goes on.
    """

    kind: Kind
    share: Share | None = None
    location: str | None = None
    retry_after: int | None = None
    ticket: str | None = field(default=None, repr=False)

    def uniform(self) -> "Outcome":
        """The same for a deployment that doesn't tell a share that is over from none at all."""
        return Outcome(Kind.OVER) if self.kind in _HIDDEN else self
