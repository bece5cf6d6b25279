"""Decides which keys are listed, and from where a list goes on: in S3's order, which is that of UTF-8 bytes
and so of code points.

Listed is what a link can be minted for. What can't be minted is left out, and so are the empty objects that
stand for folders. Below a folder that bars its keys (the reserved prefix, a dot segment, a control
character) nothing is looked at: a list goes on behind it, however much is in it.
"""

from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import key_problem

_HIGHEST = "\U0010ffff"
"""The highest character. A folder's name with it comes after all names in the folder but those that begin
with it there: because of these a list can meet its last folder once more."""


def is_object(key: str) -> bool:
    """Whether a key names an object that can be handed out."""
    return key_problem(key) is None and not key.endswith("/")


def is_folder(name: str) -> bool:
    """Whether what is below a name that ends with a slash may be handed out."""
    return key_problem(name) is None


def barred_folder(name: str) -> str | None:
    """The first folder on the way to a key, or of a prefix, below which nothing can be handed out, with its
    slash; None if there is none."""
    end = name.find("/") + 1
    while end:
        if not is_folder(name[:end]):
            return name[:end]
        end = name.find("/", end) + 1
    return None


def start_after(last: str, prefix: str, *, flat: bool) -> str:
    """What S3 is asked to start after, once a list has come to `last`.

    Args:
        last: a key, or where not every key is listed a folder; empty at the beginning.
        prefix: of the list.
        flat: whether every key is listed.
    """
    # The one key in an unflat list that ends with a slash is the prefix itself: all others are folders.
    is_rolled_up = not flat and last.endswith("/") and last != prefix
    folder = barred_folder(last) or (last if is_rolled_up else None)
    if folder is None or len((folder + _HIGHEST).encode()) > MAX_KEY_BYTES:
        return last
    return folder + _HIGHEST
