"""What has to be in us-east-1, for deployments that are elsewhere.

Lambda@Edge functions, CloudFront's certificates, its logs' deliveries and its metrics are in us-east-1 only
(CloudFront Developer Guide, "Restrictions on edge functions", "Requirements for using SSL/TLS certificates
with CloudFront", "Configure standard logging (v2)" and "Monitor CloudFront metrics with Amazon
CloudWatch"). A deployment that is in us-east-1 itself has them beside everything else. From any other
region there are two stacks more, made like the one of CDK's own `EdgeFunction`: beside the user's stack, in
the same stage and account. What the distribution needs is in one that comes before the user's stack, what
needs the distribution in one that comes after it.
"""

from typing import Literal

from aws_cdk import Environment, ReferenceStrength, Stack, Stage, Token
from constructs import Construct

from onetime_urls.cdk.naming import home_stack
from onetime_urls.cdk.refusal import Props

EDGE_REGION = "us-east-1"


def support_scope(
    scope: Construct, construct_id: str, *, name: str, comes: Literal["before", "after"]
) -> Construct:
    """Where in us-east-1 the parts of `scope` go that have to be there.

    Args:
        construct_id: of the construct that they are in, if that is in `scope`.
        name: of the deployment, unique in `scope`'s stack.
        comes: whether `scope`'s stack needs these parts, or these parts need it.

    Raises:
        PropError: the stack's region isn't known at synthesis.
    """
    home = home_stack(scope)
    if Token.is_unresolved(home.region):
        raise Props(scope).error(
            "its stack has no region, so what belongs in us-east-1 can't be told from the rest: give the "
            'stack env=Environment(region="…")'
        )
    if home.region == EDGE_REGION:
        return Construct(scope, construct_id)
    support = _stack(home, "edge" if comes == "before" else "watch")
    first, second = (support, home) if comes == "before" else (home, support)
    second.add_stack_dependency(first)
    return Construct(support, name)


def is_at_home(part: Construct, scope: Construct) -> bool:
    """Whether `part` is deployed with `scope`."""
    return home_stack(part) == home_stack(scope)


def across(value: str) -> str:
    """A reference to what another stack made, as that stack's output: it works across regions, without a
    custom resource, and doesn't keep the other stack from changing it."""
    return Stack.consume_reference(value, ReferenceStrength.WEAK)


def _stack(home: Stack, purpose: str) -> Stack:
    stage = Stage.of(home)
    if stage is None:
        raise Props(home).error("it is in no app: what belongs in us-east-1 has no place beside it")
    path = [each.node.id for each in home.node.scopes[len(stage.node.scopes) :]]
    construct_id = "-".join([*path, purpose, home.region])
    found = stage.node.try_find_child(construct_id)
    if isinstance(found, Stack):
        return found
    return Stack(
        stage,
        construct_id,
        stack_name=f"{home.stack_name}-{purpose}-{home.region}",
        env=Environment(
            account=None if Token.is_unresolved(home.account) else home.account, region=EDGE_REGION
        ),
        description=f"What {home.stack_name} needs to have in us-east-1",
        tags=home.tags.tag_values(),
    )
