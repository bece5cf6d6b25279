"""Whose tokens open sessions of signed URLs, as their function reads it."""

import json

from aws_cdk import Token

from onetime_urls.cdk.audience import Audience
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.refusal import Props, continued
from onetime_urls.protocol.tokens.claims import InvalidIssuer, Issuer

_LATER = "known at synthesis"


class TokenIssuer:
    """One issuer, checked as far as it is known."""

    def __init__(self, props: Props, issuer: OidcIssuer) -> None:
        """
        Args:
            props: of the door.

        Raises:
            PropError: its tokens can't be verified.
        """
        self._props, self._issuer = props, issuer
        self._audience = Audience(
            props.scope, issuer.audience, none="issuer needs an audience: its tokens are made for others too"
        )
        written = self.written if self._audience.clients else self._told([_LATER])
        if not Token.is_unresolved(written):
            try:
                Issuer.from_plain(json.loads(written))
            except InvalidIssuer as refused:
                raise props.error(continued(refused)) from None

    @property
    def written(self) -> str:
        """The issuer in JSON, with the clients so far."""
        return self._told(self._audience.clients)

    def accept_client(self, client_id: str, shows: str) -> None:
        """Accept tokens that are made out for one more client.

        Args:
            shows: the kind of token that it sends: `id` or `access`.

        Raises:
            PropError: tokens of that kind aren't accepted.
        """
        if self._issuer.token_use and shows not in self._issuer.token_use:
            raise self._props.error(f"issuer names a token_use, without {shows}, which a client shows")
        self._audience.add(client_id)

    def _told(self, audience: list[str]) -> str:
        return json.dumps(
            {
                "url": self._issuer.url,
                "audience": audience,
                "token_use": list(self._issuer.token_use),
                "keys_url": self._issuer.keys_url,
                "local": False,
            }
        )
