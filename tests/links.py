"""Makes links as the issuer mints them, and spells them in other ways. Shared by the tests."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from onetime_urls.protocol.links.canonical import Target
from onetime_urls.protocol.links.nonce import make_nonce
from onetime_urls.protocol.links.record import LinkRecord
from onetime_urls.protocol.paths import key_problem, percent_encode

NOW = 1_800_000_000
"""2027-01-15T08:00:00Z, the tests' present."""

NONCE_KEY = b"an invented key of nonces"

TOKEN = "7f3c0b5e9d8a4c6f8e2b1a0d9c8b7a65"

keys = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40
).filter(lambda key: key_problem(key) is None)
"""Object keys that can be minted."""


def make_target(key: str = "reports/2027 q1.pdf", *, version_id: str | None = "v1", **changed: str) -> Target:
    """A target with every parameter that the issuer signs; `changed` replaces some, with `_` for `-`."""
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "ASIAEXAMPLEEXAMPLE00/20270115/us-east-1/s3/aws4_request",
        "X-Amz-Date": "20270115T075900Z",
        "X-Amz-Expires": "960",
        "X-Amz-Security-Token": "IQoJ+b3JpZ2lu/X2VjEXAMPLE==",
        "X-Amz-Signature": "a" * 63 + "0",
        "X-Amz-SignedHeaders": "host;x-claim-token",
        "x-link-nonce": make_nonce(NONCE_KEY, "0123456789abcdef0123456789abcdef", key),
        "response-content-disposition": 'attachment; filename="q1.pdf"',
    }
    if version_id is not None:
        parameters["versionId"] = version_id
    return Target(key, parameters | {name.replace("_", "-"): value for name, value in changed.items()})


def make_resumable(size: int = 1000, *, window: int = 300, factor: int = 2, **changed: Any) -> Target:
    """A target with the terms of a link that can be resumed for `window` seconds after a claim."""
    return make_target(
        x_link_size=str(size),
        x_link_resume=str(window),
        x_link_budget=str(size * factor),
        **{"X_Amz_Expires": str(960 + window)} | changed,
    )


def make_record(target: Target, **changed: Any) -> LinkRecord:
    """The record of `target`, valid for 15 minutes from `NOW` unless `changed`."""
    fields: dict[str, Any] = {
        "signature": target.signature,
        "fingerprint": target.fingerprint,
        "claim_token": TOKEN,
        "object_key": target.key,
        "etag": '"9b2cf535f27731c974343645a3985328"',
        "size": 1234,
        "issued_at": NOW,
        "expires_at": NOW + 900,
        "ttl": NOW + 900 + 86_400,
        "version_id": target.parameters.get("versionId"),
    }
    return LinkRecord(**fields | changed)


def viewer_event(
    uri: str, querystring: str, *, method: str = "GET", request_id: str = "r-1", **headers: str
) -> Any:
    """A viewer-request event, as in the CloudFront Developer Guide, "Lambda@Edge event structure"."""
    named = {"host": "d111111abcdef8.cloudfront.net", "user-agent": "curl/8.5.0", "accept": "*/*"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": request_id,
    }
    request = {
        "clientIp": "203.0.113.7",
        "headers": {name: [{"key": name, "value": value}] for name, value in named.items()},
        "method": method,
        "querystring": querystring,
        "uri": uri,
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}


@st.composite
def respellings(draw: st.DrawFn, target: Target) -> tuple[str, str]:
    """Another spelling of the same link: path and query."""
    parameters = draw(st.permutations(sorted(target.parameters.items())))
    length = len(target.key.encode()) + sum(len(text.encode()) for pair in parameters for text in pair)
    ways = iter(draw(st.binary(min_size=length, max_size=length)))
    query = "&".join(f"{_respell(ways, name)}={_respell(ways, value)}" for name, value in parameters)
    return "/" + _respell(ways, target.key, slashes=draw(st.booleans())), query


def _respell(ways: Iterator[int], text: str, *, slashes: bool = False) -> str:
    """Spell each byte in one of the ways that decode to it: the next of `ways`."""
    spelt = []
    for byte in text.encode():
        character = chr(byte)
        choices = [f"%{byte:02X}", f"%{byte:02x}"]
        if (
            percent_encode(character) == character
            or (slashes and character == "/")
            or character in "!$'()*,;:@+"
        ):
            choices.append(character)
        spelt.append(choices[next(ways) % len(choices)])
    return "".join(spelt)
