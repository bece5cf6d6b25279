"""Verifies RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2).

The whole encoded message is built and compared as one number, instead of taken apart: no padding, no length
and no parameter of the signature's own is ever read, so there is nothing in it to be forged (Bleichenbacher
2006, CVE-2006-4339 and its many descendants).
"""

import hashlib

DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
"""DER of each hash's identifier with its NULL parameter, up to the hash (RFC 8017, section 9.2, note 1)."""

MIN_BITS, MAX_BITS = 2048, 4096
"""RFC 7518 (section 3.3) demands 2048. More than 4096 would cost a small function too much for each token."""


def is_usable(n: int, e: int) -> bool:
    """Whether a modulus and an exponent are what keys of issuers look like. An even or tiny exponent, or a
    huge one that only costs time, is none (NIST SP 800-56B, section 6.2, sets the lower limits)."""
    return MIN_BITS <= n.bit_length() <= MAX_BITS and n % 2 == 1 and e % 2 == 1 and 3 <= e < 1 << 32


def verify(n: int, e: int, digest: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the key's for `message`.

    Args:
        n, e: modulus and exponent, usable.
        digest: a name in `DIGEST_INFO`.
    """
    size = (n.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= n:
        return False
    ending = DIGEST_INFO[digest] + hashlib.new(digest, message).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(ending) - 3) + b"\x00" + ending
    return pow(number, e, n) == int.from_bytes(expected, "big")
