"""Uploads a file to a key of its own, in parallel, and goes on where an interrupted upload ended.

Small files are boto3's transfer manager's. A larger one is a multipart upload that is noted in the user's
state folder, because the transfer manager can't take up an upload that another process began: the next
command for the same file asks S3 which parts are there, and sends the others. A file that changed in
between has another size or time, and so begins anew.
"""

import hashlib
import json
import mimetypes
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from onetime_urls.cli import state
from onetime_urls.cli.deployment import Deployment
from onetime_urls.cli.failures import Exit, Failure

PART = 16 * 2**20
"""Bytes in a part: 10,000 of them (S3 User Guide, "Amazon S3 multipart upload limits") are 156 GiB."""
MOST_PARTS = 10_000
AT_ONCE = 8

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\]")

Progress = Callable[[int], None]
"""Told how many bytes more are there."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the bucket.

    Attributes:
        key: where it is.
        sha256: of its content, hex. The object carries it as metadata, so that a download can be checked.
    """

    key: str
    sha256: str


def upload(deployment: Deployment, file: Path, progress: Progress) -> Uploaded:
    """Upload `file` under a new key, or go on with its upload.

    Raises:
        Failure: the file can't be read, or the bucket doesn't take it.
    """
    s3 = deployment.s3()
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        size = file.stat().st_size
        details = {
            "Metadata": {"sha256": digest},
            "ContentType": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        }
        if size <= PART:
            key = _new_key(file.name)
            s3.upload_file(str(file), deployment.bucket, key, ExtraArgs=details, Callback=progress)
        else:
            key = _Multipart(s3, deployment.bucket, file, size, details).run(progress)
    except OSError as error:
        raise Failure(f"{file.name} can't be read: {error.strerror}.") from None
    except (BotoCoreError, ClientError) as error:
        raise Failure(
            f"The upload failed: {error}. The same command goes on with it.", Exit.UNAVAILABLE
        ) from None
    return Uploaded(key, digest)


class _Multipart:
    """One multipart upload, noted as long as it isn't complete."""

    def __init__(self, s3: Any, bucket: str, file: Path, size: int, details: dict[str, Any]) -> None:
        self._s3, self._bucket, self._file, self._size, self._details = s3, bucket, file, size, details
        self._part = max(PART, -(-size // MOST_PARTS))
        about = (
            f"{bucket}\n{file.resolve()}\n{size}\n{file.stat().st_mtime_ns}\n{details['Metadata']['sha256']}"
        )
        self._note = state.note("upload", about)

    def run(self, progress: Progress) -> str:
        key, upload_id, there = self._begin()
        numbers = range(1, -(-self._size // self._part) + 1)
        progress(sum(self._length(number) for number in there))
        missing = [number for number in numbers if number not in there]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, tag in pool.map(lambda n: self._send(key, upload_id, n), missing):
                there[number] = tag
                progress(self._length(number))
        parts = [{"PartNumber": number, "ETag": there[number]} for number in numbers]
        self._s3.complete_multipart_upload(
            Bucket=self._bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
        self._note.unlink(missing_ok=True)
        return key

    def _begin(self) -> tuple[str, str, dict[int, str]]:
        """Key and id of the upload, and the tags of the parts that are there."""
        if self._note.is_file():
            try:
                noted = json.loads(self._note.read_text(encoding="utf-8"))
                pages = self._s3.get_paginator("list_parts").paginate(
                    Bucket=self._bucket, Key=noted["key"], UploadId=noted["upload_id"]
                )
                there = {
                    part["PartNumber"]: part["ETag"]
                    for page in pages
                    for part in page.get("Parts", [])
                    if part["Size"] == self._length(part["PartNumber"])
                }
            except (ClientError, ValueError, KeyError, TypeError):
                pass  # completed or aborted since, or noted by half: begin anew
            else:
                return noted["key"], noted["upload_id"], there
        key = _new_key(self._file.name)
        made = self._s3.create_multipart_upload(Bucket=self._bucket, Key=key, **self._details)
        self._note.write_text(json.dumps({"key": key, "upload_id": made["UploadId"]}), encoding="utf-8")
        return key, made["UploadId"], {}

    def _length(self, number: int) -> int:
        return min(self._part, self._size - (number - 1) * self._part)

    def _send(self, key: str, upload_id: str, number: int) -> tuple[int, str]:
        with self._file.open("rb") as file:
            file.seek((number - 1) * self._part)
            body = file.read(self._length(number))
        sent = self._s3.upload_part(
            Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=body
        )
        return number, sent["ETag"]


def _new_key(name: str) -> str:
    """A key that nobody can guess, with the file's name at its end."""
    safe = _UNSAFE.sub("_", name).encode(errors="replace")[:200].decode(errors="ignore").strip(". ") or "file"
    return f"uploads/{secrets.token_hex(16)}/{safe}"
