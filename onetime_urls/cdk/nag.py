"""Why a cdk-nag rule doesn't apply here, said where it doesn't apply.

The app is checked against cdk-nag's AwsSolutions rules at every synthesis, and an error that nobody
has answered for stops it. An answer covers the construct that it is given for and what is inside. For
wildcards in policies it has to name each one, so that another one is found again.
"""

import json
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, reasons: dict[str, str]) -> None:
    """Answer for findings in `scope`: rule, such as CFR7, to the reason why it is as it should be."""
    Validations.of(scope).acknowledge(
        *(
            Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            for rule, reason in reasons.items()
        )
    )


def wildcard(scope: IConstruct, arn: str) -> str:
    """The rule that finds the wildcard in `arn`, as a resource of a policy in `scope`'s stack."""
    return f"IAM5[Resource::{_flat(Stack.of(scope).resolve(arn))}]"


def _flat(node: Any) -> str:
    """A value with CloudFormation's functions in it, as cdk-nag spells it."""
    match node:
        case str():
            return node
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(_flat(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case _:
            return json.dumps(node, separators=(",", ":"))
