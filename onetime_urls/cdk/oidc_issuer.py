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
        audience: client ids: a token's `aud`, or the `client_id` of an access token without one.
    """

    url: str
    audience: Sequence[str]

    @classmethod
    def cognito(cls, user_pool: cognito.IUserPool, clients: Sequence[cognito.IUserPoolClient]) -> Self:
        """The issuer that a Cognito user pool is, for these of its clients."""
        region = user_pool.env.region
        return cls(
            f"https://cognito-idp.{region}.amazonaws.com/{user_pool.user_pool_id}",
            [client.user_pool_client_id for client in clients],
        )

    def __post_init__(self) -> None:
        if isinstance(self.audience, str):
            raise TypeError("audience is a list of client ids, not a text")
