"""Reads what a deployment says of itself: a stack's outputs, from CloudFormation or from a file.

A file is either the one that `cdk deploy --outputs-file` writes, with a stack's outputs under its name, or
the one that `make up` keeps of the local cloud, which has the addresses and a key of that cloud too.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from onetime_urls.client.errors import NoDeployment

Outputs = Mapping[str, str]

_PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})


def of_stack(name: str, session: boto3.Session, region: str | None = None) -> Outputs:
    """A stack's outputs, read from CloudFormation. Needs `cloudformation:DescribeStacks`.

    Raises:
        NoDeployment: there is no such stack, or it can't be read.
    """
    try:
        client = session.client("cloudformation", region_name=region, config=_PATIENCE)
        found: Any = client.describe_stacks(StackName=name)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        raise NoDeployment(f"The stack {name} can't be read: {why}.") from None
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def of_file(path: Path, stack: str | None = None) -> Outputs:
    """The outputs in a file.

    Args:
        stack: which stack's, if the file has those of several.

    Raises:
        NoDeployment: there is no such file, or it has no such outputs.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise NoDeployment(f"{path} can't be read as JSON.") from None
    if not isinstance(found, dict):
        raise NoDeployment(f"{path} has no outputs of a stack.")
    if all(isinstance(value, dict) for value in found.values()):
        if stack is None and len(found) != 1:
            raise NoDeployment(f"{path} has the outputs of {len(found)} stacks: say which.")
        found = found.get(stack) if stack is not None else next(iter(found.values()))
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise NoDeployment(f"{path} has no outputs of such a stack.")
    return found
