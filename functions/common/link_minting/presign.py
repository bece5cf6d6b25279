"""Writes the signed URL of one link, and reads it back the way that the edge guard will.

The URL is signed for the bucket's regional virtual host with botocore's own S3 query signer, rather
than with a client's `generate_presigned_url`: the host is then the distribution's origin by
construction, no endpoint setting can change it, and the two things that make it a one-time link are
plain arguments. A test holds both against each other.

    x-claim-token   a signed header that only the guard adds: the URL alone is worthless at S3
    x-link-nonce    a signed parameter, because SigV4 is deterministic: without it two links for one
                    object in one second would be the same link. S3 ignores unknown `x-` parameters
                    (S3 User Guide, "Logging requests with server access logging": custom access
                    log information)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from common.link_minting.credentials import SignerCredentials
from onetime_urls.protocol.contract.headers import CLAIM_TOKEN_HEADER
from onetime_urls.protocol.links.canonical import NONCE_PARAMETER, Target, parse_target
from onetime_urls.protocol.paths import percent_encode


@dataclass(frozen=True, slots=True)
class SignedTarget:
    """Everything of a link's URL but its host, as the guard reads it.

    Attributes:
        target: key and parameters, with the link's signature and fingerprint.
        issued_at: the URL's own date, epoch seconds. S3 counts the lifetime from it.
    """

    target: Target
    issued_at: int


def presign(
    *,
    origin: str,
    region: str,
    credentials: SignerCredentials,
    key: str,
    version_id: str | None,
    disposition: str,
    lifetime: int,
    claim_token: str,
    nonce: str,
    terms: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Sign a GET of the object, valid for `lifetime` seconds from now by this machine's clock.

    Args:
        origin: host that the URL is signed for, in `region`.
        version_id: None on a bucket without versioning.
        disposition: value of the `Content-Disposition` that S3 shall answer with.
        claim_token, nonce: 32 lower-case hex digits each.
        terms: further parameters for the guard, by their names in `onetime_urls.protocol.links.canonical`.

    Returns:
        Path and query, beginning with `/`.
    """
    parameters = {"response-content-disposition": disposition, NONCE_PARAMETER: nonce, **terms}
    if version_id is not None:
        parameters["versionId"] = version_id
    request = AWSRequest(
        method="GET",
        url=f"https://{origin}/{percent_encode(key, keep_slashes=True)}",
        params=parameters,
        headers={CLAIM_TOKEN_HEADER: claim_token},
    )
    session = Credentials(credentials.access_key, credentials.secret_key, credentials.token)
    S3SigV4QueryAuth(session, "s3", region, expires=lifetime).add_auth(request)
    return str(request.url).removeprefix(f"https://{origin}")


def read_back(path_and_query: str) -> SignedTarget:
    """Read a signed URL as the guard does: only what it accepts may be stored and handed out.

    Raises:
        Malformed: the guard would not accept it as any link's.
    """
    path, _, query = path_and_query.partition("?")
    target = parse_target(path, query)
    date = datetime.strptime(target.parameters["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return SignedTarget(target, int(date.timestamp()))
