"""Who signs in to private assets and, with `issuer_auth` = jwt, to the API: an issuer of the operator's, or a
Cognito user pool of the deployment's own.

Nobody signs up to that pool: an administrator makes users and puts them into groups. Its client takes no
password from whoever has no AWS credentials: users prove theirs (SRP).
"""

import hashlib

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from onetime_urls.cdk import OidcIssuer, SignIn
from onetime_urls.cdk.nag import acknowledge
from onetime_urls.protocol.contract.outputs import Output
from stack.settings import Settings


class Users(Construct):
    """The deployment's issuer.

    Attributes:
        issuer: of tokens.
        sign_in: to the console, at the pool's own pages; None without them.
        outputs: what the stack says of it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.outputs: dict[Output, str] = {}
        self.sign_in: SignIn | None = None
        if settings.token_issuer:
            self.issuer = OidcIssuer(settings.token_issuer, settings.token_audience)
        else:
            pool = self._pool(RemovalPolicy.DESTROY if settings.disposable else RemovalPolicy.RETAIN)
            client = self._client(pool)
            self.issuer = OidcIssuer.cognito(pool, [client])
            if settings.console and settings.issuer_auth == "jwt" and not settings.jwt_issuer:
                self.sign_in = SignIn.cognito(pool, self._domain(pool))
            self.outputs[Output.USER_POOL_ID] = pool.user_pool_id
            self.outputs[Output.USER_POOL_CLIENT_ID] = client.user_pool_client_id
        self.outputs[Output.TOKEN_ISSUER] = self.issuer.url

    def _pool(self, removal_policy: RemovalPolicy) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=removal_policy is RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )
        acknowledge(
            pool,
            {
                "COG2": "A second factor is each user's choice. Whoever needs it for all has an identity "
                "provider that asks for it, to be named by `token_issuer`.",
                "COG3": "Threat protection is part of a dearer plan, which is the operator's choice.",
                "COG8": "The plan is the operator's choice.",
            },
        )
        return pool

    def _domain(self, pool: cognito.UserPool) -> cognito.UserPoolDomain:
        """Of the sign-in pages. Its name counts for all accounts of a region, and has no words of AWS's in it
        (Cognito Developer Guide, "Using the Amazon Cognito domain for managed login")."""
        digest = hashlib.sha256(Stack.of(self).stack_name.encode()).hexdigest()[:8]
        return pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"onetime-{digest}-{Aws.ACCOUNT_ID}"),
        )

    def _client(self, pool: cognito.UserPool) -> cognito.UserPoolClient:
        return pool.add_client(
            "Client",
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            id_token_validity=Duration.hours(1),
            access_token_validity=Duration.hours(1),
        )
