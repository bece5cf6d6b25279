"""Makes names that come from elsewhere fit for a key or a folder."""

MOST_BYTES = 255
"""Of a file's name on the file systems of Linux, macOS and Windows (`NAME_MAX`)."""
_MOST_SUFFIX = 32
"""Bytes of a suffix that is kept when a name is cut: a longer one is no file type."""


def fitted(name: str, most: int = MOST_BYTES, *, before_suffix: str = "") -> str:
    """`name` in at most so many bytes of UTF-8, cut before its extension.

    Args:
        before_suffix: put between what is left of the name and its extension, such as " (1)".
    """
    stem, dot, suffix = name.rpartition(".")
    tail = dot + suffix
    if not stem or len(tail.encode(errors="replace")) > _MOST_SUFFIX:
        stem, tail = name, ""
    tail = before_suffix + tail
    room = most - len(tail.encode(errors="replace"))
    return stem.encode(errors="replace")[:room].decode(errors="ignore") + tail
