"""Reads a short `multipart/form-data` body by hand (RFC 7578; RFC 2046, section 5.1).

The standard library offers its e-mail parser, whose time grows with the square of a header's length. A form
of ours is a few hundred bytes of a known shape, so it is split at its boundary, and each part at its first
empty line. What HTML forms and command-line clients don't send is refused: other headers, files, text before
the first part or after the last.
"""

import re

MAX_PARTS = 4

_CONTENT_TYPE = re.compile(
    r"multipart/form-data[ \t]*;[ \t]*boundary="
    # 1 to 70 characters, the last of them no space (RFC 2046, section 5.1.1).
    r"""(?:([\w'+.-]{1,70})|"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])")""",
    re.ASCII | re.IGNORECASE,
)
_NAME = re.compile(r'form-data; ?name=(?:"(\w{1,32})"|(\w{1,32}))', re.ASCII | re.IGNORECASE)
_PLAIN = re.compile(r"text/plain(?:;[\w= \"-]{1,64})?", re.ASCII | re.IGNORECASE)


def read_parts(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Name and value of each part, in order.

    Args:
        content_type: at most a few hundred characters, as the body: both are searched whole.

    Raises:
        ValueError: there is no boundary, a part too many, or something in it that no form has.
    """
    found = _CONTENT_TYPE.fullmatch(content_type.strip())
    if found is None:
        raise ValueError("no boundary")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("ascii")
    before, *parts, after = (b"\r\n" + body).split(delimiter, MAX_PARTS + 1)
    if before or after not in (b"--", b"--\r\n"):
        raise ValueError("no form from its first delimiter to its last")
    return [_read_part(part) for part in parts]


def _read_part(part: bytes) -> tuple[str, str]:
    head, empty_line, content = part.partition(b"\r\n\r\n")
    if not (empty_line and head.startswith(b"\r\n")):
        raise ValueError("a part without a head")
    headers = [line.partition(":") for line in head[2:].decode("ascii").split("\r\n")]
    named = {name.lower(): value.strip(" \t") for name, _, value in headers}
    if len(named) != len(headers) or not named.keys() <= {"content-disposition", "content-type"}:
        raise ValueError("headers that a form's field doesn't have")
    name = _NAME.fullmatch(named.get("content-disposition", ""))
    if name is None or not _PLAIN.fullmatch(named.get("content-type", "text/plain")):
        raise ValueError("not a field with a name and a text")
    return name[1] or name[2], content.decode()
