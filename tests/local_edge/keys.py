"""Key pairs for signed URLs, as anybody would make them with `cryptography`."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


@dataclass(frozen=True)
class KeyPair:
    """A private key that CloudFront's rules allow."""

    private: Any

    @property
    def pem(self) -> str:
        """The public half, in PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return str(self.private.public_key().public_bytes(serialization.Encoding.PEM, form).decode())

    def sign(self, message: bytes, digest: str = "SHA1") -> bytes:
        """A signature, PKCS#1 v1.5 or ECDSA in DER."""
        made: Any = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256}[digest]()
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(message, padding.PKCS1v15(), made)
        return bytes(self.private.sign(message, ec.ECDSA(made)))


def rsa_key(size: int = 2048) -> KeyPair:
    return KeyPair(rsa.generate_private_key(65537, size))


def p256_key() -> KeyPair:
    return KeyPair(ec.generate_private_key(ec.SECP256R1()))
