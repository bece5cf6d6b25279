"""Decides how long a link can honestly live on the credentials that sign it.

A presigned URL dies with the session that signed it, whatever its own lifetime says (S3 User Guide,
"Sharing objects with presigned URLs"). So the signer role's session is kept only for links that it
outlives, and a link that no session can outlive gets a shorter promise instead of a broken one.
"""

from dataclasses import dataclass, field

from onetime_urls.protocol.links.limits import S3_GRACE

RENEW_AFTER = 60
"""Seconds for which a session isn't renewed although it is too short: a new one would hardly last
longer, and a burst of the longest links must not become a burst of calls to STS."""


@dataclass(frozen=True, slots=True)
class SignerCredentials:
    """A session of the signer role.

    Attributes:
        assumed_at, expires_at: epoch seconds.
    """

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)
    assumed_at: int
    expires_at: int


def reusable(cached: SignerCredentials, lifetime: int, now: int) -> bool:
    """Whether a link of `lifetime` seconds is signed with the session at hand, or with a new one."""
    outlives_link = cached.expires_at >= now + lifetime + S3_GRACE
    return outlives_link or now - cached.assumed_at < RENEW_AFTER


def last_promise(credentials: SignerCredentials) -> int:
    """The latest `expires_at` that these credentials can keep, in epoch seconds."""
    return credentials.expires_at - S3_GRACE
