"""Finds the deployment that a command works on, and the credentials for it.

A stack on AWS is named by `--stack`; its outputs are read with the caller's own profile. Without one, a local
cloud that runs in this folder or above is taken: its `.local/outputs.json` has everything, a key included.
(`LOCAL_DIR` names another folder than `.local`, as it does for `make up`.)
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from onetime_urls.cli.failures import Exit, Failure


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment.

    Attributes:
        api: the HTTP API's address, without a path.
        bucket: name.
        region: of both.
        session: the caller's AWS session.
        endpoint: of AWS, where that isn't AWS's own.
        token: a bearer token for the API; None signs with the session.
    """

    api: str
    bucket: str
    region: str
    session: Any
    endpoint: str | None = None
    token: str | None = None

    def s3(self) -> Any:
        """A client for the bucket."""
        return self.session.client("s3", region_name=self.region, endpoint_url=self.endpoint)


def find(stack: str | None, profile: str | None, region: str | None, token: str | None) -> Deployment:
    """The deployment that the options name, or the local one.

    Raises:
        Failure: there is none, or it can't be read.
    """
    if stack is None:
        return _local(token)
    try:
        session: Any = boto3.Session(profile_name=profile, region_name=region)
        found = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        raise Failure(f"The stack {stack} can't be read: {why}.", Exit.NO_DEPLOYMENT) from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    return _made(outputs, session, None, token)


def _local(token: str | None) -> Deployment:
    here, local = Path.cwd(), os.environ.get("LOCAL_DIR", ".local")
    for folder in (here, *here.parents):
        path = folder / local / "outputs.json"
        if path.is_file() and _is_ours(path):
            try:
                outputs = json.loads(path.read_text(encoding="utf-8"))
                key, secret = outputs["AccessKeyId"], outputs["SecretAccessKey"]
                session = boto3.Session(key, secret, region_name=outputs["Region"])
                return _made(outputs, session, outputs["AwsEndpointUrl"], token)
            except (ValueError, KeyError, TypeError):
                raise Failure(f"{path} isn't what `make up` writes.", Exit.NO_DEPLOYMENT) from None
    raise Failure(
        "There is no deployment to work on: name a stack with --stack, or run `make up` in this folder.",
        Exit.NO_DEPLOYMENT,
    )


def _is_ours(path: Path) -> bool:
    """Whether nobody else can have put this file there: a folder above may be open to all."""
    return all(
        each.stat().st_uid == os.getuid() and not each.stat().st_mode & stat.S_IWOTH
        for each in (path, path.parent)
    )


def _made(outputs: dict[str, str], session: Any, endpoint: str | None, token: str | None) -> Deployment:
    try:
        return Deployment(
            api=outputs["ApiEndpoint"],
            bucket=outputs["AssetsBucketName"],
            region=outputs["Region"],
            session=session,
            endpoint=endpoint,
            token=token,
        )
    except KeyError as missing:
        raise Failure(f"The stack has no output {missing.args[0]}.", Exit.NO_DEPLOYMENT) from None
