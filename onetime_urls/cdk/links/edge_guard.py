"""The guard of one-time links: its function at the edge, and the parameter from which that learns the table.
All of it is in us-east-1.
"""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from onetime_urls.cdk.edge_function import EdgeFunction
from onetime_urls.cdk.links.nonce_keys import NonceKeys
from onetime_urls.cdk.links.parameter import GuardParameter
from onetime_urls.cdk.support_stack import EDGE_REGION
from onetime_urls.protocol.pages.brand import ShownBrand


class EdgeGuard(Construct):
    """Lambda@Edge function that may update one table and read one parameter."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        parameter: GuardParameter,
        table_arn: str,
        nonce_key_generation: int,
        brand: ShownBrand | None,
    ) -> None:
        """
        Args:
            scope: in us-east-1.
            name: of the deployment: what the function is named after.
            parameter: from which the guard learns the table.
            table_arn: the links table, in whatever region.
            nonce_key_generation: raised by one, it rotates the key of nonces.
            brand: whose pages the guard shows.
        """
        super().__init__(scope, construct_id)
        keys = NonceKeys(self, "NonceKeys", generation=nonce_key_generation)
        ssm.StringParameter(
            self,
            "LinksTableParameter",
            parameter_name=parameter.name,
            string_value=keys.parameter_value(table_arn),
            description="What the edge guard has to know: the table of one-time links, the keys of nonces",
        )
        self._function = EdgeFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="edge_guard",
            name=f"{name}-edge-guard",
            does="Admits each one-time link once",
            role="Edge guard of one-time links: claims them, nothing else",
            config={"parameter": parameter.name, "region": EDGE_REGION},
            brand=brand,
        )
        self._function.allow("Claim", ["dynamodb:UpdateItem"], table_arn)
        self._function.allow("FindTable", ["ssm:GetParameter"], parameter.arn)

    def version_in(self, scope: Construct) -> lambda_.IVersion:
        """The numbered version that a distribution in `scope` runs."""
        return self._function.version_in(scope)
