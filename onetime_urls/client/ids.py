"""Tells a link from a share by how it is named: by its id, or by its whole URL."""

import re
from urllib.parse import parse_qs, quote

from onetime_urls.client.addresses import read_address
from onetime_urls.client.errors import NotAnId
from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.contract.routes import LINK, SHARE
from onetime_urls.protocol.shares.record import is_id

_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_WANTED = "An ID is 64 hex digits (a link), 22 characters (a share), or the whole URL."


def path_of(named: str, link_base_url: str | None) -> str:
    """The API's path for an id, or for the URL of a link or a share.

    Args:
        link_base_url: where the deployment's links are, if that is known: a URL elsewhere is refused.

    Raises:
        NotAnId: it is none.
    """
    id_ = _id_in(named, link_base_url) if ":" in named else named
    if _SIGNATURE.fullmatch(id_):
        return LINK.of(id_)
    if is_id(id_):
        return SHARE.of(quote(id_))
    raise NotAnId(_WANTED)


def _id_in(url: str, link_base_url: str | None) -> str:
    try:
        parts = read_address(url)
        home = read_address(link_base_url) if link_base_url else parts
        parameters = parse_qs(parts.query or "", max_num_fields=100)
    except ValueError:
        raise NotAnId(_WANTED) from None
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
        raise NotAnId(f"That address is elsewhere: this deployment's begin with {home.url}.")
    path = parts.path or ""
    if path.startswith(PAGE_PREFIX):
        return path.removeprefix(PAGE_PREFIX)
    return parameters.get("X-Amz-Signature", [""])[0]
