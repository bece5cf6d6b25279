"""Whose tokens are accepted, and for whom they have to be made out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from aws_cdk import aws_cognito as cognito


@dataclass(frozen=True)
class OidcIssuer:
    """An OpenID Connect issuer.

    Attributes:
        url: its https address, exactly as tokens name it (`iss`).
        audience: client ids: a token's `aud`, or the `client_id` of an access token without one. Empty
            only where the client of a `Console` is the only one.
        token_use: accepted values of `token_use`, which tells Cognito's ID tokens (`id`) from its access
            tokens (`access`). Empty: all. An HTTP API can't tell them apart, so `LinkApi` takes no other.
        keys_url: https address of its key set. None: its discovery document says where that is.
    """

    url: str
    audience: Sequence[str]
    token_use: Sequence[str] = ()
    keys_url: str | None = None

    @classmethod
    def cognito(
        cls,
        user_pool: cognito.IUserPool,
        clients: Sequence[cognito.IUserPoolClient],
        *,
        token_use: Sequence[str] = (),
    ) -> Self:
        """The issuer that a Cognito user pool is, for these of its clients."""
        url = f"https://cognito-idp.{user_pool.env.region}.amazonaws.com/{user_pool.user_pool_id}"
        return cls(
            url,
            [client.user_pool_client_id for client in clients],
            token_use,
            # Where Cognito keeps it, so that nobody has to ask first (Cognito Developer Guide, "Verifying
            # JSON web tokens").
            f"{url}/.well-known/jwks.json",
        )

    def __post_init__(self) -> None:
        if isinstance(self.audience, str) or isinstance(self.token_use, str):
            raise TypeError("audience and token_use are lists, not a text")
