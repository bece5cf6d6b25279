"""Says of which media type a file is by its name, for lists: S3 tells a stored type only of one object at a
time. It promises nothing: what is served goes by the stored type.

The table is ours, because that of `mimetypes` differs between versions of Python and machines. It has what
people send and what browsers show; of any other name nothing is said. Names are those of IANA's registry.
"""

from typing import Any

_DOCUMENTS = "application/vnd.openxmlformats-officedocument"
_BY_ENDING = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "heic": "image/heic",
    "ico": "image/vnd.microsoft.icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "csv": "text/csv",
    "css": "text/css",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "js": "text/javascript",
    "log": "text/plain",
    "md": "text/markdown",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "xml": "application/xml",
    "json": "application/json",
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "docx": f"{_DOCUMENTS}.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_DOCUMENTS}.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_DOCUMENTS}.spreadsheetml.sheet",
    "epub": "application/epub+zip",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "7z": "application/x-7z-compressed",
    "tar": "application/x-tar",
    "zip": "application/zip",
}


def with_type(entry: dict[str, Any], name: str) -> dict[str, Any]:
    """`entry` with the `type` that a name's ending promises, if it is known.

    Args:
        name: a key or a file's name.
    """
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    known = _BY_ENDING.get(ending.lower()) if stem and dot else None
    return entry if known is None else entry | {"type": known}
