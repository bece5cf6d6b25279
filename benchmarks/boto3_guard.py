"""The guard that one would write with boto3, kept as the yardstick of `make bench`.

It decides exactly as the edge guard does, with the same protocol code, and differs in what carries
its calls: one boto3 client for SSM and one for DynamoDB. Nothing deploys it.
"""

import json
import os
import ssl
import time
from typing import Any

import boto3
import certifi
from botocore.config import Config
from botocore.exceptions import ClientError

from edge_guard import viewer_request
from edge_guard.answers import answer
from onetime_urls.protocol.links.canonical import NONCE_PARAMETER
from onetime_urls.protocol.links.claims import claim_request
from onetime_urls.protocol.links.nonce import is_genuine
from onetime_urls.protocol.links.reasons import OF_VERDICT, UNKNOWN, Reason
from onetime_urls.protocol.links.rules import CLAIM

PARAMETER = os.environ["BENCH_PARAMETER"]
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1)

# botocore makes this context with its first https connection; the local cloud speaks http.
_tls = ssl.create_default_context(cafile=certifi.where())
_ssm = boto3.client("ssm", region_name="us-east-1", config=ONE_ATTEMPT)
_dynamodb = boto3.client("dynamodb", region_name="us-east-1", config=ONE_ATTEMPT)
_table: str | None = None
_nonce_key = b""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """CloudFront viewer request; returns a request to forward or a response."""
    global _table, _nonce_key
    cloudfront = event["Records"][0]["cf"]
    request, now = cloudfront["request"], time.time()
    headers = request["headers"]
    wanted = viewer_request.read_link(request, now)
    if isinstance(wanted, Reason):
        return answer(wanted, headers=headers)
    if _table is None:
        configuration = json.loads(_ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"])
        _table, _nonce_key = configuration["table"], configuration["nonce_key"].encode()
    if not is_genuine((_nonce_key,), wanted.target.parameters[NONCE_PARAMETER], wanted.target.key):
        return answer(UNKNOWN, headers=headers)
    claim, lease = viewer_request.make_claim(
        wanted, cloudfront["config"], request, now=now, edge=os.environ["AWS_REGION"], secret=""
    )
    target = wanted.target
    write = claim_request(_table, target.signature, target.fingerprint, claim)
    try:
        item = _dynamodb.update_item(**write)
    except ClientError as error:
        refused: dict[str, Any] = {**error.response}
        found = CLAIM.verdict(refused.get("Item"), write)
        return answer(OF_VERDICT[found], headers=headers)
    return viewer_request.forward(request, wanted, item["Attributes"], lease)
