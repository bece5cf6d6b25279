"""Hands out a link that is stored: JSON for programs, or the bare URL for whoever asks for text.

`Accept: text/plain` is for the shell (`curl … | xargs curl -OJ`). Errors are not text even then:
their one shape is JSON (`errors`), and curl's `-f` keeps them out of a pipe.
"""

import json

from aws_lambda_powertools.event_handler import Response

from common.http_api.errors import NO_STORE
from common.http_api.negotiation import JSON, TEXT, preferred
from common.link_minting.mint import Link


def hand_out(link: Link, accept: str) -> Response[str]:
    """The 200 for a minted link.

    Args:
        accept: the request's `Accept` header, empty if there is none.
    """
    if preferred(accept, (JSON, TEXT), default=JSON) == TEXT:
        content_type, body = f"{TEXT}; charset=utf-8", link.url
    else:
        record = link.record
        content_type = JSON
        body = json.dumps(
            {
                "url": link.url,
                "id": record.signature,
                "key": record.object_key,
                "expires_at": record.expires_at,
                "expires_in": record.expires_at - record.issued_at,
                "size": record.size,
                "max_claims": record.max_claims,
                "resume": link.resume,
            }
        )
    return Response(status_code=200, content_type=content_type, body=body + "\n", headers=dict(NO_STORE))
