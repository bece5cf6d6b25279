"""The AWS calls of a mint, and what their refusals mean to a caller."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from common.http_api.aws_calls import TimeLeft, calling
from common.http_api.errors import Code, Refused
from common.link_minting.credentials import SignerCredentials
from onetime_urls.protocol.contract.parameter import NONCE_KEY, PREVIOUS_NONCE_KEY
from onetime_urls.protocol.links.limits import SESSION_SECONDS
from onetime_urls.protocol.links.nonce import MINTED_WITH_AFTER
from onetime_urls.protocol.links.record import LinkRecord, put_request

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_s3.client import S3Client
    from types_boto3_ssm.client import SSMClient
    from types_boto3_sts.client import STSClient

PARAMETER_REGION = "us-east-1"
"""Where the edge guard's parameter is, because Lambda@Edge functions are made there."""

_NOT_THERE = "key names no object in the bucket."
_PLUS = " (A '+' in a query stands for a space: write %2B for a plus.)"
_ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})


@dataclass(frozen=True, slots=True)
class PinnedObject:
    """What a link promises.

    Attributes:
        size: bytes.
        etag: as S3 writes it, quotes included.
        version_id: None on a bucket without versioning.
    """

    size: int
    etag: str
    version_id: str | None


def pin_object(
    s3: S3Client, bucket: str, key: str, time_left: TimeLeft, *, version_id: str | None = None
) -> PinnedObject:
    """Look the object up as it is now, or one version of it (`HeadObject`).

    Raises:
        Refused: there is no such object (a delete marker hides it as well), or it is archived, so
            that S3 would refuse to serve it.
        Unavailable: S3 can't be reached, or doesn't let the issuer look.
    """
    with calling("HeadObject", time_left):
        try:
            found = (
                s3.head_object(Bucket=bucket, Key=key)
                if version_id is None
                else s3.head_object(Bucket=bucket, Key=key, VersionId=version_id)
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise Refused(Code.NO_SUCH_OBJECT, _NOT_THERE + (_PLUS if " " in key else "")) from None
            raise
    archived = found.get("StorageClass") in _ARCHIVED or "ArchiveStatus" in found
    if archived and 'ongoing-request="false"' not in found.get("Restore", ""):
        raise Refused(Code.OBJECT_ARCHIVED, "key names an archived object: restore it first.")
    version_id = found.get("VersionId", "null")  # "null" while versioning is suspended
    return PinnedObject(found["ContentLength"], found["ETag"], None if version_id == "null" else version_id)


def read_nonce_key(ssm: SSMClient, parameter: str, now: float, time_left: TimeLeft) -> bytes:
    """The key to make nonces with, from the parameter that the edge guard reads as well (`GetParameter`). It
    is the previous one as long as a guard may not know the current one.

    Args:
        now: epoch seconds.

    Raises:
        Unavailable: SSM can't be reached, or refuses.
    """
    with calling("GetParameter", time_left):
        found = ssm.get_parameter(Name=parameter)["Parameter"]
    value: dict[str, str] = json.loads(found["Value"])
    settled = now - found["LastModifiedDate"].timestamp() >= MINTED_WITH_AFTER
    key = value[NONCE_KEY] if settled else value.get(PREVIOUS_NONCE_KEY) or value[NONCE_KEY]
    return key.encode()


def assume_signer(sts: STSClient, role: str, now: int, time_left: TimeLeft) -> SignerCredentials:
    """Open a session of the signer role, as long as AWS allows (`AssumeRole`).

    Raises:
        Unavailable: STS can't be reached, or refuses.
    """
    with calling("AssumeRole", time_left):
        session = sts.assume_role(
            RoleArn=role, RoleSessionName="onetime-urls", DurationSeconds=SESSION_SECONDS
        )["Credentials"]
    return SignerCredentials(
        access_key=session["AccessKeyId"],
        secret_key=session["SecretAccessKey"],
        token=session["SessionToken"],
        assumed_at=now,
        expires_at=int(session["Expiration"].timestamp()),
    )


def store_record(dynamodb: DynamoDBClient, table: str, record: LinkRecord, time_left: TimeLeft) -> None:
    """Store a new link (`PutItem`). Returns only if it is stored.

    The SDK repeats a put whose reply was lost. If the first one was stored, the second fails its
    condition and returns the stored item: with our claim token in it, it is our own.

    Raises:
        Unavailable: DynamoDB can't be reached, refuses, or holds another link under this signature.
    """
    with calling("PutItem", time_left):
        try:
            dynamodb.put_item(**put_request(table, record))
        except dynamodb.exceptions.ConditionalCheckFailedException as error:
            details = cast("dict[str, Any]", error.response)  # the general type leaves "Item" out
            if details.get("Item", {}).get("claim_token") != {"S": record.claim_token}:
                raise
