"""Lets a caller without AWS credentials put one file into the bucket, of the size and type announced.

The key is ours: `uploads/<128 random bits>/<file name>`, so nobody can overwrite anything. What is signed
holds the upload to what was announced: a presigned POST by its policy (`content-length-range`), a part
of a multipart upload by its signed `Content-Length` (S3 API Reference, "Creating a POST policy";
"Authenticating requests: using query parameters").

A role of its own signs, which may only write under `uploads/`. Its session says when it ends, so an
upload's `expires_at` is honest.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from common.http_api.aws_calls import CLIENT_CONFIG, TimeLeft, calling
from common.http_api.errors import Code, Refused
from common.link_minting.aws import assume_signer
from common.link_minting.credentials import SignerCredentials, last_promise, reusable
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX
from onetime_urls.protocol.contract.routes import COMPLETE_UPLOAD
from share_admin.settings import Settings

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_sts.client import STSClient

UPLOAD_SECONDS = 1800
"""Life of what is signed for an upload. S3 looks at it when a request begins, so it isn't a limit on how
long the sending takes (S3 User Guide, "Sharing objects with presigned URLs")."""


@dataclass(kw_only=True)
class Uploads:
    """Uploads of one deployment. Keeps the uploader's session between requests."""

    settings: Settings
    sts: STSClient
    now: Callable[[], float] = time.time
    new_id: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    _session: SignerCredentials | None = field(default=None, init=False)

    def begin(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """What a caller needs to send the file.

        Args:
            wanted: a valid body of `POST /uploads`, its size and parts checked.

        Raises:
            Unavailable: STS or S3 can't be reached or refuses.
        """
        s3, expires_in = self._client(time_left)
        key = f"{UPLOAD_PREFIX}{self.new_id()}/{wanted['filename']}"
        expires_at = int(self.now()) + expires_in
        if wanted["multipart"]:
            parts = self._parts(s3, key, wanted, expires_in, time_left)
            return {"key": key, **parts, "complete": COMPLETE_UPLOAD.path, "expires_at": expires_at}
        typed = {"Content-Type": wanted["content_type"]}
        size = int(wanted["size"])
        made = s3.generate_presigned_post(
            self.settings.bucket,
            key,
            Fields=dict(typed),
            Conditions=[typed, ["content-length-range", size, size]],
            ExpiresIn=expires_in,
        )
        return {"key": key, "url": made["url"], "fields": made["fields"], "expires_at": expires_at}

    def complete(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """Put the parts of an upload together.

        Raises:
            Refused: there is no such upload, or its parts aren't those that S3 has.
            Unavailable: STS or S3 can't be reached or refuses.
        """
        s3, _ = self._client(time_left)
        with calling("CompleteMultipartUpload", time_left):
            try:
                s3.complete_multipart_upload(
                    Bucket=self.settings.bucket,
                    Key=wanted["key"],
                    UploadId=wanted["upload_id"],
                    MultipartUpload={
                        "Parts": [
                            {"PartNumber": int(part["number"]), "ETag": part["etag"]}
                            for part in sorted(wanted["parts"], key=lambda part: part["number"])
                        ]
                    },
                )
            except ClientError as error:
                match error.response["Error"]["Code"]:
                    case "NoSuchUpload":
                        raise Refused(Code.NO_SUCH_UPLOAD, "There is no such upload in progress.") from None
                    case "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall":
                        raise Refused(
                            Code.INVALID_PARTS, "parts must be those that were sent, with S3's own etags."
                        ) from None
                raise
        return {"key": wanted["key"]}

    def _parts(
        self, s3: S3Client, key: str, wanted: dict[str, Any], expires_in: int, time_left: TimeLeft
    ) -> dict[str, Any]:
        size, count = int(wanted["size"]), int(wanted["parts"])
        part_size = -(-size // count)
        with calling("CreateMultipartUpload", time_left):
            upload_id = s3.create_multipart_upload(
                Bucket=self.settings.bucket, Key=key, ContentType=wanted["content_type"]
            )["UploadId"]
        return {
            "upload_id": upload_id,
            "part_size": part_size,
            "parts": [
                {
                    "number": number + 1,
                    "url": s3.generate_presigned_url(
                        "upload_part",
                        Params={
                            "Bucket": self.settings.bucket,
                            "Key": key,
                            "UploadId": upload_id,
                            "PartNumber": number + 1,
                            "ContentLength": min(part_size, size - number * part_size),
                        },
                        ExpiresIn=expires_in,
                    ),
                }
                for number in range(-(-size // part_size))
            ],
        }

    def _client(self, time_left: TimeLeft) -> tuple[S3Client, int]:
        """S3 as the uploader, and for how many seconds what it signs is good."""
        now = int(self.now())
        if self._session is None or not reusable(self._session, UPLOAD_SECONDS, now):
            self._session = assume_signer(self.sts, self.settings.uploader_role, now, time_left)
        client = boto3.client(
            "s3",
            region_name=self.settings.bucket_region,
            aws_access_key_id=self._session.access_key,
            aws_secret_access_key=self._session.secret_key,
            aws_session_token=self._session.token,
            config=CLIENT_CONFIG.merge(
                Config(
                    signature_version="s3v4",
                    # Presigned parts carry no checksum that the sender would have to know beforehand.
                    request_checksum_calculation="when_required",
                )
            ),
        )
        return client, min(UPLOAD_SECONDS, last_promise(self._session) - now)
