"""Holds what a token claims against the issuer that is trusted: who made it, for whom, for what, until when.

All of it is decided without a key, so that a token which would be refused anyway never makes anybody ask the
issuer for one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from onetime_urls.protocol.tokens.errors import InvalidToken

CLOCK_SKEW = 60
"""Seconds that an issuer's clock may be ahead of ours in `nbf` and `iat`. `exp` gets none: both clocks are
kept, and who wants longer lives asks for them."""

MAX_TIME = 1 << 40
"""Seconds that no honest token names: the year 36,812."""

_HTTPS = re.compile(
    r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(\?[A-Za-z0-9._~&=%-]*)?"
)
_LOOPBACK = r"http://(127\.0\.0\.1|localhost)(:\d{1,5})(/[A-Za-z0-9._~/-]*)?"


TOKEN_USES = ("id", "access")
"""What Cognito's JSON web tokens say of themselves (Cognito Developer Guide, "Verifying JSON web tokens").
Its refresh tokens are none, and are for the pool alone."""


class InvalidIssuer(ValueError):
    """The issuer can't be trusted like this; the message is a sentence that says why."""


class _IssuerFields(NamedTuple):
    url: str
    audience: tuple[str, ...]
    token_use: tuple[str, ...]
    keys_url: str | None
    local: bool


class Issuer(_IssuerFields):
    """An OpenID Connect issuer, and which of its tokens are meant for us. Its attributes are its
    arguments."""

    __slots__ = ()

    def __new__(
        cls,
        url: str,
        audience: Iterable[str],
        token_use: Iterable[str] = (),
        keys_url: str | None = None,
        *,
        local: bool = False,
    ) -> Self:
        """
        Args:
            url: exactly as tokens name it in `iss`, with or without its slash at the end.
            audience: accepted values of `aud`, or of `client_id` in tokens without one (Cognito's access
                tokens).
            token_use: accepted values of `token_use`, which Cognito's tokens have; none where tokens have
                none.
            keys_url: where its key set is; None to ask its discovery document.
            local: allow http on loopback, for a cloud on a laptop.

        Raises:
            InvalidIssuer: an URL isn't https, there is no audience, or tokens have no such use.
        """
        if not is_trustworthy(url, local=local) or "?" in url:
            raise InvalidIssuer(f"The issuer {url!r} must be an https URL without a query or a fragment.")
        if keys_url is not None and not is_trustworthy(keys_url, local=local):
            raise InvalidIssuer(f"The URL of the keys of {url} must be https, without a fragment.")
        audiences, uses = (
            _texts(f"The audience of {url}", audience),
            _texts(f"The token_use of {url}", token_use),
        )
        if not audiences:
            raise InvalidIssuer(f"The issuer {url} needs an audience: its tokens are made for others too.")
        for use in uses:
            if use not in TOKEN_USES:
                raise InvalidIssuer(
                    f"The token_use of {url} is {use!r}, it must be {' or '.join(TOKEN_USES)}."
                )
        return super().__new__(cls, url, audiences, uses, keys_url, local)

    @property
    def discovery_url(self) -> str:
        """Where its metadata is (OpenID Connect Discovery, section 4)."""
        return f"{self.url.removesuffix('/')}/.well-known/openid-configuration"

    def to_plain(self) -> dict[str, Any]:
        """The issuer as JSON holds it."""
        return self._asdict()

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The issuer that `to_plain` wrote.

        Raises:
            InvalidIssuer: see there.
            TypeError: it is of another shape.
        """
        return cls(**plain)


def is_trustworthy(url: str, *, local: bool) -> bool:
    """Whether keys may be fetched from an URL: https, or http on loopback where `local` allows that."""
    return bool(_HTTPS.fullmatch(url) or (local and re.fullmatch(_LOOPBACK, url)))


def find_issuer(issuers: Iterable[Issuer], claims: Mapping[str, Any]) -> Issuer:
    """The issuer that a token names, compared character by character (OpenID Connect Core, section 3.1.3.7).

    Raises:
        InvalidToken: none that is trusted.
    """
    for issuer in issuers:
        if claims.get("iss") == issuer.url:
            return issuer
    raise InvalidToken("issuer")


def check_claims(claims: Mapping[str, Any], issuer: Issuer, now: float) -> int:
    """Check that a token is for us and for now.

    Args:
        claims: as the token has them; nothing about their types is known.
        now: epoch seconds.

    Returns:
        When it expires, in epoch seconds.

    Raises:
        InvalidToken: it isn't.
    """
    _check_audience(claims, issuer)
    if issuer.token_use and claims.get("token_use") not in issuer.token_use:
        raise InvalidToken("use")
    expires = _time(claims, "exp")
    if expires is None:
        raise InvalidToken("claims")
    if expires <= now:
        raise InvalidToken("expired")
    for name in ("nbf", "iat"):
        since = _time(claims, name)
        if since is not None and since > now + CLOCK_SKEW:
            raise InvalidToken("not yet valid")
    return expires


def _check_audience(claims: Mapping[str, Any], issuer: Issuer) -> None:
    """`aud` names one of ours, or, where there is none, `client_id` does. A token for several parties has to
    be handed to one of ours (`azp`): another party's may not be replayed here (OpenID Connect Core,
    3.1.3.7)."""
    meant = claims["aud"] if "aud" in claims else claims.get("client_id")
    audiences = meant if isinstance(meant, list) and "aud" in claims else [meant]
    if not audiences or not all(isinstance(each, str) for each in audiences):
        raise InvalidToken("claims")
    if not any(each in issuer.audience for each in audiences):
        raise InvalidToken("audience")
    if len(audiences) > 1 and "azp" in claims and claims["azp"] not in issuer.audience:
        raise InvalidToken("audience")


def _time(claims: Mapping[str, Any], name: str) -> int | None:
    """A time in whole seconds. Fractions, which RFC 7519 permits and no issuer here writes, are refused with
    everything else that two readers could take for two times."""
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    if type(value) is not int or not 0 <= value < MAX_TIME:
        raise InvalidToken("claims")
    return value


def _texts(what: str, values: Any) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(each, str) and each for each in values):
        raise InvalidIssuer(f"{what} must be a list of names.")
    return tuple(values)
