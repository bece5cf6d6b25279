"""Decides what a session's request may do, and writes its cookies.

A session is a set of CloudFront's signed cookies for each prefix that its user may read, under that prefix's
own `Path`, so that one set never meets another's files. Beside them is one cookie of ours, which says who and
until when. It opens nothing, so nobody signed it; its name's prefix keeps other hosts from setting it
(RFC 6265bis, "The __Host- Prefix"), and what its browser says of itself concerns that browser alone.

Only pages of the distribution's own origin, of origins that the operator named, and programs that aren't
browsers can open or close a session: whatever another site's page sends changes nothing.
"""

import json
from base64 import urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from common.http_api.errors import Code, Refused
from file_signer.policies import prefix_path
from onetime_urls.protocol.contract.headers import SESSION_COOKIE, SIGNED_COOKIES
from onetime_urls.protocol.paths import has_control_characters
from onetime_urls.protocol.signed_urls import MAX_SESSION_RULES
from onetime_urls.protocol.tokens.encodings import decode_base64url, read_object

MAX_COOKIE_BYTES = 3_500
"""Of the value of our own cookie; browsers keep 4,096 bytes with its name and attributes."""

MAX_FIELDS_BYTES = 10_000
"""Of all cookies that one answer sets and clears: API Gateway sends 10,240 bytes of header values at most
(API Gateway Developer Guide, "Quotas for HTTP APIs"), of which the other headers have some."""

_OWN = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser is told about its session.

    Attributes:
        subject: the token's `sub`.
        expires_at: epoch seconds.
        prefixes: that it may read.
    """

    subject: str | None
    expires_at: int
    prefixes: Sequence[str]

    def to_cookie(self) -> str:
        """The value of our own cookie.

        Raises:
            Refused: it would be too long for a cookie.
        """
        plain = {"sub": self.subject, "expires_at": self.expires_at, "prefixes": list(self.prefixes)}
        value = urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")
        if len(value) > MAX_COOKIE_BYTES:
            raise Refused(Code.SESSION_TOO_LARGE, "What you may read is too long a list for cookies.")
        return value

    @classmethod
    def from_cookies(cls, cookies: Iterable[str], now: int) -> Self | None:
        """The session that a browser shows; None if it has none, or one that is over.

        Args:
            cookies: each as `name=value`.
        """
        found = [
            value for name, _, value in (each.partition("=") for each in cookies) if name == SESSION_COOKIE
        ]
        try:
            plain = read_object(decode_base64url(found[0]))
            session = cls(plain["sub"], plain["expires_at"], plain["prefixes"])
        except (Error, IndexError, KeyError, ValueError):
            return None
        return session if session._is_sound() and session.expires_at > now else None

    def _is_sound(self) -> bool:
        if not isinstance(self.prefixes, list) or len(self.prefixes) > MAX_SESSION_RULES:
            return False
        texts = [*self.prefixes, *([] if self.subject is None else [self.subject])]
        return type(self.expires_at) is int and all(
            isinstance(each, str) and _is_text(each) for each in texts
        )


def refuse_other_sites(headers: Mapping[str, str], base_url: str, origins: Sequence[str]) -> None:
    """Raises Refused if another site's page makes this request (Fetch Metadata, "Sec-Fetch-Site"; Fetch,
    "Origin")."""
    origin = headers.get("origin")
    if origin in origins:
        return
    site = headers.get("sec-fetch-site")
    if (site is not None and site not in _OWN) or (origin is not None and origin != base_url):
        raise Refused(Code.CROSS_SITE, "Pages of this site may not open or close sessions here.")


def opening(
    session: Session,
    signed: Mapping[str, Mapping[str, str]],
    before: Session | None,
    now: int,
    same_site: str,
) -> list[str]:
    """The `Set-Cookie` fields that begin a session, and end what an earlier one has in other places.

    Args:
        signed: prefix to signed cookies.
        before: the session that the browser had.

    Raises:
        Refused: it doesn't fit into cookies.
    """
    kept = f"Max-Age={session.expires_at - now}; Secure; HttpOnly; SameSite={same_site}"
    fields = [f"{SESSION_COOKIE}={session.to_cookie()}; Path=/; {kept}"]
    for prefix, cookies in signed.items():
        fields += [f"{name}={value}; Path={prefix_path(prefix)}; {kept}" for name, value in cookies.items()]
    if _size(fields) > MAX_FIELDS_BYTES:
        raise Refused(Code.SESSION_TOO_LARGE, "What you may read is too long a list for cookies.")
    stale = [prefix for prefix in (before.prefixes if before else ()) if prefix not in signed]
    fields += _clearing(stale, same_site)
    if _size(fields) > MAX_FIELDS_BYTES:
        raise Refused(Code.SESSION_TOO_LARGE, "Another session is open here: close it, then open this one.")
    return fields


def closing(session: Session | None, same_site: str) -> list[str]:
    """The `Set-Cookie` fields that end a session."""
    ended = f"{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite={same_site}"
    return [ended, *_clearing(session.prefixes if session else (), same_site)]


def present(session: Session, base_url: str) -> dict[str, Any]:
    """A session as its page sees it: who, until when, and where its files are."""
    return {
        "sub": session.subject,
        "expires_at": session.expires_at,
        "prefixes": [f"{base_url}{prefix_path(prefix)}" for prefix in session.prefixes],
    }


def _clearing(prefixes: Sequence[str], same_site: str) -> list[str]:
    return [
        f"{name}=; Path={prefix_path(prefix)}; Max-Age=0; Secure; HttpOnly; SameSite={same_site}"
        for prefix in prefixes
        for name in SIGNED_COOKIES
    ]


def _size(fields: Iterable[str]) -> int:
    return sum(map(len, fields))  # they are ASCII


def _is_text(text: str) -> bool:
    return not has_control_characters(text) and not any("\ud800" <= each <= "\udfff" for each in text)
