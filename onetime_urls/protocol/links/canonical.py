"""Decides which URLs are the same link: one strict reading, one canonical spelling.

A URL can be spelt in many ways (`%2f` or `%2F`, another order of parameters, `X-Amz-%45xpires`),
and S3 accepts all of them. Whoever keys a used-list on the spelling can be replayed. So the target
is decoded exactly once (`onetime_urls.protocol.paths`), held against the exact set of parameters that the
issuer mints, and written again by SigV4's rules, with the parameters sorted. The canonical form is what the
fingerprint is taken of and what goes on to S3: the guard and S3 can't read one URL two ways.

Targets are split by hand. `urllib.parse.urlsplit` would find a host in `//x/y`, and its `parse_qsl`
reads `+` as a space, which S3 and SigV4 do not.
"""

import hashlib
import re
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from onetime_urls.protocol.contract.headers import CLAIM_TOKEN_HEADER
from onetime_urls.protocol.links.limits import MAX_S3_LIFETIME, MAX_TARGET_LENGTH
from onetime_urls.protocol.paths import (
    Malformed,
    is_visible,
    percent_encode,
    read_path,
    unescape,
    write_path,
)

ALGORITHM = "AWS4-HMAC-SHA256"
SIGNED_HEADERS = f"host;{CLAIM_TOKEN_HEADER}"
NONCE_PARAMETER = "x-link-nonce"
SIZE_PARAMETER = "x-link-size"
RESUME_PARAMETER = "x-link-resume"
BUDGET_PARAMETER = "x-link-budget"
BOUND_PARAMETER = "x-link-resume-by"
CIDR_PARAMETER = "x-link-cidr"

REQUIRED_PARAMETERS = frozenset(
    {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
        NONCE_PARAMETER,
        "response-content-disposition",
    }
)
RESUME_TERMS = frozenset({SIZE_PARAMETER, RESUME_PARAMETER, BUDGET_PARAMETER})
"""Bytes of the object, seconds to resume in, bytes to send in all: on a resumable link, all three."""
OPTIONAL_PARAMETERS = RESUME_TERMS | {"versionId", BOUND_PARAMETER, CIDR_PARAMETER}

_SHAPES = {
    "X-Amz-Algorithm": re.escape(ALGORITHM),
    "X-Amz-Credential": r"\w{1,128}/\d{8}/[a-z0-9-]{1,32}/s3/aws4_request",
    "X-Amz-Date": r"\d{8}T\d{6}Z",
    "X-Amz-Expires": r"[1-9]\d{0,5}",
    "X-Amz-Signature": r"[0-9a-f]{64}",
    "X-Amz-SignedHeaders": re.escape(SIGNED_HEADERS),
    NONCE_PARAMETER: r"[0-9a-f]{64}",
}
_shaped_values = itemgetter(*_SHAPES)
_SHAPE = re.compile("\n".join(_SHAPES.values()), re.ASCII)
"""Of all these values, a line each: no value holds a control character."""
_BYTES = re.compile(r"0|[1-9]\d{0,15}", re.ASCII)
_OPTIONAL_SHAPES = {
    SIZE_PARAMETER: _BYTES,
    RESUME_PARAMETER: re.compile(r"[1-9]\d{0,5}", re.ASCII),
    BUDGET_PARAMETER: _BYTES,
    BOUND_PARAMETER: re.compile(r"address"),
    CIDR_PARAMETER: re.compile(r"[0-9a-f.:]{2,39}/\d{1,3}", re.ASCII),
}


class _Decoded(NamedTuple):
    key: str
    parameters: dict[str, str]


class Target(_Decoded):
    """A link's target after the one decoding.

    Attributes:
        key: the S3 object key, 1 to 1024 bytes of UTF-8.
        parameters: decoded query parameters, each name once.
    """

    @property
    def signature(self) -> str:
        """The 64 lower-case hex digits of `X-Amz-Signature`: the record's partition key."""
        return self.parameters["X-Amz-Signature"]

    @cached_property
    def uri(self) -> str:
        """The canonical path, beginning with `/`."""
        return write_path(self.key)

    @cached_property
    def querystring(self) -> str:
        """The canonical query, signature included, without a leading `?`."""
        return canonical_query(self.parameters)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical target, as 64 hex digits: equal exactly for spellings of one link."""
        return hashlib.sha256(f"{self.uri}?{self.querystring}".encode("ascii")).hexdigest()


def parse_target(uri: str, querystring: str) -> Target:
    """Read the path and query of a viewer request (as spelt by the viewer, without `?`).

    Raises:
        Malformed: for anything but one spelling of a URL that the issuer could have minted: a bad
            escape, bytes that aren't UTF-8, control characters, dot segments, a missing, repeated
            or unexpected parameter, a value of the wrong shape, too great a length.
    """
    if len(uri) + len(querystring) > MAX_TARGET_LENGTH:
        raise Malformed("too long")
    if not is_visible(querystring):
        raise Malformed("not a query in visible ASCII")
    return Target(read_path(uri), _parse_query(querystring))


def _parse_query(querystring: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in querystring.split("&")]
    parameters = {unescape(name): unescape(value) for name, _, value in pairs}
    if len(parameters) < len(pairs):
        raise Malformed("a parameter twice")
    if not parameters.keys() >= REQUIRED_PARAMETERS:
        raise Malformed("missing parameters")
    if not _SHAPE.fullmatch("\n".join(_shaped_values(parameters))):
        raise Malformed("a value of the wrong shape")
    if extra := parameters.keys() - REQUIRED_PARAMETERS:
        _check_optional(extra, parameters)
    if not all(parameters.values()) or int(parameters["X-Amz-Expires"]) > MAX_S3_LIFETIME:
        raise Malformed("a value out of range, or none")
    return parameters


def _check_optional(names: set[str], parameters: dict[str, str]) -> None:
    if not names <= OPTIONAL_PARAMETERS:
        raise Malformed("unexpected parameters")
    for name in names & _OPTIONAL_SHAPES.keys():
        if not _OPTIONAL_SHAPES[name].fullmatch(parameters[name]):
            raise Malformed("a value of the wrong shape")
    terms = len(names & RESUME_TERMS)
    if terms not in (0, len(RESUME_TERMS)) or (BOUND_PARAMETER in names and not terms):
        raise Malformed("incomplete terms")


def canonical_query(parameters: dict[str, str]) -> str:
    """Encode and sort decoded parameters by SigV4's rules."""
    spelt = sorted([(percent_encode(name), percent_encode(value)) for name, value in parameters.items()])
    return "&".join([f"{name}={value}" for name, value in spelt])
