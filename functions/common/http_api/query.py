"""Reads a query string strictly: each parameter once, well-formed, or not at all.

The HTTP API joins repeated parameters with commas in `queryStringParameters` (API Gateway Developer
Guide, "Create AWS Lambda proxy integrations for HTTP APIs"), and a comma is also a fine character in
an object key. So the raw query is read.

A `+` is a space here, as in an HTML form. That is what `URLSearchParams` in browsers, `requests` and
`urllib.parse.urlencode` in Python and `curl --data-urlencode` send for a space, and all of them send
`%2B` for a plus. Who writes a query by hand has to write `%2B` too. (A link's own query is read
otherwise: by SigV4's rules, where `+` is a plus. See `onetime_urls.protocol.links.canonical`.)
"""

import re

from common.http_api.errors import Code, Refused
from onetime_urls.protocol.paths import Malformed, percent_decode

_PLAIN_WORD = re.compile(r"[\w-]{1,32}", re.ASCII)


def read_query(raw: str) -> dict[str, str]:
    """The decoded parameters of `raw`, a query string without its `?`; none for the empty string.

    Raises:
        Refused: a parameter is repeated, has no `=`, or isn't percent-encoded UTF-8 without control
            characters.
    """
    parameters: dict[str, str] = {}
    for pair in raw.split("&") if raw else []:
        raw_name, equals, raw_value = pair.partition("=")
        name = _decode(raw_name, "The query's parameters")
        if not equals:
            raise Refused(Code.INVALID_QUERY, f"{shown(name)} must be written as name=value.")
        if name in parameters:
            raise Refused(Code.REPEATED_PARAMETER, f"{shown(name)} must be given once, not repeated.")
        parameters[name] = _decode(raw_value, shown(name))
    return parameters


def shown(name: str) -> str:
    """A parameter's name for a message: as it is if it is a plain word, otherwise described.

    What isn't a plain word is more likely a part of a value whose `&` wasn't escaped.
    """
    return name if _PLAIN_WORD.fullmatch(name) else "A parameter with an empty or unusual name"


def _decode(raw: str, whose: str) -> str:
    try:
        return percent_decode(raw.replace("+", "%20"))
    except Malformed as reason:
        raise Refused(
            Code.INVALID_QUERY,
            f"{whose} must be percent-encoded UTF-8 without control characters (problem: {reason}).",
        ) from None
