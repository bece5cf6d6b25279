"""Headers and cookies of ours, in lower case, as Lambda's events have them."""

CLAIM_TOKEN_HEADER = "x-claim-token"
"""Signed into every link and set by the guard alone: without it S3 refuses the link."""

LEASE_HEADER = "x-link-lease"
"""Carries a new lease from viewer request to origin response, where it becomes a cookie."""

OBJECT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Content security policy of every object: it runs nothing and loads nothing from elsewhere."""

SANDBOXED_OBJECT_POLICY = f"{OBJECT_POLICY}; sandbox"
"""The same, without an origin: of every object but those in which the guard knows that no script can be."""

PART_HEADER = "x-link-part"
"""Tells origin response which part of the object is wanted: `first-last/size`, in bytes, or nothing."""

LINK_STATUS_HEADER = "x-link-status"
"""Why a link isn't served: a code of `onetime_urls.protocol.links.reasons`."""

SHARE_STATUS_HEADER = "x-share-status"
"""What a visit to a share's page came to."""

SHARE_ORIGIN_HEADER = "x-share-origin"
"""Tells the page's function that a request came through the distribution, which alone can set it."""

VIEWER_ADDRESS_HEADER = "cloudfront-viewer-address"
"""The viewer's IP address and port, in CloudFront's own word (CloudFront Developer Guide, "Headers for
determining the viewer's location")."""

WEBHOOK_KEY_HEADER = "x-onetime-urls-key"
"""What the receiver of a webhook knows us by."""

CHECKSUM_METADATA = "sha256"
"""The object's metadata in which an upload keeps the SHA-256 of its content, as hex."""

CHECKSUM_HEADER = f"x-amz-meta-{CHECKSUM_METADATA}"
"""The same, as S3 answers with it."""

LEASE_COOKIE = "onetime-lease"
"""One name for all links, because the origin request policy has to list it. The value names its link."""

TICKET_COOKIE = "__Secure-ticket"
"""The one cookie that reaches the page's function (RFC 6265bis, "The __Secure- Prefix")."""

SESSION_COOKIE = "__Host-signed-session"
"""Says who has a session of signed cookies, and until when (RFC 6265bis, "The __Host- Prefix")."""

SIGNED_COOKIES = (
    "CloudFront-Policy",
    "CloudFront-Signature",
    "CloudFront-Key-Pair-Id",
    "CloudFront-Hash-Algorithm",
)
"""The signed cookies of a custom policy (CloudFront Developer Guide, "Set signed cookies that use a custom
policy")."""
