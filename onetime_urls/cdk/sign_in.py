"""How people sign in to a page of ours: with whom, as which client, and where they sign out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from aws_cdk import aws_cognito as cognito

from onetime_urls.cdk.oidc_issuer import OidcIssuer

SCOPES = ("openid", "email")

COGNITO = "https://cognito-idp."
"""What the name of a Cognito user pool begins with, as an issuer. Its sign-in pages, where tokens are had,
are at another address."""


@dataclass(frozen=True)
class SignOut:
    """An address that ends the issuer's own session, where its discovery document names none.

    Attributes:
        url: https address.
        client_parameter: of its query, for the client's id.
        return_parameter: for the address to come back to.
    """

    url: str
    client_parameter: str
    return_parameter: str


@dataclass(frozen=True)
class SignIn:
    """Signing in at an OpenID Connect issuer, by the authorisation code flow with PKCE: the client is public,
    it has no secret. For a Cognito user pool make one with `cognito`.

    Attributes:
        issuer: whose tokens the API accepts.
        client_id: of a client whose redirect and sign-out addresses are exactly the page's, with a slash at
            its end.
        scopes: that are asked for.
        shows: which token the API is shown. An access token has to be one that the API accepts: a JSON Web
            Token made out for its audience.
        sign_out: where to sign out. Default: where the issuer's discovery document says.
        origins: that the page calls beside the issuer's, such as where its tokens are had.
        user_pool: the Cognito user pool that the page gets a client of; there is no `client_id` then.
    """

    issuer: OidcIssuer
    client_id: str = ""
    scopes: Sequence[str] = SCOPES
    shows: Literal["id", "access"] = "id"
    sign_out: SignOut | None = None
    origins: Sequence[str] = ()
    user_pool: cognito.IUserPool | None = None

    @classmethod
    def cognito(
        cls,
        user_pool: cognito.IUserPool,
        domain: cognito.UserPoolDomain | str,
        *,
        client_id: str = "",
        scopes: Sequence[str] = SCOPES,
    ) -> Self:
        """Signing in at a Cognito user pool.

        Args:
            user_pool: in which people are.
            domain: of its sign-in pages: made by this app, or the name of one that is there, such as
                `login.example.com`.
            client_id: of a client that is there. Default: the page gets one of its own.
            scopes: that are asked for, and that the page's own client allows.
        """
        address = f"https://{domain}" if isinstance(domain, str) else domain.base_url()
        return cls(
            issuer=OidcIssuer.cognito(user_pool, ()),
            client_id=client_id,
            scopes=scopes,
            sign_out=cognito_sign_out(address),
            origins=[address],
            user_pool=None if client_id else user_pool,
        )


def cognito_sign_out(address: str) -> SignOut:
    """Cognito's own way (Cognito Developer Guide, "The managed login sign-out endpoint").

    Args:
        address: of the sign-in pages, without a slash at its end.
    """
    return SignOut(f"{address}/logout", "client_id", "logout_uri")
