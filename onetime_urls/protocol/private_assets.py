"""What the construct tells the token guard: one document, written at synthesis, read when a container starts.

Lambda@Edge has no environment variables, so the document lies beside the code as `config.json`:

    {"settings": {"issuers": [{"url", "audience", "token_use", "keys_url", "local"}],
                  "rules": {"rules": [{"pattern", "groups"}], "groups_claim"},
                  "cookies": ["token"], "amplify_clients": [], "query_token": false,
                  "login_url": null, "cors_origins": [], "default_root_object": null}}

or, where a part of it is known only at deployment (the id of a user pool that the same stack makes), as the
name of the SSM parameter whose value is that `settings` object, and the parameter's region:

    {"parameter": "/name", "region": "us-east-1"}

`GuardSettings.to_plain` writes the object, checked; `from_plain` reads it. Amazon's roots lie beside it as
`amazon-roots.pem`, for SSM and Cognito.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from onetime_urls.protocol.paths import key_problem
from onetime_urls.protocol.rules import Rules
from onetime_urls.protocol.tokens.claims import Issuer

RETURN_PARAMETER = "return_to"
"""The parameter of the login page's URL in which the wanted address is."""

TOKEN_PARAMETER = "token"  # noqa: S105 a name, no secret
"""The query parameter in which a token may come."""

_COOKIE_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")
_ORIGIN = r"https?://[a-z0-9.-]+(:\d{1,5})?"
_LOGIN_URL = r"(https://[A-Za-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?([/?][!$-;=?-~]*)?"
"""Patterns that a new container compiles only if it has something to hold against them."""


class InvalidSettings(ValueError):
    """The settings can't work; the message is a sentence that says why."""


class _Fields(NamedTuple):
    issuers: tuple[Issuer, ...]
    rules: Rules
    cookies: tuple[str, ...]
    amplify_clients: tuple[str, ...]
    query_token: bool
    login_url: str | None
    cors_origins: tuple[str, ...]
    default_root_object: str | None


class GuardSettings(_Fields):
    """How the token guard of one deployment decides. Its attributes are what it is made with."""

    __slots__ = ()

    def __new__(
        cls,
        *,
        issuers: Iterable[Issuer],
        rules: Rules,
        cookies: Iterable[str] = ("token",),
        amplify_clients: Iterable[str] = (),
        query_token: bool = False,
        login_url: str | None = None,
        cors_origins: Iterable[str] = (),
        default_root_object: str | None = None,
    ) -> Self:
        """
        Args:
            issuers: whose tokens count. Each is trusted alike: any of them may say any `sub` and any group.
            rules: who may read what.
            cookies: names of the cookies that may hold a token.
            amplify_clients: client ids of Cognito whose ID token Amplify keeps in cookies (`CookieStorage`).
            query_token: whether a token may come as `?token=`. Addresses end up in histories and logs.
            login_url: where browsers without a token are sent, https or on loopback; None to show them a page
                that says so.
            cors_origins: the origins whose pages may read answers by script, cookies included.
            default_root_object: the key that `/` stands for.

        Raises:
            InvalidSettings: one of them can't work.
        """
        made = super().__new__(
            cls,
            tuple(issuers),
            rules,
            tuple(cookies),
            tuple(amplify_clients),
            query_token,
            login_url,
            tuple(cors_origins),
            default_root_object,
        )
        made._check()
        return made

    def _check(self) -> None:
        if not self.issuers:
            raise InvalidSettings("There must be an issuer whose tokens count.")
        if len({issuer.url for issuer in self.issuers}) < len(self.issuers):
            raise InvalidSettings("Each issuer may be named once, with all of its audiences.")
        for name in (*self.cookies, *self.amplify_clients):
            if not _COOKIE_NAME.fullmatch(name):
                raise InvalidSettings(f"{name!r} can't be the name of a cookie, or a part of one.")
        for origin in self.cors_origins:
            if not re.fullmatch(_ORIGIN, origin):
                raise InvalidSettings(f"{origin!r} is no origin: write it like 'https://app.example.com'.")
        if self.login_url is not None and not re.fullmatch(_LOGIN_URL, self.login_url):
            raise InvalidSettings(
                f"The login page {self.login_url!r} must be an https URL, or http on loopback, without a "
                "fragment."
            )
        if self.default_root_object is not None and (problem := key_problem(self.default_root_object)):
            raise InvalidSettings(f"The default root object {problem}.")

    def to_plain(self) -> dict[str, Any]:
        """The settings as JSON holds them."""
        issuers = [issuer.to_plain() for issuer in self.issuers]
        return self._asdict() | {"issuers": issuers, "rules": self.rules.to_plain()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The settings that `to_plain` wrote, through JSON or not.

        Raises:
            ValueError: what was written was no settings.
            KeyError, TypeError: it is of another shape.
        """
        read = {
            "issuers": map(Issuer.from_plain, plain["issuers"]),
            "rules": Rules.from_plain(plain["rules"]),
        }
        return cls(**{**plain, **read})
