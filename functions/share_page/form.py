"""Reads the page's form: a PIN, a ticket, both optional, and nothing else.

A form comes as HTML forms and `curl -d` send it, or as `curl -F` does. What isn't one of these two is
refused by its type before it is looked at.
"""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from urllib.parse import parse_qsl

from onetime_urls.protocol.shares.limits import MAX_PIN_LENGTH
from onetime_urls.protocol.shares.record import is_id

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
MAX_FORM_BYTES = 4096
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


def read_form(content_type: str, body: bytes) -> Form:
    """The form in a request's body.

    Raises:
        WrongMediaType: it is declared as something else.
        NotAForm: it is too long or malformed, has an unknown or repeated field, or a value of the wrong
            shape.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in (URLENCODED, MULTIPART):
        raise WrongMediaType(media_type)
    if len(body) > MAX_FORM_BYTES:
        raise NotAForm("too long")
    try:
        pairs = _urlencoded(body) if media_type == URLENCODED else _multipart(content_type, body)
    except (ValueError, TypeError, LookupError):
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


def _multipart(content_type: str, body: bytes) -> list[tuple[str, str]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii")
    message = message_from_bytes(head + body, policy=policy.HTTP)
    if message.defects or not message.is_multipart():
        raise ValueError
    pairs = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not (isinstance(name, str) and isinstance(content, bytes)):
            raise TypeError("no name, or no content of its own")
        pairs.append((name, content.decode()))
    return pairs
