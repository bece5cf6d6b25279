"""Decides whether a request to a behaviour with trusted key groups is signed: CloudFront's signed URLs and
signed cookies.

Sources, in the CloudFront Developer Guide: "Use signed URLs" and "Use signed cookies" (canned and custom
policies, their encoding, wildcards, dates and addresses); "Decide to use signed URLs or signed cookies" (a
URL with one of the parameters is a signed one, and cookies aren't looked at); "Specify signers that can
create signed URLs and signed cookies". Codes and messages of refusals are those that CloudFront is seen to
send; where no page tells which it is, it is AccessDenied. docs/local-edge.md lists what no page tells.
"""

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from local_cloud.edge.messages import Headers, Request, joined, without
from local_cloud.edge.model import PublicKey

_MARKS = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id"})
_PARAMETERS = _MARKS | {"Hash-Algorithm"}
_COOKIE = "CloudFront-"
_LATEST = 2_147_483_647  # epoch seconds: the last date that a policy can name
_DIGESTS = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256}


class Refused(Exception):
    """The request isn't signed as the behaviour asks; CloudFront's code and message."""

    def __init__(self, code: str = "AccessDenied", message: str = "Access denied") -> None:
        super().__init__(code)
        self.code = code
        self.document = (
            f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code>'
            f"<Message>{message}</Message></Error>"
        ).encode()


class _Malformed(Refused):
    """A policy that CloudFront can't read."""

    def __init__(self) -> None:
        super().__init__("MalformedPolicy", "Malformed Policy")


@dataclass(frozen=True, slots=True)
class _Policy:
    """A policy statement; `resource` None is any URL, dates are epoch seconds."""

    resource: str | None
    before: int
    after: int
    network: ipaddress.IPv4Network | None


def verified(request: Request, keys: Mapping[str, PublicKey], origins: Iterable[str], now: float) -> Request:
    """The request without what signed it.

    `keys` are those of the behaviour's key groups by their ids, `origins` the addresses (scheme and
    authority) of the distribution. Raises Refused.
    """
    bare = replace(
        request,
        querystring="&".join(_others(request.querystring.split("&"), _PARAMETERS)),
        headers=_without_cookies(request),
    )
    given = _parameters(request)
    if _MARKS.isdisjoint(given):
        # What a URL is told apart by isn't there: cookies decide.
        given = _cookies(request)
        bare = replace(bare, querystring=request.querystring)
    if not given.get("Key-Pair-Id"):
        raise Refused("MissingKey", "Missing Key-Pair-Id query parameter or cookie value")
    key = keys.get(given["Key-Pair-Id"])
    if key is None:
        raise Refused("InvalidKey", "Unknown Key")
    urls = [f"{each}{bare.target}" for each in origins]
    if "Policy" in given:
        document = _decoded(given["Policy"], _Malformed())
        policy = _read(document)
        signed = [document]
    else:
        if not re.fullmatch("[0-9]{1,10}", given.get("Expires", ""), re.ASCII):
            raise _Malformed
        signed = [canned(each, int(given["Expires"])) for each in urls]
        policy = _Policy(None, _epoch(int(given["Expires"])), 0, None)
    if not any(_is_by(key, given, each) for each in signed):
        raise Refused
    _hold(policy, urls, request.client_ip, now)
    return bare


def canned(url: str, expires: int) -> bytes:
    """The policy that a signed URL without one stands for."""
    condition = {"DateLessThan": {"AWS:EpochTime": expires}}
    statement = {"Statement": [{"Resource": url, "Condition": condition}]}
    return json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode("latin-1")


def _hold(policy: _Policy, urls: Iterable[str], address: str, now: float) -> None:
    """Raises Refused unless the policy allows one of these URLs (they name one object) to the viewer now."""
    if not policy.after <= now < policy.before:
        raise Refused
    if policy.network is not None and ipaddress.ip_address(address) not in policy.network:
        raise Refused
    if policy.resource is not None:
        wildcards = {"*": ".*", "?": "."}
        expression = "".join(wildcards.get(each, re.escape(each)) for each in policy.resource)
        if not any(re.fullmatch(expression, each, re.DOTALL) for each in urls):
            raise Refused


def _read(document: bytes) -> _Policy:
    try:
        [statement] = _object(json.loads(document), {"Statement"})["Statement"]
        statement = _object(statement, {"Resource", "Condition"})
        condition = _object(statement["Condition"], {"DateLessThan", "DateGreaterThan", "IpAddress"})
        resource = statement.get("Resource")
        if not (resource is None or isinstance(resource, str)):
            raise _Malformed
        return _Policy(
            resource=resource,
            before=_date(condition["DateLessThan"]),
            after=_date(condition["DateGreaterThan"]) if "DateGreaterThan" in condition else 0,
            network=_network(condition["IpAddress"]) if "IpAddress" in condition else None,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _Malformed from None


def _object(value: Any, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() - names:
        raise _Malformed
    return value


def _date(value: Any) -> int:
    return _epoch(_object(value, {"AWS:EpochTime"})["AWS:EpochTime"])


def _epoch(seconds: Any) -> int:
    if type(seconds) is not int or not 0 <= seconds <= _LATEST:
        raise _Malformed
    return seconds


def _network(value: Any) -> ipaddress.IPv4Network:
    address = _object(value, {"AWS:SourceIp"})["AWS:SourceIp"]
    if not isinstance(address, str):
        raise _Malformed
    return ipaddress.IPv4Network(address, strict=False)


def _is_by(key: PublicKey, given: Mapping[str, str], document: bytes) -> bool:
    made = _DIGESTS.get(given.get("Hash-Algorithm", "SHA1"))
    if made is None:
        return False
    signature = _decoded(given.get("Signature", ""), Refused())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, document, padding.PKCS1v15(), made())
        else:
            key.verify(signature, document, ec.ECDSA(made()))
    except InvalidSignature:
        return False
    return True


def _decoded(text: str, refusal: Refused) -> bytes:
    """CloudFront's Base64, which has `-`, `_` and `~` where `+`, `=` and `/` couldn't stand in a URL."""
    try:
        return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)
    except (binascii.Error, ValueError):
        raise refusal from None


def _parameters(request: Request) -> dict[str, str]:
    pairs = [each.partition("=") for each in request.querystring.split("&")]
    named = [(name, unquote(value)) for name, _, value in pairs if name in _PARAMETERS]
    if len(named) != len(dict(named)):
        raise Refused  # which of two values counts, nobody tells
    return dict(named)


def _cookies(request: Request) -> dict[str, str]:
    """Of several cookies with one name the first: browsers send the most specific path's first."""
    found: dict[str, str] = {}
    for each in (joined(request.headers, "cookie") or "").replace(", ", "; ").split(";"):
        name, _, value = each.strip().partition("=")
        found.setdefault(name, value)
    return {each: found[_COOKIE + each] for each in _PARAMETERS if _COOKIE + each in found}


def _without_cookies(request: Request) -> Headers:
    cookies = joined(request.headers, "cookie")
    if cookies is None:
        return request.headers
    pairs = [each.strip() for each in cookies.replace(", ", "; ").split(";")]
    kept = "; ".join(each for each in _others(pairs, {_COOKIE + each for each in _PARAMETERS}) if each)
    headers = without(request.headers, {"cookie"})
    return (*headers, ("Cookie", kept)) if kept else headers


def _others(pairs: Iterable[str], names: Collection[str]) -> list[str]:
    return [each for each in pairs if each.partition("=")[0] not in names]
