"""Decides what a request for shares may say: every field, its range, and the sentence about it."""

from dataclasses import replace

from common.http_api.errors import Code
from common.http_api.fields import OBJECT_KEY, Field, whole_number
from common.link_minting.disposition import turns_text
from common.link_minting.fields import FILE_NAME
from onetime_urls.protocol.paths import has_control_characters
from onetime_urls.protocol.shares.limits import MAX_NOTE_LENGTH, MAX_PIN_LENGTH, MIN_PIN_LENGTH
from onetime_urls.protocol.shares.listing import MAX_PAGE, is_cursor
from share_admin.settings import DAY, Settings

MIN_SHARE_SECONDS = 60


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
    "key": replace(OBJECT_KEY, required=False),
    "limit": whole_number(Code.INVALID_LIMIT, 1, MAX_PAGE, default=50),
    "next": Field(
        schema={"type": "string", "format": "share-cursor", "minLength": 35, "maxLength": 35},
        code=Code.INVALID_NEXT,
        must="what an earlier page gave",
        allows=is_cursor,
    ),
}
"""Query of `GET /shares`."""
