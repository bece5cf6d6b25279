"""Answers CloudFormation's requests: publishes, or empties the bucket, which holds nothing else."""

import contextlib
import mimetypes
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from common import custom_resource
from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_logger
from onetime_urls.protocol.contract.console import (
    ASSETS_FOLDER,
    BUCKET_PROPERTY,
    DOCUMENTS_PROPERTY,
    PUBLISHED_FOLDER,
    VERSION_PROPERTY,
)
from onetime_urls.protocol.contract.environment import Variable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

FILES = Path(__file__).parent / PUBLISHED_FOLDER

FOR_A_YEAR = "public, max-age=31536000, immutable"
"""RFC 8246: not even asked for again when a page is reloaded."""

NEVER = "no-cache"
"""RFC 9111: not used without asking whether it is still the same."""

logger = new_logger()


def handler(event: dict[str, Any], _context: Any) -> None:
    """Answer one request."""
    properties = event["ResourceProperties"]
    bucket = properties.get(BUCKET_PROPERTY, "none")
    before = event.get("OldResourceProperties", {}).get(VERSION_PROPERTY)
    s3 = boto3.client("s3", region_name=os.environ[Variable.AWS_REGION], config=CLIENT_CONFIG)
    try:
        if event["RequestType"] == "Delete":
            _empty(s3, bucket)
        else:
            publish(s3, bucket, properties[VERSION_PROPERTY], before, properties[DOCUMENTS_PROPERTY])
    except Exception as error:
        logger.exception("not published")
        custom_resource.answer(event, bucket, refused=f"the console can't be put into {bucket}: {error}")
    else:
        custom_resource.answer(event, bucket)


def publish(
    s3: "S3Client", bucket: str, version: str, before: str | None, documents: Mapping[str, str]
) -> None:
    """Put everything into the bucket, and take out what no page can ask for any more.

    Args:
        version: names the folder of the files that never change.
        before: the version that pages may still be of.
        documents: what stands at the root, and changes, by its name.

    Raises:
        BotoCoreError, ClientError: S3 can't be reached or refuses.
    """
    folder = f"{ASSETS_FOLDER}/{version}/"
    for path in sorted(each for each in FILES.rglob("*") if each.is_file()):
        key = folder + path.relative_to(FILES).as_posix()
        _put(s3, bucket, key, path.read_bytes(), FOR_A_YEAR)
    for name, text in sorted(documents.items()):
        _put(s3, bucket, name, text.encode(), NEVER)
    if before == version:
        return  # pages may still be of the version before this one
    kept = {folder, f"{ASSETS_FOLDER}/{before}/"}
    _remove(
        s3, bucket, (key for key in _keys(s3, bucket) if key not in documents and not _is_below(key, kept))
    )


def content_type(name: str) -> str:
    """The media type of a file, by its name alone: that of its ending, or plain text."""
    kind = {".js": "text/javascript", ".svg": "image/svg+xml"}.get(Path(name).suffix)
    kind = kind or mimetypes.types_map.get(Path(name).suffix, "text/plain")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _empty(s3: "S3Client", bucket: str) -> None:
    with contextlib.suppress(s3.exceptions.NoSuchBucket):
        _remove(s3, bucket, _keys(s3, bucket))


def _is_below(key: str, folders: Iterable[str]) -> bool:
    return any(key.startswith(each) for each in folders)


def _put(s3: "S3Client", bucket: str, key: str, content: bytes, cached: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type(key), CacheControl=cached)


def _keys(s3: "S3Client", bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [each["Key"] for page in pages for each in page.get("Contents", [])]


def _remove(s3: "S3Client", bucket: str, keys: Iterable[str]) -> None:
    for key in keys:
        s3.delete_object(Bucket=bucket, Key=key)
