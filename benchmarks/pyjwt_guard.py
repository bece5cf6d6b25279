"""The token guard that one would write with PyJWT, kept as a yardstick of `make bench`.

It decides as ours does, with the same reading of requests and the same rules; PyJWT's own client fetches the
issuer's keys and `cryptography` verifies. Nothing deploys it.
"""

import json
import os
import ssl
from typing import Any

import jwt

from onetime_urls.protocol.private_assets import GuardSettings
from onetime_urls.protocol.rules import may_read
from token_guard.answers import refuse
from token_guard.refusals import FORBIDDEN, INVALID, Refusal
from token_guard.requests import forward, read_request

SETTINGS = GuardSettings.from_plain(json.loads(os.environ["BENCH_SETTINGS"]))
ISSUER = SETTINGS.issuers[0]

# urllib makes this context with its first https connection; the issuer on loopback speaks http.
_tls = ssl.create_default_context()
_keys = jwt.PyJWKClient(str(ISSUER.keys_url))
_keys.get_signing_keys()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """CloudFront viewer request; returns a request to forward or a response."""
    request = event["Records"][0]["cf"]["request"]
    asked = read_request(request, SETTINGS)
    if isinstance(asked, Refusal):
        return refuse(asked, headers={})
    try:
        key = _keys.get_signing_key_from_jwt(asked.token)
        claims = jwt.decode(
            asked.token,
            key.key,
            algorithms=["RS256", "RS384", "RS512", "ES256"],
            audience=list(ISSUER.audience),
            issuer=ISSUER.url,
        )
    except jwt.PyJWTError:
        return refuse(INVALID, headers={})
    if not may_read(SETTINGS.rules, claims, asked.key):
        return refuse(FORBIDDEN, headers={})
    return forward(request, asked)
