"""Where MiniStack's S3 is milder or terser than AWS's, and a template could pass here that fails there.

- S3 refuses a request with two auth mechanisms: a presigned query plus the Authorization header that an
  origin access identity or control makes CloudFront add ("Restrict access to an Amazon S3 origin": signing
  behaviours `always` and `no-override`).
- S3 answers a wrong signature with the canonical request, values of signed headers included ("Troubleshoot
  signed requests for AWS APIs", IAM User Guide). A secret that is sent as a signed header is printed.
- S3 answers with the headers that a signed request chooses (S3 API Reference, "GetObject": overriding
  response header values). MiniStack does so too, but not where the query names a version (nor does it heed
  Range there: `ranges`).
- MiniStack adds a request id of its own, and no Server header.
"""

import hashlib
import re
from dataclasses import replace
from urllib.parse import quote, unquote_to_bytes
from xml.sax.saxutils import escape

from local_cloud.edge.messages import Headers, Request, Response, first, without
from local_cloud.edge.model import Origin
from local_cloud.edge.responses import whole

_OVERRIDES = {
    "response-cache-control": "Cache-Control",
    "response-content-disposition": "Content-Disposition",
    "response-content-encoding": "Content-Encoding",
    "response-content-language": "Content-Language",
    "response-content-type": "Content-Type",
    "response-expires": "Expires",
}
_XML = (("Content-Type", "application/xml"), ("Server", "AmazonS3"))


def two_mechanisms(origin: Origin, request: Request) -> bool:
    """Whether S3 would find both a presigned query and an Authorization header on this origin request."""
    presigned = {"X-Amz-Algorithm", "X-Amz-Signature", "Signature"} & _parameters(request.querystring).keys()
    signed = origin.identity in {"origin-access-identity", "always", "no-override"}
    return bool(presigned) and (signed or first(request.headers, "authorization") is not None)


def signed(origin: Origin, request: Request, credential: str) -> Request:
    """The origin request as an origin access control leaves it.

    `always` overwrites an Authorization header, `no-override` lets the viewer's stand where it is forwarded
    ("Restrict access to an Amazon S3 origin": advanced settings). `credential` stands for the distribution's
    signature.
    """
    if not origin.signs or (
        origin.identity == "no-override" and first(request.headers, "authorization") is not None
    ):
        return request
    headers = without(request.headers, {"authorization"})
    return replace(request, headers=(*headers, ("Authorization", credential)))


def only_one_mechanism(request_id: str) -> Response:
    """S3's refusal of such a request."""
    document = _error(
        {
            "Code": "InvalidArgument",
            "Message": "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
            "ArgumentName": "Authorization",
            "RequestId": request_id,
        }
    )
    return whole(400, _XML, document)


def invalid_range(request: Request, headers: Headers) -> Response:
    """S3's refusal of a range that begins behind the object's end, whose own headers are `headers`."""
    size = first(headers, "content-length") or ""
    document = _error(
        {
            "Code": "InvalidRange",
            "Message": "The requested range is not satisfiable",
            "RangeRequested": first(request.headers, "range") or "",
            "ActualObjectSize": size,
            "RequestId": first(headers, "x-amz-request-id") or "",
            "HostId": first(headers, "x-amz-id-2") or "",
        }
    )
    return whole(416, (*_XML, ("Content-Range", f"bytes */{size}")), document)


def as_s3_sends(status: int, headers: Headers, request: Request) -> Headers:
    """The headers of MiniStack's response to `request` as S3 would send them."""
    headers = without(headers, {"x-amzn-requestid"})
    if first(headers, "server") is None:
        headers = (*headers, ("Server", "AmazonS3"))
    if status not in (200, 206):
        return headers
    parameters = _parameters(request.querystring)
    chosen = tuple((name, parameters[key]) for key, name in _OVERRIDES.items() if parameters.get(key))
    return (*without(headers, {name.lower() for name, _ in chosen}), *chosen)


def may_be_talkative(status: int, request: Request) -> bool:
    """Whether a response could be the one that `talkative` rewrites, so that its body has to be read."""
    return status == 403 and "X-Amz-Signature" in _parameters(request.querystring)


def talkative(response: Response, body: bytes, request: Request) -> Response | None:
    """S3's whole answer to a wrong signature, from MiniStack's bare one; None for any other answer.

    `request` is what was sent to the origin, its path included.
    """
    if b"<Code>SignatureDoesNotMatch</Code>" not in body:
        return None
    parameters = _parameters(request.querystring)
    canonical = canonical_request(request)
    scope = parameters.get("X-Amz-Credential", "").split("/")
    to_sign = "\n".join(
        [
            parameters.get("X-Amz-Algorithm", ""),
            parameters.get("X-Amz-Date", ""),
            "/".join(scope[1:]),
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    message = re.search(rb"<Message>(.*?)</Message>", body, re.DOTALL)
    document = _error(
        {
            "Code": "SignatureDoesNotMatch",
            "Message": message.group(1).decode("utf-8", "replace") if message else "",
            "AWSAccessKeyId": scope[0],
            "StringToSign": to_sign,
            "SignatureProvided": parameters.get("X-Amz-Signature", ""),
            "StringToSignBytes": to_sign.encode().hex(" "),
            "CanonicalRequest": canonical,
            "CanonicalRequestBytes": canonical.encode().hex(" "),
            "RequestId": first(response.headers, "x-amz-request-id") or "",
            "HostId": first(response.headers, "x-amz-id-2") or "",
        }
    )
    return whole(response.status, response.headers, document)


def canonical_request(request: Request) -> str:
    """What S3 hashes for a presigned request, with the signed headers' values as they were received.

    Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters". The path is encoded
    once and not normalised.
    """
    parameters = _parameters(request.querystring)
    signed = parameters.get("X-Amz-SignedHeaders", "").split(";")
    pairs = sorted((_encoded(k), _encoded(v)) for k, v in parameters.items() if k != "X-Amz-Signature")
    lines = [f"{name}:{' '.join(','.join(_values(request.headers, name)).split())}\n" for name in signed]
    return "\n".join(
        [
            request.method,
            _encoded(request.uri, safe="/"),
            "&".join(f"{name}={value}" for name, value in pairs),
            "".join(lines),
            ";".join(signed),
            "UNSIGNED-PAYLOAD",
        ]
    )


def _values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


def _parameters(querystring: str) -> dict[str, str]:
    """Parameters decoded to Latin-1 text; of a repeated one the last."""
    pairs = (each.partition("=") for each in querystring.split("&") if each)
    return {_decoded(name): _decoded(value) for name, _, value in pairs}


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("latin-1")


def _encoded(text: str, safe: str = "") -> str:
    return quote(unquote_to_bytes(text) if safe else text.encode("latin-1"), safe=f"{safe}-_.~")


def _error(fields: dict[str, str]) -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()
