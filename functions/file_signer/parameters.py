"""Decides whether a URL that is asked for is acceptable: one description of each parameter, for REST and
GraphQL alike. (Those of a page of files are `common.http_api.listing`'s.)"""

from dataclasses import dataclass

from common.http_api.errors import Code, Refused
from common.http_api.fields import Field, whole_number
from common.http_api.listing import is_utf8
from file_signer.settings import Settings
from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.links.limits import MAX_KEY_BYTES
from onetime_urls.protocol.paths import key_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A signed URL that is asked for.

    Attributes:
        file: its name, as in the URL, decoded.
        expires_in: seconds.
        disposition: "attachment" or "inline"; None for what S3 has stored.
    """

    file: str
    expires_in: int
    disposition: str | None = None


def url_parameters(settings: Settings) -> dict[str, Field]:
    """What a URL may be asked for with."""
    return {
        "file": Field(
            schema={"type": "string", "format": "file", "minLength": 1, "maxLength": MAX_KEY_BYTES},
            code=Code.INVALID_FILE,
            must="a file's name as in its URL, without control characters and '.' and '..' as path segments, "
            f"with 1 to {MAX_KEY_BYTES - len(settings.prefix)} bytes, and not under '{RESERVED_PREFIX}'",
            required=True,
            allows=lambda file: (
                is_utf8(file) and key_problem(file) is None and key_problem(settings.prefix + file) is None
            ),
        ),
        "expires_in": whole_number(
            Code.INVALID_EXPIRES_IN,
            1,
            settings.max_url_seconds,
            default=settings.default_url_seconds,
            seconds=True,
        ),
        "disposition": Field(
            schema={"type": "string", "enum": ["attachment", "inline"]},
            code=Code.INVALID_DISPOSITION,
            must="attachment or inline",
        ),
    }


def forbidden() -> Refused:
    """The refusal for a file under no rule of the caller's, the same whether it exists."""
    return Refused(Code.FORBIDDEN, "You may not read this file.")
