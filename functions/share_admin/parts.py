"""Decides how a file is cut into the parts of an upload, and what tells an object that they were put together
to."""

from collections.abc import Iterable
from hashlib import md5

_MD5_DIGITS = 32


def part_lengths(size: int, count: int) -> dict[int, int]:
    """Bytes of each part by its number, from 1: all as long as the first but for the last. There can be fewer
    than asked for.

    Args:
        size: of the file, at least `count`.
    """
    longest = -(-size // count)
    return {number + 1: min(longest, size - number * longest) for number in range(-(-size // longest))}


def tag_of_parts(tags: Iterable[str]) -> str | None:
    """The ETag that S3 gives to an object of parts with these: the MD5 of their digests, and their number.
    None where theirs aren't digests.

    That is how objects come out, though S3 doesn't promise it (S3 User Guide, "Checking object integrity"):
    where it is otherwise, a completion whose answer was lost can't be told from one that never was.
    """
    digests = list(tags)
    if any(len(each) != _MD5_DIGITS for each in digests):
        return None
    try:
        joined = b"".join(map(bytes.fromhex, digests))
    except ValueError:
        return None
    return f"{md5(joined, usedforsecurity=False).hexdigest()}-{len(digests)}"
