"""Decides who asks, and what the rules let them read.

Where callers show tokens, each token is verified here once more. API Gateway's authoriser looks at neither
`token_use` nor groups and hands lists on as text; AppSync's is another one; and a session has none in front
of it. Where IAM or nobody decides who may call there are no claims, so a caller may read every file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.edge.issuer_keys import KeysUnavailable
from common.http_api.errors import Code, Refused, Unavailable
from onetime_urls.protocol.paths import key_problem
from onetime_urls.protocol.rules import Rules, readable_prefixes
from onetime_urls.protocol.tokens.errors import InvalidToken

Verify = Callable[[str], Mapping[str, Any]]
"""Gives a good token's claims; raises `InvalidToken` or `KeysUnavailable`."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with what they may read.

    Attributes:
        subject: the token's `sub`; None where there are no claims.
        prefixes: of files, each empty or ending in a slash, none another's prefix.
    """

    subject: str | None
    prefixes: Sequence[str]

    def may_read(self, file: str) -> bool:
        """Whether a file lies under a prefix of theirs."""
        return key_problem(file) is None and any(map(file.startswith, self.prefixes))


EVERYBODY = Caller(None, ("",))
"""Whoever is let in where there are no claims."""


def caller_of(authorization: str, rules: Rules, verify: Verify) -> Caller:
    """The bearer of the token in an `Authorization` field (RFC 6750, section 2.1).

    Args:
        authorization: the field's value; empty if there is none. Two fields come joined with a comma, which
            no token holds.

    Raises:
        Refused: there is no token, or it isn't good.
        Unavailable: its issuer can't be asked for the key.
    """
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(
            Code.NO_TOKEN,
            "This needs a token: Authorization: Bearer ….",
            headers={"WWW-Authenticate": "Bearer"},
        )
    try:
        claims = verify(token.strip())
    except InvalidToken:
        raise Refused(
            Code.INVALID_TOKEN,
            "The token is not one that is accepted here, or no longer.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        ) from None
    except KeysUnavailable:
        raise Unavailable(
            "issuer's keys", "unreachable", "The token's issuer can't be asked just now."
        ) from None
    subject = claims.get("sub")
    return Caller(subject if isinstance(subject, str) else None, readable_prefixes(rules, claims))
