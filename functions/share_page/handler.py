"""Refuses what didn't come through the distribution, before anything of it is read. Lambda calls `handler`.

The page is open to everybody, and so is the HTTP API's own address, which no web ACL of the distribution
protects. Only the distribution's origin sends the secret. A request without it is answered by this module
alone: nothing of it is parsed and nothing logged. (The API's access log has the sender's address.)
"""

import hmac
import os
from typing import Any

from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.headers import SHARE_ORIGIN_HEADER
from share_page.app import answer

SHORTEST_SECRET = 32
"""Characters. The stack makes one of 48."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0. A function without a secret lets nobody in."""
    secret, given = os.environ.get(Variable.ORIGIN_SECRET, ""), event.get("headers") or {}
    known = hmac.compare_digest(given.get(SHARE_ORIGIN_HEADER, "").encode(errors="replace"), secret.encode())
    if not known or len(secret) < SHORTEST_SECRET:
        return {"statusCode": 403, "headers": {"Cache-Control": "no-store"}, "body": ""}
    return answer(event, context)
