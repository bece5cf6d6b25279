"""docs/openapi.yaml, and whether an answer is as it says. Shared by the tests of every function."""

from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS31Validator

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Path and lower-case method to operation."""
    return {
        (path, method): operation
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def routes_of(app: Any) -> set[tuple[str, str]]:
    """Path and lower-case method of every route of an app, its path written as OpenAPI does."""
    return {
        (route.path.replace("<id_>", "{id}"), route.method.lower())
        for route in app._static_routes + app._dynamic_routes
        if route.method != "OPTIONS"  # a browser's question, before an operation
    }


def matches(instance: Any, described: dict[str, Any]) -> bool:
    """Whether `instance` is as a schema of the document says; its references are the document's."""
    whole = described | {"components": DOCUMENT["components"]}
    return bool(OAS31Validator(whole).is_valid(instance))


def problems(operation: dict[str, Any], status: int, headers: dict[str, str], body: Any) -> list[str]:
    """How an answer differs from what its operation says.

    Args:
        headers: names in lower case.
        body: what JSON stands for, or text.
    """
    response = operation["responses"][str(status)]
    media_type = headers["content-type"].partition(";")[0]
    found = []
    if not matches(body, response["content"][media_type]["schema"]):
        found.append(f"the body of {status}: {body}")
    described = {name.lower() for name in response["headers"]} | {"content-type"}
    if headers.keys() != described:
        found.append(f"the headers of {status}: {sorted(headers.keys() ^ described)}")
    return found


def error_codes(operation: dict[str, Any]) -> dict[str, int]:
    """Every error code of an operation, with its status."""
    return {
        code: int(status)
        for status, response in operation["responses"].items()
        if "content" in response
        for part in response["content"]["application/json"]["schema"].get("allOf", [])
        for code in part.get("properties", {}).get("error", {}).get("enum", [])
    }
