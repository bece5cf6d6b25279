"""Reads the page's form: a PIN, a ticket, both optional, and nothing else.

A form comes as HTML forms and `curl -d` send it, as `curl -F` does, or not at all: a POST without a body is
the empty form. What isn't one of these is refused by its type before it is looked at.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from onetime_urls.protocol.shares.limits import MAX_PIN_LENGTH
from onetime_urls.protocol.shares.record import is_id
from share_page.multipart import read_parts

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
MAX_TYPE_LENGTH, MAX_FORM_BYTES = 256, 4096
_FIELDS = frozenset({"pin", "ticket"})


class WrongMediaType(ValueError):
    """The body isn't declared as a form."""


class NotAForm(ValueError):
    """The body isn't this page's form. The message holds no value of it."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a visitor sent.

    Attributes:
        pin: empty if there is none.
        ticket: None if there is none.
    """

    pin: str = field(default="", repr=False)
    ticket: str | None = field(default=None, repr=False)


def read_form(content_type: str, body: bytes | None) -> Form:
    """The form in a request's body.

    Args:
        body: None if it isn't in the encoding that it was said to be in.

    Raises:
        WrongMediaType: it is declared as something else.
        NotAForm: it is too long or malformed, has an unknown or repeated field, or a value of the wrong
            shape.
    """
    if body is None or len(body) > MAX_FORM_BYTES or len(content_type) > MAX_TYPE_LENGTH:
        raise NotAForm("too long, or not what it was said to be")
    if not content_type and not body:
        return Form()
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in (URLENCODED, MULTIPART):
        raise WrongMediaType(media_type)
    try:
        pairs = _urlencoded(body) if media_type == URLENCODED else read_parts(content_type, body)
    except ValueError:
        raise NotAForm("malformed") from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or not fields.keys() <= _FIELDS:
        raise NotAForm("unknown or repeated fields")
    pin, ticket = fields.get("pin", "").strip(), fields.get("ticket")
    if len(pin) > MAX_PIN_LENGTH or not (ticket is None or is_id(ticket)):
        raise NotAForm("a value of the wrong shape")
    return Form(pin, ticket)


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    text = body.decode("ascii")
    if not text:
        return []
    return parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=4)
