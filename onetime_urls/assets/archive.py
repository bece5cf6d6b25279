"""Packs files into a zip that depends on nothing but the files: no times, no owners, no umask."""

import io
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say (APPNOTE.TXT, 4.4.6)
_UNIX = 3
_MODE = 0o644  # Lambda runs functions as another user than the files' owner


def pack(files: Mapping[str, bytes], *, onto: bytes = b"") -> bytes:
    """A zip with `files`, path to content, behind those that the zip `onto` has."""
    packed = io.BytesIO(onto)
    with zipfile.ZipFile(packed, "a") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _MODE << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
