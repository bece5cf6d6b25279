"""Decides what a request for uploads may say: every field, its range, and the sentence about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from common.http_api.errors import Code, Refused
from common.http_api.fields import Field, whole_number
from common.link_minting.disposition import name_problem
from common.link_minting.fields import FILE_NAME
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import key_problem
from share_admin.settings import Settings

MAX_POST_BYTES = 5 * 2**30
"""Bytes of an upload in one request (S3 User Guide, "Uploading objects": 5 GB)."""
MAX_PARTS = 1000
"""Parts of a multipart upload here: each takes an address of about 1.5 KB in the answer, and Lambda's
answer may be 6 MB (Lambda quotas). S3's own limit is 10,000."""
MIN_PART_BYTES, MAX_PART_BYTES = 5 * 2**20, 5 * 2**30
"""Every part but the last (S3 User Guide, "Amazon S3 multipart upload limits")."""


SIZE = Field(
    schema={"type": "integer", "minimum": 1},
    code=Code.INVALID_SIZE,
    must="the file's size in bytes, a whole number from 1",
    required=True,
)


def upload_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /uploads`."""
    folder = {"type": "string", "format": "upload-folder", "minLength": 1, "maxLength": MAX_KEY_BYTES}
    if UPLOAD_PREFIX in settings.upload_folders:
        folder["default"] = UPLOAD_PREFIX
    return {
        "filename": replace(FILE_NAME, required=True),
        "folder": Field(
            schema=folder,
            code=Code.INVALID_FOLDER,
            must=f"one of {', '.join(settings.upload_folders)} or a folder below, with a slash at its end "
            "and between its slashes what a file may be called",
            required="default" not in folder,
            allows=lambda named: is_folder(named, settings.upload_folders),
        ),
        "size": SIZE,
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


def abort_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /uploads/abort`: which upload is meant."""
    return {
        "key": Field(
            schema={"type": "string", "format": "upload-key", "minLength": 1, "maxLength": MAX_KEY_BYTES},
            code=Code.INVALID_KEY,
            must="the key that the upload was given",
            required=True,
            allows=lambda key: is_upload(key, settings.upload_folders),
        ),
        "upload_id": Field(
            schema={"type": "string", "pattern": r"^[\x21-\x7e]{1,1024}$"},
            code=Code.INVALID_UPLOAD_ID,
            must="the upload_id that the upload was given",
            required=True,
        ),
    }


def resume_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /uploads/resume`: size and parts as the upload began, since S3 tells neither."""
    return abort_fields(settings) | {
        "size": SIZE,
        "parts": replace(whole_number(Code.INVALID_PARTS, 1, MAX_PARTS), required=True),
    }


def complete_fields(settings: Settings) -> dict[str, Field]:
    """Body of `POST /uploads/complete`."""
    return abort_fields(settings) | {
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


def is_folder(named: str, folders: Sequence[str]) -> bool:
    """Whether an upload may go into a folder: one of the deployment's, or one below, of which each part is
    what a file may be called. So no spelling of it leads elsewhere (`.`, `..`, an empty part)."""
    parts = named.split("/")
    return (
        any(map(named.startswith, folders))
        and parts.pop() == ""
        and all(name_problem(part) is None for part in parts)
        and key_problem(named) is None
    )


def is_upload(key: str, folders: Sequence[str]) -> bool:
    """Whether an upload can have been given this key."""
    folder, slash, name = key.rpartition("/")
    return is_folder(folder + slash, folders) and key_problem(key) is None and name_problem(name) is None


def key_in(folder: str, filename: str) -> str:
    """The key of a file in a folder.

    Raises:
        Refused: no key is as long.
    """
    key = folder + filename
    if key_problem(key) is not None:
        raise Refused(
            Code.INVALID_FOLDER, f"folder and filename together must be at most {MAX_KEY_BYTES} bytes."
        )
    return key


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
    if not wanted["multipart"]:
        if wanted["folder"] != UPLOAD_PREFIX:
            raise Refused(
                Code.INVALID_PARTS, f"multipart must be true in a folder other than {UPLOAD_PREFIX}."
            )
        if "parts" in wanted:
            raise Refused(Code.INVALID_PARTS, "parts goes with multipart: true only.")
        _check_size(wanted["size"], settings)
        if wanted["size"] > MAX_POST_BYTES:
            raise Refused(Code.TOO_LARGE, f"size must be at most {MAX_POST_BYTES} bytes without multipart.")
        return
    if "parts" not in wanted:
        raise Refused(Code.INVALID_PARTS, f"parts is required with multipart: 1 to {MAX_PARTS}.")
    check_parts(wanted, settings)


def check_parts(wanted: Mapping[str, Any], settings: Settings) -> None:
    """What no single field's range can say about the parts of an upload.

    Raises:
        Refused: the file is larger than the operator allows, or can't be sent in as many parts.
    """
    _check_size(wanted["size"], settings)
    least, most = -(-wanted["size"] // MAX_PART_BYTES), max(1, wanted["size"] // MIN_PART_BYTES)
    if not least <= wanted["parts"] <= most:
        raise Refused(
            Code.INVALID_PARTS,
            f"parts must be from {least} to {min(most, MAX_PARTS)} for this size: a part has "
            f"{MIN_PART_BYTES} to {MAX_PART_BYTES} bytes.",
        )


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.max_upload_bytes:
        raise too_large(settings)


def too_large(settings: Settings) -> Refused:
    """The refusal of more bytes than the operator allows."""
    return Refused(
        Code.TOO_LARGE, f"size must be at most {settings.max_upload_bytes} bytes on this deployment."
    )
