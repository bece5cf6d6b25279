"""Events on the bus: their source and their names, which rules of EventBridge match."""

from enum import StrEnum

SOURCE = "onetime-urls"


class Event(StrEnum):
    """What happened, an event's detail type."""

    LINK_MINTED = "link minted"
    LINK_CLAIMED = "link claimed"
    LINK_RESUMED = "link resumed"
    LINK_GIVEN_BACK = "link given back"
    LINK_DELIVERED = "link delivered"
    LINK_FAILED = "link failed"
    LINK_REVOKED = "link revoked"
    SHARE_MADE = "share made"
    SHARE_USED = "share used"
    SHARE_LOCKED = "share locked"
    SHARE_REVOKED = "share revoked"
