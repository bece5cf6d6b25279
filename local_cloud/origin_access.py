"""S3 as CloudFront reaches it by an origin access control; runs in MiniStack's process.

No caller of MiniStack can be the service principal `cloudfront.amazonaws.com`, so the local edge can't sign
as AWS's would. It presents its distribution's ARN instead, with a secret that the launcher gives to both
processes: a header that no page of a browser can send, and that no function of the stack is told. What that
principal may do is then decided by MiniStack's own policy evaluator, from the policies of the bucket and of
the object's KMS key, with `aws:SourceArn`. What is allowed goes on to MiniStack as its root account.

Sources: "Restrict access to an Amazon S3 origin" (CloudFront Developer Guide) for the policies; "GetObject"
and "ListObjectsV2" (Amazon S3 API Reference) for 403 and 404: without s3:ListBucket, a missing object is a
403. Whether S3 knows an `s3:prefix` when it asks for that permission on behalf of a GetObject is undocumented
(UNVERIFIED): here it doesn't, so a condition on it fails unless it ends with IfExists.
"""

import hmac
import importlib
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from local_cloud.edge.hosts import S3_DOMAIN

SCHEME = "OriginAccessControl"
"""The scheme of the Authorization header that the edge sends: `OriginAccessControl ARN SECRET`."""

SECRET_VARIABLE = "ORIGIN_ACCESS_SECRET"  # noqa: S105 - the variable's name
_SERVICE = "cloudfront.amazonaws.com"
_ROOT = "AWS4-HMAC-SHA256 Credential=test/20260101/{}/s3/aws4_request, SignedHeaders=host, Signature={:064}"

# Parameters that make another API of a GET: none of them is covered by s3:GetObject or s3:ListBucket.
_OTHER_APIS = re.compile(
    "accelerate|acl|analytics|attributes|cors|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|"
    "location|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|"
    "publicAccessBlock|replication|requestPayment|retention|tagging|torrent|uploadId|uploads|versionId|"
    "versioning|versions|website"
)
_LISTING = re.compile(
    "continuation-token|delimiter|encoding-type|list-type|marker|max-keys|prefix|start-after"
)
_OVERRIDE = re.compile("response-.*")


class Refused(Exception):
    """S3's answer instead of the object."""

    def __init__(self, status: int = 403, code: str = "AccessDenied", message: str = "Access Denied") -> None:
        super().__init__(code)
        self.status = status
        self.document = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
            f"<Message>{message}</Message></Error>"
        ).encode()


def credential(arn: str, secret: str) -> str:
    """The Authorization header of the distribution `arn`."""
    return f"{SCHEME} {arn} {secret}"


def distribution_of(headers: Iterable[tuple[bytes, bytes]], secret: str) -> str | None:
    """The ARN of the distribution that this request comes from; None for any other request.

    Raises:
        Refused: it says that it comes from one, and doesn't know the secret.
    """
    values = [value for name, value in headers if name.lower() == b"authorization"]
    if not any(value.startswith(SCHEME.encode() + b" ") for value in values):
        return None
    _, _, rest = values[0].partition(b" ")
    arn, _, presented = rest.partition(b" ")
    if len(values) != 1 or not secret or not hmac.compare_digest(presented, secret.encode()):
        raise Refused
    return arn.decode("latin-1")


def as_root(scope: dict[str, Any], arn: str) -> dict[str, Any]:
    """The same request from the account's root, if its policies let the distribution `arn` make it.

    Raises:
        Refused: S3 would refuse it.
    """
    headers = {name.lower(): value for name, value in scope["headers"]}
    host = S3_DOMAIN.fullmatch(headers.get(b"host", b"").decode("latin-1"))
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if host is None or scope["method"] not in {"GET", "HEAD"}:
        raise Refused
    if any(_OTHER_APIS.fullmatch(name) for name, _ in query):
        raise Refused
    key = unquote(scope["raw_path"].decode("latin-1"), errors="surrogateescape")[1:]
    kept = {name: value for name, value in query if (_OVERRIDE if key else _LISTING).fullmatch(name)}
    bucket, region = host[0].rpartition(".s3")[0], host["region"] or "us-east-1"
    _authorise(arn, bucket, region, key, kept.get("prefix", ""))
    signed = [(name, value) for name, value in scope["headers"] if name.lower() != b"authorization"]
    return scope | {
        "headers": [*signed, (b"authorization", _ROOT.format(region, 0).encode())],
        "query_string": urlencode(kept).encode(),
    }


def _authorise(arn: str, bucket: str, region: str, key: str, prefix: str) -> None:
    """Raises Refused unless the object is there and the policies let the distribution read it; for an empty
    key, unless they let it list.
    """
    # MiniStack looks keys up in the region of the request under way.
    importlib.import_module("ministack.core.responses").set_request_region(region)
    s3: Any = importlib.import_module("ministack.services.s3")
    found = s3._ensure_bucket(bucket)
    if found is None:
        raise Refused(404, "NoSuchBucket", "The specified bucket does not exist")
    owner = s3._bucket_owner_account(bucket)
    policy = s3._bucket_policies.get_scoped(owner, None, bucket)
    resource = f"arn:aws:s3:::{bucket}"
    if not key:
        if not _allows(policy, arn, "s3:ListBucket", resource, {"s3:prefix": prefix}):
            raise Refused
        return
    if not _allows(policy, arn, "s3:GetObject", f"{resource}/{key}"):
        raise Refused
    stored = found["objects"].get(key)
    if stored is None:
        if not _allows(policy, arn, "s3:ListBucket", resource):
            raise Refused
        raise Refused(404, "NoSuchKey", "The specified key does not exist.")
    kms_key = stored.get("preserved_headers", {}).get("x-amz-server-side-encryption-aws-kms-key-id")
    if kms_key and not _may_decrypt(arn, kms_key):
        raise Refused


def _may_decrypt(arn: str, key: str) -> bool:
    # An AWS managed key isn't found, and its policy couldn't name CloudFront on AWS either.
    found = importlib.import_module("ministack.services.kms").key_policy_for_arn(key)
    return bool(found) and _allows(found[0], arn, "kms:Decrypt", key)


def _allows(
    policy: str | bytes | dict[str, Any] | None,
    arn: str,
    action: str,
    resource: str,
    context: dict[str, str] | None = None,
) -> bool:
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    document = json.loads(policy) if isinstance(policy, str | bytes) and policy else policy
    asked = evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region="us-east-1",
        source_ip="127.0.0.1",
        secure_transport=True,
        service_context={"aws:sourcearn": arn, "s3:signatureversion": "AWS4-HMAC-SHA256", **(context or {})},
    )
    decided = evaluator.evaluate_resource_policy(document or None, asked, service=_SERVICE)
    return bool(decided.decision == "Allow")
