"""IAM conditions that hold a role to some attributes of a table's items.

DynamoDB compares the attributes that a request names (DynamoDB Developer Guide, "Using IAM policy
conditions for fine-grained access control"). It sees top-level attributes only, and not what is done to
them: whoever may look at one in a condition may change it. An item's key is named by every request, so it
has to be among them.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def reading(attributes: Iterable[str]) -> Mapping[str, Any]:
    """A read may ask for these only. One that names none would ask for all and name nothing to compare, so
    it has to say that it names some."""
    return {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": [*attributes]},
        "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }


def updating(attributes: Iterable[str]) -> Mapping[str, Any]:
    """An update may look at these only and change these only, and may not have the item sent back after it.
    (What a failed condition sends back, `ReturnValuesOnConditionCheckFailure`, has no condition key.)"""
    return {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": [*attributes]},
        "StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"},
    }
