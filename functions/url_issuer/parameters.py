"""Decides whether a mint request is acceptable: its parameters, and what no single one can say."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_network

from common.http_api.errors import Code, Refused
from common.http_api.fields import OBJECT_KEY, Field, checked_query, one_of, whole_number
from common.http_api.query import read_query
from common.link_minting.fields import FILE_NAME
from common.link_minting.mint import MintRequest
from onetime_urls.protocol.links.limits import DEFAULT_RESUME_FACTOR
from url_issuer.settings import Settings


def parameters(settings: Settings) -> Mapping[str, Field]:
    """Query of `GET /get-url`."""
    return {
        "key": OBJECT_KEY,
        "disposition": one_of(Code.INVALID_DISPOSITION, "attachment", "inline"),
        "expires_in": whole_number(
            Code.INVALID_EXPIRES_IN,
            1,
            settings.max_lifetime,
            default=settings.default_lifetime,
            seconds=True,
        ),
        "filename": FILE_NAME,
        "max_claims": whole_number(Code.INVALID_MAX_CLAIMS, 1, settings.max_claims, default=1),
        "resume": whole_number(Code.INVALID_RESUME, 0, settings.max_resume, default=0, seconds=True),
        "resume_factor": whole_number(
            Code.INVALID_RESUME_FACTOR,
            1,
            settings.max_resume_factor,
            default=min(DEFAULT_RESUME_FACTOR, settings.max_resume_factor),
        ),
        "resume_by": one_of(Code.INVALID_RESUME_BY, "cookie", "address"),
        "cidr": Field(
            schema={"type": "string", "format": "cidr", "minLength": 2, "maxLength": 43},
            code=Code.INVALID_CIDR,
            must="a network such as 203.0.113.0/24 or 2001:db8::/32, without host bits",
            allows=lambda text: _network(text) is not None,
        ),
    }


def read_request(raw_query: str, settings: Settings) -> MintRequest:
    """The request in a raw query string.

    Raises:
        Refused: the query is malformed, or a parameter is missing, unknown or out of its range.
    """
    given, fields = read_query(raw_query), parameters(settings)
    wanted = MintRequest(**checked_query(given, fields))
    for name in ("resume_by", "resume_factor"):
        if name in given and not wanted.resume:
            raise Refused(fields[name].code, f"{name} goes with resume, which is 0 or missing.")
    if wanted.resume_by == "address" and wanted.max_claims > 1:
        raise Refused(Code.INVALID_RESUME_BY, "resume_by=address goes with max_claims=1 only.")
    return replace(wanted, cidr=_network(wanted.cidr) if wanted.cidr else None)


def _network(text: str) -> str | None:
    """A network in the one spelling that the guard reads; None if `text` isn't one, or has a scope."""
    try:
        return None if "%" in text else str(ip_network(text))
    except ValueError:
        return None
