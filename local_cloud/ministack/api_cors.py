"""Lets pages call HTTP APIs that MiniStack's CloudFormation has made.

It keeps a template's CORS configuration as CloudFormation spells it; its HTTP API looks for the names of API
Gateway's own API, and without them lets no page in.
"""

import importlib
from collections.abc import Callable
from typing import Any

_TYPE = "AWS::ApiGatewayV2::Api"
_NAME = "CorsConfiguration"


def teach() -> None:
    """Have MiniStack spell it as its API reads it, from now on."""
    handlers = importlib.import_module("ministack.services.cloudformation.provisioners")._RESOURCE_HANDLERS
    handler = handlers[_TYPE]
    handlers[_TYPE] = {
        **handler,
        "create": _with(handler["create"], properties_at=1),
        "update": _with(handler["update"], properties_at=2),
    }


def as_the_api_spells(properties: dict[str, Any]) -> dict[str, Any]:
    """An API's properties, with the names in its CORS configuration beginning in lower case."""
    cors = properties.get(_NAME)
    if not cors:
        return properties
    return {**properties, _NAME: {name[:1].lower() + name[1:]: value for name, value in cors.items()}}


def _with(original: Callable[..., Any], *, properties_at: int) -> Callable[..., Any]:
    def handle(*given: Any, **named: Any) -> Any:
        changed = [*given]
        changed[properties_at] = as_the_api_spells(changed[properties_at])
        return original(*changed, **named)

    return handle
