"""Fields of requests that name a file, for whoever mints."""

from common.http_api.errors import Code
from common.http_api.fields import Field
from common.link_minting.disposition import MAX_NAME_BYTES, name_problem

FILE_NAME = Field(
    schema={"type": "string", "format": "file-name", "minLength": 1, "maxLength": MAX_NAME_BYTES},
    code=Code.INVALID_FILENAME,
    must=f"1 to {MAX_NAME_BYTES} bytes of UTF-8, not blank, '.' or '..', without '/', '\\' or characters "
    "that control or reverse text",
    allows=lambda name: name_problem(name) is None,
)
