"""Writes what CloudFront is asked to accept: the address of one file, or the policy for a prefix.

An address is signed with a canned policy, which is that exact URL and nothing else. But its signature also
vouches for the same text shown as a custom policy, in which `*` and `?` are wildcards (CloudFront Developer
Guide, "Create a signed URL using a custom policy"). So no character of a file's name is written as one: the
path is spelt canonically, with `%2A` and `%3F`. The one `?` in a signed text begins the query of ours, after
the whole name; as a wildcard it would stand for one character there, under the same rule.

A policy for a prefix has one Resource, this distribution's own host, and one `*` at its end. Rules hold no
wildcard (`onetime_urls.protocol.rules`).
"""

from onetime_urls.protocol.paths import percent_encode, write_path
from onetime_urls.protocol.signed_urls import DISPOSITION_PARAMETER

HASH_ALGORITHM = "SHA256"
"""KMS signs no SHA-1, which CloudFront assumes where nothing is said."""

MAX_SIGNED_BYTES = 4096
"""The longest message that KMS signs as it is (KMS API Reference, Sign)."""


def file_url(base_url: str, file: str, disposition: str | None) -> str:
    """The address of a file, not signed yet.

    Args:
        base_url: the distribution's, without a trailing slash.
        disposition: "attachment" or "inline"; None for what S3 has stored.
    """
    query = f"?{DISPOSITION_PARAMETER}={disposition}" if disposition else ""
    return f"{base_url}{write_path(file)}{query}"


def prefix_path(prefix: str) -> str:
    """The canonical path of a prefix that is empty or ends in a slash: a cookie's `Path`."""
    return f"/{percent_encode(prefix, keep_slashes=True)}"


def prefix_resource(base_url: str, prefix: str) -> str:
    """The Resource of a custom policy for everything under a prefix."""
    return f"{base_url}{prefix_path(prefix)}*"


def session_end(now: int, seconds: int) -> int:
    """When a session ends that begins now: at the end of a window that it shares with others, so that one
    signature does for all of them. It lasts two to three thirds of `seconds`.

    Args:
        now: epoch seconds.
        seconds: the longest that it may last, at least 3.
    """
    window = seconds // 3
    return (now + seconds) // window * window
