"""The same questions in GraphQL: AppSync in front of the same function.

AppSync has no open mode. Where the HTTP API is open to everyone, this one is for callers with IAM permissions
all the same. What one request may cost is bounded where it is read: its depth, and how many fields it
resolves, whatever they are called by aliases (AppSync API Reference, "GraphqlApi").
"""

import re
from importlib.resources import files

from aws_cdk import Token
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.cdk.oidc_issuer import OidcIssuer

DEPTH, RESOLVERS = 4, 10
"""Levels and resolved fields of a query: `files { files { file } }` is three levels and one field."""

FIELDS = ("getFiles", "getUrl", "files", "url")


class GraphqlApi(Construct):
    """AppSync API with four queries.

    Attributes:
        api: the API.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        function: lambda_.IFunction,
        issuer: OidcIssuer | None,
    ) -> None:
        """
        Args:
            name: of the API.
            issuer: whose tokens are accepted; None for callers with IAM permissions.
        """
        super().__init__(scope, construct_id)
        folder = files("onetime_urls.cdk.signed")
        self.api = appsync.GraphqlApi(
            self,
            "Api",
            name=name,
            definition=appsync.Definition.from_file(str(folder / "schema.graphql")),
            authorization_config=appsync.AuthorizationConfig(default_authorization=_mode(issuer)),
            query_depth_limit=DEPTH,
            resolver_count_limit=RESOLVERS,
            # Introspection is deeper than any question here, and docs/signed-urls.md has the schema.
            introspection_config=appsync.IntrospectionConfig.DISABLED,
        )
        source = self.api.add_lambda_data_source("Signer", function)
        acknowledge(
            self.api,
            {
                "ASC3": "AppSync's log has the queries, which name files. The function logs and counts what "
                "became of each, without names."
            },
        )
        acknowledge(
            source,
            {
                wildcard(self, f"{function.function_arn}:*"): "Every version of one function, as CDK's own "
                "grant to a data source has it."
            },
        )
        code = appsync.Code.from_inline((folder / "resolver.js").read_text())
        for field in FIELDS:
            source.create_resolver(
                f"Resolve{field}",
                type_name="Query",
                field_name=field,
                code=code,
                runtime=appsync.FunctionRuntime.JS_1_0_0,
            )


def _mode(issuer: OidcIssuer | None) -> appsync.AuthorizationMode:
    if issuer is None:
        return appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM)
    return appsync.AuthorizationMode(
        authorization_type=appsync.AuthorizationType.OIDC,
        open_id_connect_config=appsync.OpenIdConnectConfig(
            oidc_provider=issuer.url,
            # AppSync takes it for a regular expression. Whom it lets in, the function verifies once more.
            client_id="|".join(
                each if Token.is_unresolved(each) else re.escape(each) for each in issuer.audience
            ),
        ),
    )
