"""Lets a caller without AWS credentials put one file into the bucket, of the size and type announced, where
there is none of its name.

Unless a caller names a folder the key is ours: `uploads/<128 random bits>/<file name>`. In a folder the name
is the file's own. Two callers may want it at once, so S3 decides when the parts are put together: only if
there is no such object (S3 User Guide, "How to prevent object overwrites with conditional writes"). That is
why a file in a folder is always sent in parts: a presigned POST has no such condition.

What is signed holds the upload to what was announced: a presigned POST by its policy
(`content-length-range`), a part of a multipart upload by its signed `Content-Length` (S3 API Reference,
"Creating a POST policy"; "Authenticating requests: using query parameters"). Who resumes an upload announces
it anew. So that several announcements together can't come to more than the operator allows, what S3 has is
added up before it is put together.

A role of its own signs, which may only write in the deployment's folders. Its session says when it ends, so
an upload's `expires_at` is honest.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from common.http_api.aws_calls import CLIENT_CONFIG, TimeLeft, calling
from common.http_api.errors import Code, Refused, Unavailable
from common.link_minting.aws import assume_signer
from common.link_minting.credentials import SignerCredentials, last_promise, reusable
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX
from onetime_urls.protocol.contract.routes import COMPLETE_UPLOAD
from share_admin.parts import part_lengths, tag_of_parts
from share_admin.settings import Settings
from share_admin.upload_fields import MIN_PART_BYTES, key_in, too_large

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import PartTypeDef
    from types_boto3_sts.client import STSClient

UPLOAD_SECONDS = 1800
"""Life of what is signed for an upload. S3 looks at it when a request begins, so it isn't a limit on how
long the sending takes (S3 User Guide, "Sharing objects with presigned URLs")."""

_CONFLICT = "ConditionalRequestConflict"


@dataclass(kw_only=True)
class Uploads:
    """Uploads of one deployment. Keeps the uploader's session between requests.

    Attributes:
        s3: with the function's own role, which may look objects up.
    """

    settings: Settings
    s3: S3Client
    sts: STSClient
    now: Callable[[], float] = time.time
    new_id: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    _session: SignerCredentials | None = field(default=None, init=False)

    def begin(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """What a caller needs to send the file.

        Args:
            wanted: a valid body of `POST /uploads`, its size and parts checked.

        Raises:
            Refused: there is an object of that name.
            Unavailable: STS or S3 can't be reached or refuses.
        """
        folder = wanted["folder"]
        own = folder == UPLOAD_PREFIX
        key = key_in(f"{folder}{self.new_id()}/" if own else folder, wanted["filename"])
        if not own and self._tag_of(key, time_left) is not None:
            raise _name_taken()
        s3, expires_in = self._client(time_left)
        expires_at = int(self.now()) + expires_in
        if wanted["multipart"]:
            with calling("CreateMultipartUpload", time_left):
                upload_id = s3.create_multipart_upload(
                    Bucket=self.settings.bucket, Key=key, ContentType=wanted["content_type"]
                )["UploadId"]
            begun = {"key": key, "upload_id": upload_id, "complete": COMPLETE_UPLOAD.path}
            lengths = part_lengths(int(wanted["size"]), int(wanted["parts"]))
            parts = self._signed(s3, begun, lengths, expires_in)
            return begun | {"part_size": lengths[1], "parts": parts, "expires_at": expires_at}
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

    def resume(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """What a caller needs to send the rest of the file: the parts that S3 hasn't, or has with another
        length.

        Args:
            wanted: a valid body of `POST /uploads/resume`, its size and parts checked.

        Raises:
            Refused: there is no such upload in progress, or an object of that name by now.
            Unavailable: STS or S3 can't be reached or refuses.
        """
        s3, expires_in = self._client(time_left)
        stored = self._stored_parts(s3, wanted, time_left)
        if stored is None:
            raise _no_such_upload()
        if self._tag_of(wanted["key"], time_left) is not None:
            raise _name_taken()
        lengths = part_lengths(int(wanted["size"]), int(wanted["parts"]))
        there = {
            number: stored[number]["ETag"]
            for number, length in lengths.items()
            if number in stored and stored[number]["Size"] == length
        }
        missing = {number: length for number, length in lengths.items() if number not in there}
        begun = {"key": wanted["key"], "upload_id": wanted["upload_id"], "complete": COMPLETE_UPLOAD.path}
        return begun | {
            "part_size": lengths[1],
            "parts": self._signed(s3, begun, missing, expires_in),
            "uploaded": [{"number": number, "etag": tag} for number, tag in there.items()],
            "expires_at": int(self.now()) + expires_in,
        }

    def abort(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """Give an upload up. S3 forgets its parts, those aside that arrive just now.

        Raises:
            Refused: there is no such upload in progress.
            Unavailable: STS or S3 can't be reached or refuses.
        """
        s3, _ = self._client(time_left)
        self._abort(s3, wanted, time_left)
        return {"key": wanted["key"]}

    def complete(self, wanted: dict[str, Any], time_left: TimeLeft) -> dict[str, Any]:
        """Put the parts of an upload together, unless there is an object of that name. Doing it twice is no
        error.

        Raises:
            Refused: there is no such upload, or its parts aren't those that S3 has, or come to more than is
                allowed (then it is given up), or there is an object of that name.
            Unavailable: STS or S3 can't be reached or refuses, or is at it just now.
        """
        s3, _ = self._client(time_left)
        parts = {int(part["number"]): str(part["etag"]).strip('"') for part in wanted["parts"]}
        stored = self._stored_parts(s3, wanted, time_left)
        if stored is not None:
            # Held to their tags, those that are added up are those that S3 puts together.
            tags = {number: part["ETag"].strip('"') for number, part in stored.items()}
            if len(parts) != len(wanted["parts"]) or not parts.items() <= tags.items():
                raise _other_parts()
            if sum(stored[number]["Size"] for number in parts) > self.settings.max_upload_bytes:
                self._abort(s3, wanted, time_left)
                raise too_large(self.settings)
            refused = self._put_together(s3, wanted, parts, time_left)
            if refused is None:
                return {"key": wanted["key"]}
            if refused == _CONFLICT:
                return self._after_conflict(wanted, parts, time_left)
            if self._stored_parts(s3, wanted, time_left) is not None:
                raise _name_taken()
        # It isn't in progress: it was completed before, by a request whose answer was lost, or never was.
        found = self._tag_of(wanted["key"], time_left)
        if found is None or found != _tag_of_all(parts):
            raise _no_such_upload()
        return {"key": wanted["key"]}

    def _after_conflict(
        self, wanted: Mapping[str, Any], parts: Mapping[int, str], time_left: TimeLeft
    ) -> dict[str, Any]:
        """What came of it that S3 was asked for the same name twice at once: by others, or for this very
        upload, since putting a large one together takes S3 longer than the SDK waits before it asks again
        (S3 API Reference, "CompleteMultipartUpload")."""
        found = self._tag_of(wanted["key"], time_left)
        if found is None:
            raise Unavailable("CompleteMultipartUpload", _CONFLICT)
        if found != _tag_of_all(parts):
            raise _name_taken()
        return {"key": wanted["key"]}

    def _put_together(
        self, s3: S3Client, wanted: Mapping[str, Any], parts: Mapping[int, str], time_left: TimeLeft
    ) -> str | None:
        """None if S3 did, otherwise its word for why not: there is an object of that name, or one is being
        written just now, or the upload isn't in progress.

        Raises:
            Refused: the parts can't be put together.
        """
        with calling("CompleteMultipartUpload", time_left):
            try:
                s3.complete_multipart_upload(
                    Bucket=self.settings.bucket,
                    Key=wanted["key"],
                    UploadId=wanted["upload_id"],
                    IfNoneMatch="*",
                    MultipartUpload={
                        "Parts": [{"PartNumber": number, "ETag": parts[number]} for number in sorted(parts)]
                    },
                )
            except ClientError as error:
                match error.response["Error"]["Code"]:
                    case ("PreconditionFailed" | "NoSuchUpload" | "ConditionalRequestConflict") as refused:
                        return refused
                    case "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall":
                        raise _other_parts() from None
                raise
        return None

    def _abort(self, s3: S3Client, wanted: Mapping[str, Any], time_left: TimeLeft) -> None:
        with calling("AbortMultipartUpload", time_left):
            try:
                s3.abort_multipart_upload(
                    Bucket=self.settings.bucket, Key=wanted["key"], UploadId=wanted["upload_id"]
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchUpload":
                    raise _no_such_upload() from None
                raise

    def _stored_parts(
        self, s3: S3Client, wanted: Mapping[str, Any], time_left: TimeLeft
    ) -> dict[int, PartTypeDef] | None:
        """The parts that S3 has, by their numbers: one listing has as many as an upload. None if there is no
        such upload in progress."""
        with calling("ListParts", time_left):
            try:
                listed = s3.list_parts(
                    Bucket=self.settings.bucket, Key=wanted["key"], UploadId=wanted["upload_id"]
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchUpload":
                    return None
                raise
        return {part["PartNumber"]: part for part in listed.get("Parts", ())}

    def _tag_of(self, key: str, time_left: TimeLeft) -> str | None:
        """The ETag of the object that has this key, without its quotes; None if there is none."""
        with calling("HeadObject", time_left):
            try:
                return self.s3.head_object(Bucket=self.settings.bucket, Key=key)["ETag"].strip('"')
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise

    def _signed(
        self, s3: S3Client, begun: Mapping[str, str], lengths: Mapping[int, int], expires_in: int
    ) -> list[dict[str, Any]]:
        """The addresses of parts, by their lengths."""
        return [
            {
                "number": number,
                "url": s3.generate_presigned_url(
                    "upload_part",
                    Params={
                        "Bucket": self.settings.bucket,
                        "Key": begun["key"],
                        "UploadId": begun["upload_id"],
                        "PartNumber": number,
                        "ContentLength": length,
                    },
                    ExpiresIn=expires_in,
                ),
            }
            for number, length in lengths.items()
        ]

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
                    # The bucket's regional host: at its global one S3 answers a new bucket's requests with a
                    # redirect, and no browser follows one for a preflight (S3 User Guide, "Request routing").
                    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
                    # Presigned parts carry no checksum that the sender would have to know beforehand.
                    request_checksum_calculation="when_required",
                )
            ),
        )
        return client, min(UPLOAD_SECONDS, last_promise(self._session) - now)


def _tag_of_all(parts: Mapping[int, str]) -> str | None:
    """The ETag of the object that these parts make."""
    return tag_of_parts(parts[number] for number in sorted(parts))


def _name_taken() -> Refused:
    return Refused(Code.NAME_TAKEN, "There is an object of that name already: nothing is overwritten.")


def _other_parts() -> Refused:
    return Refused(
        Code.INVALID_PARTS,
        "parts must be those that were sent, each once, with S3's own etags: all but the last of "
        f"{MIN_PART_BYTES} bytes or more.",
    )


def _no_such_upload() -> Refused:
    return Refused(Code.NO_SUCH_UPLOAD, "There is no such upload in progress.")
