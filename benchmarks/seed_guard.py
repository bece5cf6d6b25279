"""The guard as it is usually written, in our own words: read, then write, with the SDK.

It takes the raw URL's MD5 for the link, asks SSM for the table at every request, looks whether there is an
item, and puts one if there isn't. `make bench` measures it beside ours, in speed and in how often two
viewers win. Nothing deploys it.
"""

import hashlib
import json
import os
from typing import Any

import boto3
from botocore.config import Config

PARAMETER = os.environ["BENCH_PARAMETER"]
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=5)

_ssm = boto3.client("ssm", region_name="us-east-1", config=ONE_ATTEMPT)
_dynamodb = boto3.client("dynamodb", region_name="us-east-1", config=ONE_ATTEMPT)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """CloudFront viewer request; returns the request to forward or a refusal."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    table = json.loads(_ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"])["table"]
    url = f"{request['uri']}?{request['querystring']}"
    key = {"signature": {"S": hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()}}
    if "Item" in _dynamodb.get_item(TableName=table, Key=key):
        return {"status": "403"}
    _dynamodb.put_item(TableName=table, Item=key)
    return request
