"""Makes tokens and key sets as an issuer does, and wrong ones as nobody should. Shared by the tests."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

NOW = 1_800_000_000
"""2027-01-15T08:00:00Z, the tests' present."""

ISSUER = "https://issuer.example.com/pool"
CLIENT = "client-1"

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def json_part(value: Any) -> str:
    """A value as a part of a token; text and bytes go in as they are."""
    if isinstance(value, bytes):
        return base64url(value)
    return base64url((value if isinstance(value, str) else json.dumps(value)).encode())


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One private key for each name: making them takes time."""
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """One private key on P-256 for each name."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class SigningKey:
    """An issuer's key: signs tokens, and shows its public half as a JWK.

    Attributes:
        jwk_changes: what the JWK says otherwise; None takes a member out.
    """

    kid: str = "key-1"
    algorithm: str = "RS256"
    private: str = "one"
    jwk_changes: dict[str, Any] = field(default_factory=dict)

    def jwk(self) -> dict[str, Any]:
        numbers: dict[str, Any]
        if self.algorithm == "ES256":
            point = ec_key(self.private).public_key().public_numbers()
            numbers = {
                "kty": "EC",
                "crv": "P-256",
                "x": base64url(point.x.to_bytes(32, "big")),
                "y": base64url(point.y.to_bytes(32, "big")),
            }
        else:
            public = rsa_key(self.private).public_key().public_numbers()
            numbers = {"kty": "RSA", "n": base64url(public.n.to_bytes(256, "big")), "e": "AQAB"}
        made = {"kid": self.kid, "alg": self.algorithm, "use": "sig", **numbers, **self.jwk_changes}
        return {name: value for name, value in made.items() if value is not None}

    def sign(self, message: bytes) -> bytes:
        algorithm = _HASHES[self.algorithm[2:]]
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(ec_key(self.private).sign(message, ec.ECDSA(algorithm)))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return rsa_key(self.private).sign(message, padding.PKCS1v15(), algorithm)

    def token(self, claims: Any = None, header: Any = None, **changed: Any) -> str:
        """A token of good claims, `changed`; or of these claims and this header as they are."""
        if header is None:
            header = {"alg": self.algorithm, "kid": self.kid}
        signed = f"{json_part(header)}.{json_part(good_claims(**changed) if claims is None else claims)}"
        return f"{signed}.{base64url(self.sign(signed.encode()))}"


def good_claims(**changed: Any) -> dict[str, Any]:
    """Claims of a Cognito ID token for `CLIENT`, good for an hour; a value of None takes one out."""
    claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "user-1",
        "token_use": "id",
        "iat": NOW - 60,
        "exp": NOW + 3600,
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def key_set(*keys: SigningKey) -> bytes:
    """The document that an issuer publishes."""
    return json.dumps({"keys": [key.jwk() for key in keys]}).encode()
