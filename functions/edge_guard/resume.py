"""Decides, without I/O, who may come back for more of a resumable link, and for which bytes.

A link minted with `resume` carries its terms in the signed URL: the object's size, the seconds of the
window and the bytes that may be sent in all. So what a request costs is known before anything is
written. Whoever claims the link gets a lease: a secret of 128 bits in a cookie, of which the record
keeps only the hash. A link that is bound by address instead needs no cookie: the hash is of the
viewer's address and agent, and whoever shares both is let in as well.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from onetime_urls.protocol.contract.headers import LEASE_COOKIE
from onetime_urls.protocol.links.canonical import (
    BOUND_PARAMETER,
    BUDGET_PARAMETER,
    RESUME_PARAMETER,
    SIZE_PARAMETER,
    Target,
)

_RANGE = re.compile(r"bytes=(?:(\d{1,16})-(\d{0,16})|-(\d{1,16}))", re.ASCII)
_LEASE = re.compile(r"(?P<link>[0-9a-f]{12})\.(?P<secret>[0-9a-f]{32})\.(?P<claim>[\w=+/-]{1,128})", re.ASCII)


class Unsatisfiable(ValueError):
    """The Range header asks for anything but one range of bytes that the object has."""


class Terms(NamedTuple):
    """What a resumable link allows.

    Attributes:
        size: bytes of the object.
        window: seconds after the claim in which followers are let in.
        budget: bytes that may be sent under one claim, its own request's included.
        by_address: whether address and agent are the lease, rather than a cookie.
    """

    size: int
    window: int
    budget: int
    by_address: bool


class Part(NamedTuple):
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1

    @property
    def range(self) -> str:
        """The value of a `Range` header."""
        return f"bytes={self.first}-{self.last}"

    def of(self, size: int) -> str:
        """The value of the guard's own header for a part of an object of `size` bytes."""
        return f"{self.first}-{self.last}/{size}"


class LeaseToken(NamedTuple):
    """A lease as its holder shows it.

    Attributes:
        link: the first digits of the link's signature.
        secret: 32 hex digits, or None where the viewer's address is the lease.
        claim_id: the claim that it belongs to.
    """

    link: str
    secret: str
    claim_id: str

    def __repr__(self) -> str:
        return f"LeaseToken({self.link}, {self.claim_id})"

    def __str__(self) -> str:
        """The cookie's value. Secret."""
        return f"{self.link}.{self.secret}.{self.claim_id}"

    @property
    def key(self) -> str:
        """What the record keeps of it."""
        return sha256(self.secret.encode()).hexdigest()


def terms_of(target: Target) -> Terms | None:
    """The terms in a link's URL; None if it can't be resumed."""
    parameters = target.parameters
    if RESUME_PARAMETER not in parameters:
        return None
    return Terms(
        size=int(parameters[SIZE_PARAMETER]),
        window=int(parameters[RESUME_PARAMETER]),
        budget=int(parameters[BUDGET_PARAMETER]),
        by_address=BOUND_PARAMETER in parameters,
    )


def read_range(value: str, size: int) -> Part | None:
    """The part of an object of `size` bytes that a Range header asks for; None is the whole.

    One range is read as RFC 9110 (section 14.1.2) says: `a-b`, cut at the object's end, `a-`, or `-n`.

    Raises:
        Unsatisfiable: several ranges, another unit, or none of the object's bytes. S3 would answer some
            of these with the whole object.
    """
    if not value or size == 0:
        return None
    found = _RANGE.fullmatch(value.replace(" ", "").lower())
    if found is None:
        raise Unsatisfiable
    first, last, suffix = found.groups()
    if suffix is not None:
        part = Part(max(size - int(suffix), 0), size - 1)
    else:
        part = Part(int(first), min(int(last or size), size - 1))
    if part.size < 1 or part.first >= size or (last and int(last) < int(first)):
        raise Unsatisfiable
    return part


def lease_in(cookies: str, link: str) -> LeaseToken | None:
    """The lease of the link named `link` in a Cookie header; None if there is none."""
    for pair in cookies.split(";"):
        name, _, value = pair.strip().partition("=")
        found = _LEASE.fullmatch(value) if name == LEASE_COOKIE else None
        if found is not None and found["link"] == link:
            return LeaseToken(found["link"], found["secret"], found["claim"])
    return None


def address_key(address: str, agent: str) -> str:
    """What the record keeps of a lease that is bound by address."""
    return sha256(f"{address}\n{agent}".encode()).hexdigest()


def set_cookie(lease: str, uri: str, window: int) -> str:
    """The `Set-Cookie` value that hands out a lease, for the link's path and as long as it lasts.

    `SameSite=None` lets a player on another site's page seek. The cookie is no login: without the whole
    link it opens nothing.
    """
    return f"{LEASE_COOKIE}={lease}; Max-Age={window}; Path={uri}; Secure; HttpOnly; SameSite=None"
