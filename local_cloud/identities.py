"""Who acts on the local cloud: two IAM users, each with what it needs and no more.

MiniStack's root bypasses every policy, so that a check made as root proves nothing. The edge process and
everything that calls from outside (people, tests, the demo) are these users instead. The caller's rights
are those that `.local/outputs.json` promises: fill and clear the bucket, change its policy, look at the
table, mint, share, upload, and look after links and shares.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from local_cloud.clients import Clients
from local_cloud.deployment import Deployed


@dataclass(frozen=True)
class AccessKey:
    """An IAM user's access key."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"AccessKey(id={self.id!r})"

    def variables(self) -> dict[str, str]:
        """The environment variables by which AWS clients take it."""
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


def edge_user(clients: Clients, deployed: Deployed, account: str) -> AccessKey:
    """The local edge's: read the distributions and their policies, invoke their function versions."""
    distributions = [
        f"arn:aws:cloudfront::{account}:distribution/{each.id}" for each in deployed.distributions
    ]
    statements = [
        _allow(["cloudfront:GetDistribution"], distributions),
        # MiniStack asks for these on "*", whatever the policy's ARN.
        _allow(
            [
                "cloudfront:GetCachePolicy",
                "cloudfront:GetOriginRequestPolicy",
                "cloudfront:GetResponseHeadersPolicy",
                "cloudfront:GetOriginAccessControl",
                "cloudfront:GetKeyGroup",
                "cloudfront:GetPublicKey",
            ],
            ["*"],
        ),
    ]
    if deployed.edge_functions:
        statements.append(
            _allow(["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"], deployed.edge_functions)
        )
    return _user(clients, "local-edge", statements)


def caller_user(clients: Clients, deployed: Deployed, account: str, region: str) -> AccessKey:
    """For whoever calls from outside. It may not read objects: downloads are what links are for."""
    bucket = f"arn:aws:s3:::{deployed.outputs['AssetsBucketName']}"
    table = f"arn:aws:dynamodb:{region}:{account}:table/{deployed.outputs['LinksTableName']}"
    statements = [
        _allow(
            [
                "s3:PutObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
            ],
            [f"{bucket}/*"],
        ),
        _allow(
            [
                "s3:ListBucket",
                "s3:ListBucketVersions",
                "s3:GetBucketPolicy",
                "s3:PutBucketPolicy",
                "s3:DeleteBucketPolicy",
            ],
            [bucket],
        ),
        _allow(["dynamodb:DescribeTable", "dynamodb:Scan"], [table]),
        _allow(
            ["execute-api:Invoke"],
            [
                f"arn:aws:execute-api:{region}:{account}:{deployed.api}/*/{route}"
                for route in (
                    "GET/get-url",
                    "GET/objects",
                    "GET/links",
                    "GET/links/*",
                    "DELETE/links/*",
                    "POST/shares",
                    "GET/shares",
                    "GET/shares/*",
                    "DELETE/shares/*",
                    "POST/uploads",
                    "POST/uploads/*",
                    "GET/files",
                    "GET/url",
                )
            ],
        ),
    ]
    if deployed.graphql:
        api = f"arn:aws:appsync:{region}:{account}:apis/{deployed.graphql}"
        statements.append(_allow(["appsync:GraphQL"], [f"{api}/*"]))
    return _user(clients, "local-caller", statements)


def _allow(actions: Sequence[str], resources: Sequence[str]) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _user(clients: Clients, name: str, statements: Sequence[dict[str, object]]) -> AccessKey:
    clients.iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    clients.iam.put_user_policy(UserName=name, PolicyName="needs", PolicyDocument=document)
    key = clients.iam.create_access_key(UserName=name)["AccessKey"]
    return AccessKey(id=key["AccessKeyId"], secret=key["SecretAccessKey"])
