"""Whose pages these are: the name, the colour and the logo that a deployment shows.

It is in a document beside a function's code, `brand.json`, because functions at the edge have no environment
variables and Lambda's environment has no room for a logo. A deployment without a brand has no such document.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

FILE = "brand.json"
"""What the document is called, in the folder of the function's package."""

NAME = r"(?! )[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,60}(?<! )"
"""A name of 1 to 60 characters, without those that can't be seen or turn others around."""

MAX_LOGO_BYTES = 8192
"""The logo is inside every page. A function at viewer request may answer with 40 KB (CloudFront Developer
Guide, "Quotas on Lambda@Edge"), of which a page takes 15 and a logo in Base64 11."""

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
"""Media type by a file's ending. Both are shown by `<img>`, in which an SVG runs and loads nothing (SVG 2,
"Conformance criteria: secure static mode")."""


@dataclass(frozen=True, slots=True)
class ShownBrand:
    """A brand as pages show it.

    Attributes:
        name: as `NAME` says.
        colour: `#` and six hexadecimal digits; None for our own accent.
        logo: the picture itself, a data URI; None for the first letter of the name.
    """

    name: str
    colour: str | None = None
    logo: str | None = None

    @classmethod
    def from_plain(cls, plain: Mapping[str, str | None]) -> Self:
        """The brand of a document that `plain` made."""
        return cls(str(plain["name"]), plain.get("colour"), plain.get("logo"))

    @property
    def plain(self) -> dict[str, str]:
        """The document, of JSON's own types."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def data_uri(media_type: str, content: bytes) -> str:
    """A file as an address that holds it (RFC 2397)."""
    return f"data:{media_type};base64,{b64encode(content).decode('ascii')}"
