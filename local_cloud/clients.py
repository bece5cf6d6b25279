"""Clients of MiniStack's AWS API as its root account, for what a deployment's operator does.

The caller's own AWS set-up must not matter: a profile, a proxy or an endpoint in the environment would
otherwise reach these clients, so each source of configuration is closed.
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from local_cloud.environment import ROOT_CREDENTIALS

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudfront import CloudFrontClient
    from types_boto3_iam import IAMClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_sts import STSClient


@dataclass(frozen=True)
class Clients:
    """One client per service used."""

    apis: Any  # HTTP APIs; the lite types don't have them
    cloudformation: "CloudFormationClient"
    cloudfront: "CloudFrontClient"
    cognito: Any  # the lite types have no Cognito
    functions: "LambdaClient"
    iam: "IAMClient"
    s3: "S3Client"
    sts: "STSClient"


def connect(endpoint: str, region: str) -> Clients:
    """Clients for MiniStack at `endpoint`, in `region`. Makes no call."""
    closed = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    session = boto3.Session(
        botocore_session=botocore.session.Session(session_vars=closed),
        aws_access_key_id=ROOT_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ROOT_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=region,
    )
    config = Config(proxies={}, connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})
    return Clients(
        apis=session.client("apigatewayv2", endpoint_url=endpoint, config=config),
        cloudformation=session.client("cloudformation", endpoint_url=endpoint, config=config),
        cloudfront=session.client("cloudfront", endpoint_url=endpoint, config=config),
        cognito=session.client("cognito-idp", endpoint_url=endpoint, config=config),
        functions=session.client("lambda", endpoint_url=endpoint, config=config),
        iam=session.client("iam", endpoint_url=endpoint, config=config),
        s3=session.client("s3", endpoint_url=endpoint, config=config),
        sts=session.client("sts", endpoint_url=endpoint, config=config),
    )
