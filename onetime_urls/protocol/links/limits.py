"""Numbers that more than one function holds to, each with the page that sets it."""

MAX_KEY_BYTES = 1024
"""UTF-8 bytes in an object key (S3 User Guide, "Naming Amazon S3 objects")."""

MAX_S3_REQUEST = 8192
"""Bytes of a request's head that S3 reads, query included (S3 API Reference, "Error responses":
RequestHeaderSectionTooLarge). CloudFront's longest URL is the same (CloudFront quotas, "General quotas on
distributions: Maximum length of a URL")."""

ADDED_HEADERS = 1024
"""Bytes kept for what is added on the way to S3: at their longest the guard's own headers come to some 380,
and CloudFront's (Host, User-Agent, Via, X-Forwarded-For, X-Amz-Cf-Id, Connection) to some 430."""

MAX_URL_LENGTH = 7000
"""Characters in a minted URL: with all that is added on the way, S3 still reads it."""

MAX_TARGET_LENGTH = 8192
"""Characters of path and query that the guard reads at all (same page)."""

MAX_S3_LIFETIME = 604_800
"""Seconds that S3 lets a SigV4 presigned URL live (S3 API Reference, "Authenticating requests:
using query parameters")."""

SESSION_SECONDS = 3600
"""Longest session of a role that was assumed by another role (IAM User Guide, "Methods to assume a
role": role chaining). Whatever is presigned dies with the session that signed it."""

S3_GRACE = 60
"""Seconds that S3's own lifetime outlasts `expires_at`, so that clocks which differ at the last
second can't turn an admitted claim into a refusal by S3."""

MAX_CLOCK_SKEW = 900
"""Seconds that a link's date may lie ahead of our clock. S3 itself refuses more than 15 minutes
(S3 API Reference, "Error responses: RequestTimeTooSkewed")."""

MAX_AGENT_BYTES = 80
"""Bytes of a User-Agent that the records of links and shares keep."""

MAX_CLAIMS = 100
"""Admissions that one link can be minted for: the claims live in its one item, which must stay
small (DynamoDB bills writes by the item's size)."""

DEFAULT_RESUME_FACTOR, MAX_RESUME_FACTOR = 2, 10
"""How often an object's bytes may be sent under one claim, and the most that can be allowed: beyond it a link
is no one-time link."""

MAX_FOLLOWERS = 1000
"""Requests under one claim's lease: an empty part costs no byte of the budget, but a write."""

MAX_RELEASES = 3
"""Claims of one link that are released because S3 failed. An object that S3 can't serve would
otherwise let its link write for ever."""

MAX_GIVEN_BACK = 100
"""Tombstones of one link, after which it admits no claim: its item must stay small. Claims in doubt leave
them while DynamoDB's replies get lost: most links have none, few have more than one."""
