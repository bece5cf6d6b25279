"""What the functions count. A metric's one dimension is `DIMENSION`, its namespace the deployment's."""

from enum import StrEnum

DIMENSION = "service"


class Service(StrEnum):
    """Under which name a function counts and logs."""

    URL_ISSUER = "url-issuer"
    LINK_ADMIN = "link-admin"
    OBJECT_LISTER = "object-lister"
    SHARE_ADMIN = "share-admin"
    SHARE_PAGE = "share-page"
    EVENT_PUBLISHER = "event-publisher"
    LOG_RECONCILER = "log-reconciler"
    FILE_SIGNER = "file-signer"
    CONSOLE_PUBLISHER = "console-publisher"
    PUBLIC_KEY_READER = "public-key-reader"


class Metric(StrEnum):
    """What is counted."""

    MINTED = "Minted"
    """Links, by whoever minted them: the issuer and the page of shares."""

    REFUSED = "Refused"
    UNAVAILABLE = "Unavailable"
    """An AWS service couldn't be reached, or refused: what was to be done wasn't."""

    INTERNAL = "Internal"
    """A mistake of ours."""
