"""Physical names that are known before anything is deployed, and that no two deployments share.

Most resources get their names from CloudFormation. The few that can't are referred to from another stack
in another region, or have names that count for a whole account: they are named after the stack and the
construct's path in it. A stack's name is unique in an account and region; a path is in its stack.
"""

import hashlib
import re

from aws_cdk import Stack
from constructs import IConstruct

LONGEST = 40
"""Characters of a deployment's name. The guard's function has 24 more, and Lambda allows 64 in all."""


def home_stack(scope: IConstruct) -> Stack:
    """The stack that `scope` is deployed with: a nested one's outermost parent."""
    stack = Stack.of(scope)
    while stack.nested_stack_parent:
        stack = stack.nested_stack_parent
    return stack


def deployment_name(scope: IConstruct) -> str:
    """Letters, digits and hyphens, at most `LONGEST`: the stack's name, and for a construct that isn't all
    of it (its id is "Default") its own id and a hash of its path."""
    stack = home_stack(scope)
    path = [each.node.id for each in scope.node.scopes[len(stack.node.scopes) :]]
    path = [each for each in path if each != "Default"]
    if not path and len(stack.stack_name) <= LONGEST:
        return stack.stack_name
    digest = hashlib.sha256("/".join([stack.stack_name, *path]).encode()).hexdigest()[:8]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", "-".join([stack.stack_name, *path[-1:]]))
    return f"{readable[: LONGEST - 9].rstrip('-')}-{digest}"


def regional_name(scope: IConstruct, name: str) -> str:
    """`name`, for what is named once in an account for all its regions."""
    return f"{name}-{home_stack(scope).region}"
