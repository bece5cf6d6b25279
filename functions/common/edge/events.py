"""The shape of Lambda@Edge's events and answers (CloudFront Developer Guide, "Lambda@Edge event structure").

Headers are lower-case names mapped to lists of `{"key", "value"}`; an answer's `status` is a string.
"""

from collections.abc import Mapping
from typing import Any

Headers = dict[str, list[dict[str, str]]]


def header(headers: Headers, name: str, separator: str = ", ") -> str:
    """All values of a header, joined as RFC 9110 (section 5.3) allows; empty if it is absent. Cookie is
    the one whose fields are joined otherwise, by "; " (RFC 9113, section 8.2.3)."""
    return separator.join(entry["value"] for entry in headers.get(name, ()))


def write_headers(headers: Mapping[str, str]) -> Headers:
    """Headers as an event has them, by names as they should be written."""
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}


def answer(status: int, headers: Mapping[str, str], body: str | None = None) -> dict[str, Any]:
    """A response that a function gives itself. A 204 must have no body at all."""
    made = {"status": str(status), "headers": write_headers(headers)}
    return made if body is None else made | {"body": body}
