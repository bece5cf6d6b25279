"""The guard of private assets: its function at the edge, in us-east-1, and what it is told."""

from typing import Any

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from onetime_urls.cdk.edge_function import EdgeFunction
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.cdk.tokens.settings import SettingsParameter
from onetime_urls.protocol.pages.brand import ShownBrand


class TokenGuard(Construct):
    """Lambda@Edge function that may write its own log and, if its settings are in one, read a parameter."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        settings: dict[str, Any] | SettingsParameter,
        brand: ShownBrand | None,
    ) -> None:
        """
        Args:
            scope: in us-east-1.
            name: of the deployment: what the function is named after.
            settings: the document itself, or where it is.
            brand: whose pages the guard shows.
        """
        super().__init__(scope, construct_id)
        parameter = settings if isinstance(settings, SettingsParameter) else None
        self._function = EdgeFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="token_guard",
            name=f"{name}-guard",
            does="Lets whoever's token gives the right read private assets",
            role="Token guard of private assets: decides, reads nothing but its settings",
            config=(
                {"parameter": parameter.name, "region": parameter.region}
                if parameter
                else {"settings": settings}
            ),
            brand=brand,
        )
        if parameter:
            self._function.allow("ReadSettings", ["ssm:GetParameter"], parameter.arns)
            acknowledge(
                self._function,
                {
                    wildcard(
                        self, parameter.arns
                    ): "The settings of this deployment, as they are and, while a "
                    "new version of the function goes out, as they were."
                },
            )

    def version_in(self, scope: Construct) -> lambda_.IVersion:
        """The numbered version that a distribution in `scope` runs."""
        return self._function.version_in(scope)
