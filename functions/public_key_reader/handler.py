"""Answers CloudFormation's requests (CloudFormation User Guide, "Custom resource request objects")."""

import base64
import json
import os
import textwrap
import urllib.request
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_logger
from onetime_urls.protocol.contract.custom_resource import KEY_PROPERTY, PEM_ATTRIBUTE
from onetime_urls.protocol.contract.environment import Variable

logger = new_logger()


def handler(event: dict[str, Any], _context: Any) -> None:
    """Answer one request, with the key's PEM or with what is in the way. Whatever isn't foreseen is told too:
    CloudFormation would wait for an answer for an hour."""
    key = event["ResourceProperties"].get(KEY_PROPERTY, "none")
    answer: dict[str, Any] = {"Status": "SUCCESS", "Data": {}}
    try:
        if event["RequestType"] != "Delete":
            answer["Data"] = {PEM_ATTRIBUTE: _public_key(key)}
    except (BotoCoreError, ClientError, KeyError) as error:
        logger.exception("no public key")
        answer = {"Status": "FAILED", "Reason": f"KMS gives no public key of {key}: {error}"}
    named = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    _send(event["ResponseURL"], {**answer, **named, "PhysicalResourceId": key})


def pem(spki: bytes) -> str:
    """A SubjectPublicKeyInfo in PEM (RFC 7468, section 13)."""
    lines = textwrap.wrap(base64.b64encode(spki).decode(), 64)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _public_key(key: str) -> str:
    kms = boto3.client("kms", region_name=os.environ[Variable.AWS_REGION], config=CLIENT_CONFIG)
    return pem(kms.get_public_key(KeyId=key)["PublicKey"])


def _send(url: str, answer: dict[str, Any]) -> None:
    """Put the answer where CloudFormation waits for it. The presigned URL is for no content type."""
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own address
        url, data=json.dumps(answer).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - the same
        pass
