"""Uploads a file to a key of its own, in parallel, and goes on where an interrupted upload ended.

A small file is one `PutObject`. A larger one is a multipart upload whose key and id are kept in a file of the
caller's choice, its checkpoint: the next upload of the same file asks S3 which parts are there and sends the
others. (boto3's transfer manager can't take up an upload that another process began.) A file that changed in
between has another size, time or content, and so begins anew.
"""

import hashlib
import json
import mimetypes
import os
import re
import secrets
import stat
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from onetime_urls.client.errors import NotUploaded
from onetime_urls.client.file_names import fitted
from onetime_urls.client.part_body import Counter, PartBody
from onetime_urls.client.private_files import write_privately
from onetime_urls.client.results import Upload
from onetime_urls.protocol.contract.headers import CHECKSUM_METADATA
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX

PART = 16 * 2**20
"""Bytes in a part: 10,000 of them (S3 User Guide, "Amazon S3 multipart upload limits") are 156 GiB."""
MOST_PARTS = 10_000
AT_ONCE = 8
_MOST_NAME = 200
"""Bytes of a file's name that its key ends with: the key is for people who look into the bucket."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\]")

Progress = Callable[[int, int], None]
"""Told how many bytes are there, of how many; from any thread, one call at a time. Bytes that have to be sent
again are taken back."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is uploaded, as it was when it was read.

    Attributes:
        path: where it is.
        size: bytes.
        modified: nanoseconds.
        sha256: of its content, hex. The object carries it as metadata, so that a download can be checked.
        content_type: its media type.
    """

    path: Path
    size: int
    modified: int
    sha256: str
    content_type: str

    @classmethod
    def read(cls, path: Path, content_type: str | None) -> "Source":
        """Read a file once. Raises OSError, or NotUploaded for what is no file: it may have no end."""
        with open(path, "rb", opener=_without_waiting) as opened:
            found = os.fstat(opened.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise NotUploaded(
                    f"{path} is no file that can be uploaded: it is a pipe, a device or a folder."
                )
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        kind = content_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(path, found.st_size, found.st_mtime_ns, digest, kind)

    @property
    def is_unchanged(self) -> bool:
        """Whether the file is still the one that was read."""
        found = self.path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified)


def _without_waiting(path: str, flags: int) -> int:
    """Open a pipe that nobody writes to without waiting for somebody."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where uploads go.

    Attributes:
        s3: boto3's client, which counts what is sent (`part_body.count_what_is_sent`).
        name: the bucket's.
    """

    s3: Any
    name: str

    def upload(self, source: Source, checkpoint: Path | None, progress: Progress) -> Upload:
        """Upload a file under a new key, or go on with its upload.

        Args:
            checkpoint: the file that notes an upload that isn't complete, readable by its owner only; None
                keeps no note.

        Raises:
            NotUploaded: the file can't be read or changes meanwhile, or the bucket doesn't take it.
        """
        details = {"Metadata": {CHECKSUM_METADATA: source.sha256}, "ContentType": source.content_type}
        large = source.size > PART
        try:
            if large:
                key = _Multipart(self, source, details, checkpoint, Counter(progress, source.size)).run()
            else:
                key = self._put(source, details, Counter(progress, source.size))
        except (KeyError, RecursionError):  # of boto3: lacks what S3 always says, redirects in a circle
            raise NotUploaded("The upload failed: the bucket's answers aren't S3's.") from None
        except (Boto3Error, BotoCoreError, ClientError) as error:
            hold_to(source)
            why = str(error).rstrip(".")
            raise NotUploaded(
                f"The upload failed: {why}.", resumable=large and checkpoint is not None
            ) from None
        return Upload(key=key, size=source.size, sha256=source.sha256)

    def _put(self, source: Source, details: dict[str, Any], counter: Counter) -> str:
        key = new_key(source.path.name)
        with PartBody(source.path, 0, source.size, counter) as body:
            self.s3.put_object(Bucket=self.name, Key=key, Body=body, **details)
        hold_to(source)
        return key


@dataclass(slots=True)
class _Multipart:
    """One multipart upload, noted in its checkpoint as long as it isn't complete."""

    bucket: Bucket
    source: Source
    details: dict[str, Any]
    checkpoint: Path | None
    counter: Counter
    part: int = field(init=False)

    def __post_init__(self) -> None:
        self.part = max(PART, -(-self.source.size // MOST_PARTS))

    def run(self) -> str:
        key, upload_id, there = self._begin()
        numbers = range(1, -(-self.source.size // self.part) + 1)
        self.counter.add(sum(self._length(number) for number in there))
        missing = [number for number in numbers if number not in there]
        pool = ThreadPoolExecutor(AT_ONCE)
        sending = [pool.submit(self._send, key, upload_id, number) for number in missing]
        try:
            wait(sending, return_when=FIRST_EXCEPTION)
            there |= dict(each.result() for each in sending if each.done())
        finally:  # after Ctrl-C, too: what is being sent ends at its next block, and nobody waits for it
            self.counter.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
        hold_to(self.source)
        parts = [{"PartNumber": number, "ETag": there[number]} for number in numbers]
        self.bucket.s3.complete_multipart_upload(
            Bucket=self.bucket.name, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
        if self.checkpoint is not None:
            self.checkpoint.unlink(missing_ok=True)
        return key

    def _begin(self) -> tuple[str, str, dict[int, str]]:
        """Key and id of the upload, and the tags of the parts that are there."""
        about = {
            "bucket": self.bucket.name,
            "size": self.source.size,
            "modified": self.source.modified,
            "sha256": self.source.sha256,
        }
        if self.checkpoint is not None and (noted := self._resume(about)):
            return noted
        key = new_key(self.source.path.name)
        made = self.bucket.s3.create_multipart_upload(Bucket=self.bucket.name, Key=key, **self.details)
        if self.checkpoint is not None:
            write_privately(self.checkpoint, json.dumps(about | {"key": key, "upload_id": made["UploadId"]}))
        return key, made["UploadId"], {}

    def _resume(self, about: dict[str, Any]) -> tuple[str, str, dict[int, str]] | None:
        """The upload that the checkpoint names, if it is of this very file and still open."""
        if self.checkpoint is None:
            return None
        try:
            noted = json.loads(self.checkpoint.read_text(encoding="utf-8"))
            if any(noted[name] != value for name, value in about.items()):
                return None
            pages = self.bucket.s3.get_paginator("list_parts").paginate(
                Bucket=self.bucket.name, Key=noted["key"], UploadId=noted["upload_id"]
            )
            there = {
                part["PartNumber"]: part["ETag"]
                for page in pages
                for part in page.get("Parts", [])
                if part["Size"] == self._length(part["PartNumber"])
            }
        except (ClientError, OSError, ValueError, KeyError, TypeError):
            return None  # completed or aborted since, or noted by half: begin anew
        return noted["key"], noted["upload_id"], there

    def _length(self, number: int) -> int:
        return min(self.part, self.source.size - (number - 1) * self.part)

    def _send(self, key: str, upload_id: str, number: int) -> tuple[int, str]:
        with PartBody(self.source.path, (number - 1) * self.part, self._length(number), self.counter) as body:
            sent = self.bucket.s3.upload_part(
                Bucket=self.bucket.name, Key=key, UploadId=upload_id, PartNumber=number, Body=body
            )
        return number, sent["ETag"]


def hold_to(source: Source) -> None:
    """Refuse a file that changed while it was sent: its checksum would be another's."""
    if not source.is_unchanged:
        raise NotUploaded(f"{source.path.name} changed while it was uploaded. Do it again.")


def new_key(name: str) -> str:
    """A key that nobody can guess, with the file's name at its end."""
    safe = fitted(_UNSAFE.sub("_", name), _MOST_NAME).strip(". ") or "file"
    return f"{UPLOAD_PREFIX}{secrets.token_hex(16)}/{safe}"
