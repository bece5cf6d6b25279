"""Hands out a link that is stored: JSON for programs, or the bare URL for whoever asks for text.

`Accept: text/plain` is for the shell (`curl … | xargs curl -OJ`). Errors are not text even then:
their one shape is JSON (`errors`), and curl's `-f` keeps them out of a pipe.
"""

import json
import re

from aws_lambda_powertools.event_handler import Response

from url_issuer.errors import NO_STORE
from url_issuer.mint import Link

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)


def hand_out(link: Link, accept: str) -> Response[str]:
    """The 200 for a minted link.

    Args:
        accept: the request's `Accept` header, empty if there is none.
    """
    if prefers_text(accept):
        content_type, body = "text/plain; charset=utf-8", link.url
    else:
        record = link.record
        content_type = "application/json"
        body = json.dumps(
            {
                "url": link.url,
                "key": record.object_key,
                "expires_at": record.expires_at,
                "expires_in": record.expires_at - record.issued_at,
                "size": record.size,
                "max_claims": record.max_claims,
            }
        )
    return Response(status_code=200, content_type=content_type, body=body + "\n", headers=dict(NO_STORE))


def prefers_text(accept: str) -> bool:
    """Whether `accept` ranks plain text above JSON: by quality, then by being named more exactly.

    Media ranges and qualities are those of RFC 9110, section 12.5.1. A tie goes to JSON.
    """
    text = _rank("text/plain", accept)
    return text[0] > 0 and text > _rank("application/json", accept)


def _rank(media_type: str, accept: str) -> tuple[float, int]:
    """Quality and exactness (3 to 1) of the most exact range that covers `media_type`; zeros if none."""
    exactness = {media_type: 3, media_type.partition("/")[0] + "/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range in exactness:
            best = max(best, (exactness[media_range], _quality(parameters)))
    return best[1], best[0]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            return float(value) if _QUALITY.fullmatch(value) else 0.0
    return 1.0
