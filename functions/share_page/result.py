"""Names what a visit came to, with its HTTP status and the sentence that programs are told."""

from dataclasses import dataclass, field
from enum import StrEnum

from onetime_urls.protocol.shares.record import Share, State


class VisitStatus(StrEnum):
    """What a visit came to, in one word: the answer's `x-share-status`."""

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


HTTP_STATUS = {
    VisitStatus.READY: 200,
    VisitStatus.WAITING: 200,
    VisitStatus.HANDED_OUT: 303,
    VisitStatus.PIN_MISSING: 403,
    VisitStatus.PIN_WRONG: 403,
    VisitStatus.LOCKED: 429,
    VisitStatus.USED: 410,
    VisitStatus.EXPIRED: 410,
    VisitStatus.REVOKED: 410,
    VisitStatus.UNKNOWN: 404,
    VisitStatus.OVER: 404,
    VisitStatus.SPENT: 409,
    VisitStatus.VANISHED: 410,
    VisitStatus.CROSS_SITE: 403,
    VisitStatus.BAD_FORM: 400,
    VisitStatus.MEDIA_TYPE: 415,
    VisitStatus.METHOD: 405,
    VisitStatus.UNAVAILABLE: 503,
}

SENTENCES = {
    VisitStatus.READY: "",
    VisitStatus.WAITING: "Your download has not begun yet. Press the button.",
    VisitStatus.HANDED_OUT: "Your download begins now.",
    VisitStatus.PIN_MISSING: "Enter the PIN that the sender gave you.",
    VisitStatus.PIN_WRONG: "That PIN is wrong.",
    VisitStatus.LOCKED: "Too many wrong PINs were entered, so this link is locked for a while.",
    VisitStatus.USED: "This link has been used up. Ask the sender for a new one.",
    VisitStatus.EXPIRED: "This link has expired. Ask the sender for a new one.",
    VisitStatus.REVOKED: "The sender has taken this link back.",
    VisitStatus.UNKNOWN: "There is nothing at this address. Check that the link is complete.",
    VisitStatus.OVER: (
        "There is nothing to download at this address, or no longer. Ask the sender for a new link."
    ),
    VisitStatus.SPENT: (
        "The file was handed over already. If the download broke off, try to resume it in your browser's "
        "list of downloads. Another download takes one more of those that are left."
    ),
    VisitStatus.VANISHED: (
        "The file behind this link is no longer there. Nothing was used up. Tell the sender."
    ),
    VisitStatus.CROSS_SITE: "Another site sent this request. Nothing was used up.",
    VisitStatus.BAD_FORM: "The form could not be read. Nothing was used up. Open the link again.",
    VisitStatus.MEDIA_TYPE: (
        "Send a form: application/x-www-form-urlencoded or multipart/form-data, or nothing at all."
    ),
    VisitStatus.METHOD: "This address answers GET, HEAD and POST.",
    VisitStatus.UNAVAILABLE: "Something did not answer in time. Try again in a moment.",
}
"""What programs are told."""

OF_STATE = {
    State.READY: VisitStatus.READY,
    State.LOCKED: VisitStatus.LOCKED,
    State.USED: VisitStatus.USED,
    State.EXPIRED: VisitStatus.EXPIRED,
    State.REVOKED: VisitStatus.REVOKED,
}

_HIDDEN = frozenset({VisitStatus.USED, VisitStatus.EXPIRED, VisitStatus.REVOKED, VisitStatus.UNKNOWN})
_OFFERING = frozenset(
    {
        VisitStatus.READY,
        VisitStatus.WAITING,
        VisitStatus.PIN_MISSING,
        VisitStatus.PIN_WRONG,
        VisitStatus.SPENT,
    }
)


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What a visit came to.

    Attributes:
        share: for results that show it, None otherwise.
        location: the one-time link that is handed out. Secret while it lives.
        retry_after: seconds after which another visit makes sense.
        ticket: the visitor's own, where it goes on.
    """

    status: VisitStatus
    share: Share | None = None
    location: str | None = field(default=None, repr=False)
    retry_after: int | None = None
    ticket: str | None = field(default=None, repr=False)

    @property
    def offered(self) -> Share | None:
        """The share, where its file can be asked for."""
        share = self.share if self.status in _OFFERING else None
        return None if share is not None and self.status is VisitStatus.SPENT and share.left == 0 else share

    @property
    def needs_pin(self) -> bool:
        """Whether a PIN has to be sent for the file. A visitor whose download waits had the right one."""
        share = self.offered
        return share is not None and share.pin is not None and self.status is not VisitStatus.WAITING

    def uniform(self) -> "VisitResult":
        """The same for a deployment that doesn't tell a share that is over from none at all."""
        return VisitResult(VisitStatus.OVER) if self.status in _HIDDEN else self
