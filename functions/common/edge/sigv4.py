"""Signs JSON requests to AWS with Signature Version 4.

The rules are those of the IAM User Guide, "Create a signed AWS API request", reduced to what the guards send:
`POST /` without a query, with a fixed set of headers. So the canonical request is written rather than
computed. The tests hold it to botocore's signer, byte for byte.
"""

import hmac
import time
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple


class Credentials(NamedTuple):
    """The function's own role, as Lambda puts it into the environment."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id})"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Credentials":
        """Those in an environment."""
        return cls(
            environ["AWS_ACCESS_KEY_ID"], environ["AWS_SECRET_ACCESS_KEY"], environ.get("AWS_SESSION_TOKEN")
        )


def sign(
    payload: bytes,
    *,
    content_type: str,
    host: str,
    target: str,
    credentials: Credentials,
    region: str,
    service: str,
    now: float,
) -> str:
    """A request's headers with the one that authenticates it, as lines of `name:value`.

    Args:
        payload: the body.
        content_type, host, target: the headers Content-Type, Host and X-Amz-Target.
        now: epoch seconds. AWS accepts five minutes of difference.
    """
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    names, session = "content-type;host;x-amz-date;x-amz-target", ""
    if credentials.session_token:
        names = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
        session = f"x-amz-security-token:{credentials.session_token}\n"
    headers = (
        f"content-type:{content_type}\nhost:{host}\nx-amz-date:{stamp}\n{session}x-amz-target:{target}\n"
    )
    request = f"POST\n/\n\n{headers}\n{names}\n{sha256(payload).hexdigest()}"
    signed = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    signature = _begun(credentials.secret_access_key, stamp[:8], region, service).copy()
    signature.update(signed.encode())
    return (
        f"{headers}authorization:AWS4-HMAC-SHA256 Credential={credentials.access_key_id}/{scope},"
        f" SignedHeaders={names}, Signature={signature.hexdigest()}\n"
    )


@lru_cache(maxsize=4)
def _begun(secret: str, date: str, region: str, service: str) -> hmac.HMAC:
    """A day's signature, keyed and begun. OpenSSL takes longer for that than for the rest."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, digestmod="sha256")
