"""Answers CloudFormation's requests with a key's PEM."""

import base64
import os
import textwrap
from typing import Any

import boto3

from common import custom_resource
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_logger
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.public_key import KEY_PROPERTY, PEM_ATTRIBUTE

logger = new_logger()


def handler(event: dict[str, Any], _context: Any) -> None:
    """Answer one request, with the key's PEM or with what is in the way."""
    key = event["ResourceProperties"].get(KEY_PROPERTY, "none")
    try:
        data = {} if event["RequestType"] == "Delete" else {PEM_ATTRIBUTE: _public_key(key)}
    except Exception as error:
        logger.exception("no public key")
        custom_resource.answer(event, key, refused=f"KMS gives no public key of {key}: {error}")
    else:
        custom_resource.answer(event, key, data=data)


def pem(spki: bytes) -> str:
    """A SubjectPublicKeyInfo in PEM (RFC 7468, section 13)."""
    lines = textwrap.wrap(base64.b64encode(spki).decode(), 64)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _public_key(key: str) -> str:
    kms = boto3.client("kms", region_name=os.environ[Variable.AWS_REGION], config=CLIENT_CONFIG)
    return pem(kms.get_public_key(KeyId=key)["PublicKey"])
