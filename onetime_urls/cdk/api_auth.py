"""Who may call an HTTP API: nobody, unless IAM or a token says so, or the API is opened by name."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Lazy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers

from onetime_urls.cdk.audience import Audience
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.patterns import CLIENT_ID, HTTPS
from onetime_urls.cdk.refusal import Props


@dataclass(frozen=True, kw_only=True)
class ApiAuth:
    """Who may call an API. Make one with the methods below.

    Attributes:
        issuer: whose tokens are accepted; None where none is needed.
        everyone: whether anybody may call.
    """

    issuer: OidcIssuer | None = None
    everyone: bool = False

    @property
    def kind(self) -> str:
        """iam, jwt or none."""
        if self.everyone:
            return "none"
        return "jwt" if self.issuer else "iam"

    @classmethod
    def iam(cls) -> Self:
        """Callers with `execute-api:Invoke`, who sign their requests (SigV4)."""
        return cls()

    @classmethod
    def token(cls, issuer: OidcIssuer) -> Self:
        """Holders of a token of `issuer`.

        Raises:
            TypeError: `issuer` is none.
        """
        if not isinstance(issuer, OidcIssuer):
            raise TypeError(f"ApiAuth.token takes an OidcIssuer, not {issuer!r}")
        return cls(issuer=issuer)

    @classmethod
    def open_to_everyone(cls) -> Self:
        """Everybody who knows the address: for tests, or behind a guard of your own."""
        return cls(everyone=True)


class Callers:
    """Who may call one API.

    Attributes:
        auth: as it was asked for.
        authorizer: which holds to it.
    """

    def __init__(self, props: Props, auth: ApiAuth) -> None:
        """
        Args:
            props: of the API.

        Raises:
            PropError: `auth` can't work.
        """
        if not isinstance(auth, ApiAuth):
            raise props.error("auth must be ApiAuth.iam(), ApiAuth.token(…) or ApiAuth.open_to_everyone()")
        props.types(
            **{
                "auth.issuer": (auth.issuer, OidcIssuer | None),
                "auth.everyone": (auth.everyone, bool),
            }
        )
        if auth.everyone and auth.issuer:
            raise props.error(
                "auth names an issuer and opens the API to everyone: make it by ApiAuth.token(…) or "
                "ApiAuth.open_to_everyone()"
            )
        self.auth, self._props = auth, props
        self._audience: Audience | None = None
        self.authorizer = self._authorizer()

    def accept_client(self, client_id: str) -> None:
        """Accept tokens of the issuer that are made out for one more client.

        Raises:
            PropError: callers show no tokens.
        """
        if not self._audience:
            raise self._props.error("its callers show no tokens, so no client's are accepted")
        self._audience.add(client_id)

    def _authorizer(self) -> apigatewayv2.IHttpRouteAuthorizer:
        """IAM unless something else was asked for by name."""
        props, issuer = self._props, self.auth.issuer
        if self.auth.everyone:
            return apigatewayv2.HttpNoneAuthorizer()
        if not issuer:
            return authorizers.HttpIamAuthorizer()
        if issuer.token_use:
            raise props.error("auth names a token_use, which the authoriser of an HTTP API doesn't look at")
        clients = props.items("auth.issuer.audience", issuer.audience, str, "client ids")
        for each in clients:
            props.text("auth.issuer.audience", each, CLIENT_ID, "client ids")
        url = props.text("auth", issuer.url, HTTPS, "an https:// address")
        self._audience = Audience(
            props.scope,
            clients,
            none="auth accepts tokens of an issuer made out for anybody: name its audience",
        )
        return authorizers.HttpJwtAuthorizer("Jwt", url, jwt_audience=Lazy.list(self._audience))
