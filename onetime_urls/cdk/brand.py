"""Checks a brand, and reads its logo.

The logo becomes part of the pages, so it is read at synthesis, and what can't be one is refused there.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Token

from onetime_urls.cdk.options import Brand
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.pages.brand import LOGO_TYPES, MAX_LOGO_BYTES, NAME, ShownBrand, data_uri
from onetime_urls.protocol.pages.colour import is_colour

_BEGINS = {".png": b"\x89PNG\r\n\x1a\n", ".svg": b"<"}
"""What a file of each kind begins with."""


@dataclass(frozen=True)
class Logo:
    """A logo's file.

    Attributes:
        suffix: `.svg` or `.png`.
        content: all of it.
    """

    suffix: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The file's media type."""
        return LOGO_TYPES[self.suffix]


@dataclass(frozen=True)
class CheckedBrand:
    """A brand that can be shown.

    Attributes:
        shown: as pages have it, with the logo inside.
        logo: its file.
    """

    shown: ShownBrand
    logo: Logo | None

    @classmethod
    def of(cls, props: Props, brand: Brand | None) -> "CheckedBrand | None":
        """The brand that a construct's prop `brand` gives; None without one.

        Raises:
            PropError: it can't be shown.
        """
        props.types(brand=(brand, Brand | None))
        if brand is None:
            return None
        # A name that only the deployment knows couldn't be put into the functions' code.
        if not (isinstance(brand.name, str) and re.fullmatch(NAME, brand.name)) or Token.is_unresolved(
            brand.name
        ):
            raise props.error(f"brand.name is {brand.name!r}, it must be 1 to 60 characters that can be seen")
        if brand.colour is not None and not (isinstance(brand.colour, str) and is_colour(brand.colour)):
            raise props.error(f"brand.colour is {brand.colour!r}, it must be a colour such as #0a5c8f")
        logo = None if brand.logo is None else _read_logo(props, Path(brand.logo))
        picture = data_uri(logo.media_type, logo.content) if logo else None
        return cls(ShownBrand(brand.name, brand.colour, picture), logo)


def _read_logo(props: Props, path: Path) -> Logo:
    suffix = path.suffix.lower()
    if suffix not in LOGO_TYPES:
        raise props.error(f"brand.logo is {path}, it must be the path of an SVG or PNG file")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise props.error(f"brand.logo is {path}, which can't be read: {error.strerror}") from None
    if len(content) > MAX_LOGO_BYTES:
        raise props.error(
            f"brand.logo is {path} of {len(content)} bytes, it must be {MAX_LOGO_BYTES} at most: every page "
            "has it inside"
        )
    if not content.lstrip().startswith(_BEGINS[suffix]):
        raise props.error(f"brand.logo is {path}, whose content is no {suffix[1:].upper()}")
    return Logo(suffix, content)
