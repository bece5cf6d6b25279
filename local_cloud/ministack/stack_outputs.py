"""Other stacks' outputs, read in the region that a template names.

MiniStack reads `Fn::GetStackOutput` in the region of the stack that asks, whatever it names. AWS reads it in
the region named (CloudFormation Template Reference, "Fn::GetStackOutput"). Deployments elsewhere than in
us-east-1 need that: their guard is there.
"""

import sys
from typing import Any

from ministack.core.responses import get_account_id, request_scope  # type: ignore[import-untyped]  # MiniStack has no types
from ministack.services.cloudformation import engine  # type: ignore[import-untyped]  # MiniStack has no types

NAME = "_resolve_refs"


def read_in_named_region() -> None:
    """Have MiniStack, which has to be loaded, do that from now on."""
    original = getattr(engine, NAME)

    def resolve(value: Any, *context: Any, **more: Any) -> Any:
        match value:
            case {"Fn::GetStackOutput": {"Region": str(region), **asked}}:
                with request_scope(get_account_id(), region):
                    return original({"Fn::GetStackOutput": asked}, *context, **more)
        return original(value, *context, **more)

    for name, module in list(sys.modules.items()):
        if name.startswith("ministack.services.cloudformation") and getattr(module, NAME, None) is original:
            setattr(module, NAME, resolve)
