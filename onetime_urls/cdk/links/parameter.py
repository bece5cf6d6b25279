"""The SSM parameter that tells the guard, and whoever mints for it, what they have to know."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Stack
from constructs import Construct

from onetime_urls.cdk.support_stack import EDGE_REGION


@dataclass(frozen=True)
class GuardParameter:
    """A parameter in us-east-1, by a name that is known before the stack that makes it is deployed."""

    name: str
    arn: str

    @classmethod
    def of(cls, scope: Construct, deployment: str) -> Self:
        """The parameter of that deployment. Its name has the home region too, because deployments to several
        regions share us-east-1 for their parameters."""
        stack = Stack.of(scope)
        name = f"/onetime-urls/{stack.region}/{deployment}/links-table"
        arn = stack.format_arn(
            service="ssm", region=EDGE_REGION, resource="parameter", resource_name=name.removeprefix("/")
        )
        return cls(name, arn)
