"""Decides what a request to the share admin may say: every field, its range, and the sentence about it."""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from common.http_api.errors import Code, Refused
from common.http_api.fields import OBJECT_KEY, Field, whole_number
from common.link_minting.disposition import turns_text
from common.link_minting.fields import FILE_NAME
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import has_control_characters, key_problem
from onetime_urls.protocol.shares.limits import MAX_NOTE_LENGTH, MAX_PIN_LENGTH, MIN_PIN_LENGTH
from onetime_urls.protocol.shares.listing import MAX_PAGE, is_cursor
from share_admin.settings import DAY, Settings

MIN_SHARE_SECONDS = 60
MAX_POST_BYTES = 5 * 2**30
"""Bytes of an upload in one request (S3 User Guide, "Uploading objects": 5 GB)."""
MAX_PARTS = 1000
"""Parts of a multipart upload here: each takes an address of about 1.5 KB in the answer, and Lambda's
answer may be 6 MB (Lambda quotas). S3's own limit is 10,000."""
MIN_PART_BYTES, MAX_PART_BYTES = 5 * 2**20, 5 * 2**30
"""Every part but the last (S3 User Guide, "Amazon S3 multipart upload limits")."""


def share_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /shares`."""
    longest = settings.max_share_days * DAY
    return {
        "key": OBJECT_KEY,
        "expires_in": whole_number(
            Code.INVALID_EXPIRES_IN,
            MIN_SHARE_SECONDS,
            longest,
            default=settings.default_share_seconds,
            seconds=True,
        ),
        "max_downloads": whole_number(Code.INVALID_MAX_DOWNLOADS, 1, settings.max_downloads, default=1),
        "pin": Field(
            schema={
                "type": "string",
                "format": "pin",
                "minLength": MIN_PIN_LENGTH,
                "maxLength": MAX_PIN_LENGTH,
            },
            code=Code.INVALID_PIN,
            must=f"{MIN_PIN_LENGTH} to {MAX_PIN_LENGTH} characters, without control characters and without "
            "spaces at its ends",
            allows=lambda pin: not has_control_characters(pin) and pin == pin.strip(),
        ),
        "note": Field(
            schema={"type": "string", "format": "note", "minLength": 1, "maxLength": MAX_NOTE_LENGTH},
            code=Code.INVALID_NOTE,
            must=f"1 to {MAX_NOTE_LENGTH} characters, without ones that reverse text and without control "
            "characters other than line feeds",
            allows=lambda note: not has_control_characters(note.replace("\n", "")) and not turns_text(note),
        ),
        "filename": FILE_NAME,
    }


LIST_FIELDS = {
    "limit": whole_number(Code.INVALID_LIMIT, 1, MAX_PAGE, default=50),
    "next": Field(
        schema={"type": "string", "format": "share-cursor", "minLength": 35, "maxLength": 35},
        code=Code.INVALID_NEXT,
        must="what an earlier page gave",
        allows=is_cursor,
    ),
}
"""Query of `GET /shares`."""


def upload_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /uploads`."""
    return {
        "filename": replace(FILE_NAME, required=True),
        "size": Field(
            schema={"type": "integer", "minimum": 1},
            code=Code.INVALID_SIZE,
            must="the file's size in bytes, a whole number from 1",
            required=True,
        ),
        "content_type": Field(
            schema={
                "type": "string",
                "pattern": r"^[A-Za-z0-9!#&^_.+-]{1,64}/[A-Za-z0-9!#&^_.+-]{1,64}$",
                "default": "application/octet-stream",
            },
            code=Code.INVALID_CONTENT_TYPE,
            must="a media type such as application/pdf, without parameters",
        ),
        "multipart": Field(
            schema={"type": "boolean", "default": False}, code=Code.INVALID_PARTS, must="true or false"
        ),
        "parts": whole_number(Code.INVALID_PARTS, 1, MAX_PARTS),
    }


COMPLETE_FIELDS = {
    "key": Field(
        schema={"type": "string", "format": "upload-key", "minLength": 1, "maxLength": MAX_KEY_BYTES},
        code=Code.INVALID_KEY,
        must="the key that the upload was given",
        required=True,
        allows=lambda key: key.startswith(UPLOAD_PREFIX) and key_problem(key) is None,
    ),
    "upload_id": Field(
        schema={"type": "string", "pattern": r"^[\x21-\x7e]{1,1024}$"},
        code=Code.INVALID_UPLOAD_ID,
        must="the upload_id that the upload was given",
        required=True,
    ),
    "parts": Field(
        schema={
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_PARTS,
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer", "minimum": 1, "maximum": MAX_PARTS},
                    "etag": {"type": "string", "pattern": r'^"?[0-9A-Za-z-]{1,128}"?$'},
                },
                "required": ["number", "etag"],
                "additionalProperties": False,
            },
        },
        code=Code.INVALID_PARTS,
        must=f"a list of 1 to {MAX_PARTS} parts, each with its number and the etag that S3 answered with",
        required=True,
    ),
}
"""Body of `POST /uploads/complete`."""


def check_upload(wanted: Mapping[str, Any], settings: Settings) -> None:
    """What no single field's range can say about an upload.

    Raises:
        Refused: the file is larger than the operator or S3 allows, or of a type that the operator doesn't
            take, or its parts don't fit.
    """
    if not any(fnmatchcase(wanted["content_type"].lower(), allowed) for allowed in settings.upload_types):
        raise Refused(
            Code.INVALID_CONTENT_TYPE,
            f"content_type must be one of these on this deployment: {', '.join(settings.upload_types)}.",
        )
    if "${filename}" in wanted["filename"]:
        # S3 puts the sender's name there (S3 API Reference, "POST Object"), so the SDK signs a mere prefix.
        raise Refused(Code.INVALID_FILENAME, "filename must not contain '${filename}'.")
    size = wanted["size"]
    if size > settings.max_upload_bytes:
        raise Refused(
            Code.TOO_LARGE, f"size must be at most {settings.max_upload_bytes} bytes on this deployment."
        )
    if not wanted["multipart"]:
        if "parts" in wanted:
            raise Refused(Code.INVALID_PARTS, "parts goes with multipart: true only.")
        if size > MAX_POST_BYTES:
            raise Refused(Code.TOO_LARGE, f"size must be at most {MAX_POST_BYTES} bytes without multipart.")
        return
    if "parts" not in wanted:
        raise Refused(Code.INVALID_PARTS, f"parts is required with multipart: 1 to {MAX_PARTS}.")
    least, most = -(-size // MAX_PART_BYTES), max(1, size // MIN_PART_BYTES)
    if not least <= wanted["parts"] <= most:
        raise Refused(
            Code.INVALID_PARTS,
            f"parts must be from {least} to {min(most, MAX_PARTS)} for this size: a part has "
            f"{MIN_PART_BYTES} to {MAX_PART_BYTES} bytes.",
        )
