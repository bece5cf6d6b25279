"""The console's own client of a Cognito user pool: public, for the authorisation code flow with PKCE."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

GRACE = Duration.seconds(10)
"""For which a refresh token that was used works once more, should the answer get lost."""


def console_client(
    scope: Construct, pool: cognito.IUserPool, url: str, scopes: Sequence[str]
) -> cognito.UserPoolClient:
    """A client that comes back to `url` and nowhere else. Each refresh token works once (OAuth 2.0 for
    Browser-Based Applications, section 6.3.2.3).

    A client that names no flow of Cognito's own API has three, REFRESH_TOKEN_AUTH among them, which doesn't
    go with rotation (Amazon Cognito API Reference, CreateUserPoolClient; Cognito Developer Guide, "Refresh
    tokens"). The one that is named sends no password.
    """
    address = f"{url}/"
    return cognito.UserPoolClient(
        scope,
        "Client",
        user_pool=pool,
        generate_secret=False,
        auth_flows=cognito.AuthFlow(user_srp=True),
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.custom(each) for each in scopes],
            callback_urls=[address],
            logout_urls=[address],
        ),
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        id_token_validity=Duration.hours(1),
        access_token_validity=Duration.hours(1),
        refresh_token_validity=Duration.hours(12),
        refresh_token_rotation_grace_period=GRACE,
    )
