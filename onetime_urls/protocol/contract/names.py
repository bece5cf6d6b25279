"""Prefixes of keys and paths, and how much of an id may be shown."""

RESERVED_PREFIX = "-/"
"""Keys under it are never minted or redeemed: the same domain serves our own pages there."""

PAGE_PREFIX = f"/{RESERVED_PREFIX}"
"""Path of the shares' pages."""

UPLOAD_PREFIX = "uploads/"
"""Keys under it are made for uploads: 128 random bits and the file's name. Uploads go there unless they name
another folder."""

LINK_DIGITS = 12
"""Hex digits of a link's signature that stand for it in logs, answers, events and leases."""

SHARE_CHARACTERS = 8
"""Characters of a share's id that stand for it in logs and events. The whole id opens its page; the 80 bits
that are left out can't be guessed."""


def shown_link(signature: str) -> str:
    """What a link is called where its whole signature would be too much."""
    return signature[:LINK_DIGITS]


def shown_share(share_id: str) -> str:
    """What a share is called wherever its id must not be."""
    return share_id[:SHARE_CHARACTERS]
