"""RSA and ECDSA decide as `cryptography` does, for good signatures and for every bad one that Hypothesis
finds."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric import rsa as their_rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from onetime_urls.protocol.tokens import ecdsa, rsa
from tests.tokens import SigningKey, ec_key, rsa_key

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
scalars = st.integers(0, 1 << 256) | st.sampled_from([0, 1, 2, ecdsa.N - 1, ecdsa.N, ecdsa.N + 1, ecdsa.P])


def theirs_rsa(n: int, e: int, digest: str, message: bytes, signature: bytes) -> bool:
    try:
        key = their_rsa.RSAPublicNumbers(e, n).public_key()
        key.verify(signature, message, padding.PKCS1v15(), HASHES[digest])
    except InvalidSignature:
        return False
    return True


def theirs_ecdsa(public: ecdsa.Point, message: bytes, signature: bytes) -> bool:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicNumbers(*public, ec.SECP256R1()).public_key()
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@given(st.binary(max_size=100), st.sampled_from(["RS256", "RS384", "RS512"]), st.data())
def test_rsa_agrees_with_cryptography(message: bytes, algorithm: str, data: st.DataObject) -> None:
    public = rsa_key("one").public_key().public_numbers()
    digest = f"sha{algorithm[2:]}"
    signature = SigningKey(algorithm=algorithm).sign(message)
    assert rsa.verify(public.n, public.e, digest, message, signature)
    altered = bytearray(signature)
    altered[data.draw(st.integers(0, 255))] ^= data.draw(st.integers(0, 255))
    for each in (bytes(altered), signature + b"\0", b"\0" + signature, signature[1:], b""):
        ours = rsa.verify(public.n, public.e, digest, message, each)
        assert ours is theirs_rsa(public.n, public.e, digest, message, each)
    other = data.draw(st.sampled_from(sorted(HASHES)))
    assert rsa.verify(public.n, public.e, other, message, signature) is (other == digest)


def test_a_signature_as_large_as_its_modulus_is_refused() -> None:
    """Adding n leaves its power as it was: one signature would have a second spelling."""
    public = rsa_key("one").public_key().public_numbers()
    message = b"message"
    signature = int.from_bytes(SigningKey().sign(message), "big")
    for number in (signature + public.n, public.n, public.n + 1):
        assert not rsa.verify(public.n, public.e, "sha256", message, number.to_bytes(257, "big"))
        if number < 1 << 2048:
            assert not rsa.verify(public.n, public.e, "sha256", message, number.to_bytes(256, "big"))


def test_anything_but_the_one_block_is_refused() -> None:
    """Blocks that lax readers of the padding take: trailing garbage, short padding, no NULL, other types."""
    private = rsa_key("one").private_numbers()
    n, message = private.public_numbers.n, b"message"
    digest = hashes.Hash(hashes.SHA256())
    digest.update(message)
    hashed = digest.finalize()
    info = rsa.DIGEST_INFO["sha256"] + hashed
    without_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + hashed
    right = b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info
    blocks = [
        b"\x00\x01" + b"\xff" * 8 + b"\x00" + info + b"\x00" * (245 - len(info)),
        b"\x00\x01" + b"\xff" * (253 - len(info) - 5) + b"\x00" + info + b"abcde",
        b"\x00\x01" + b"\xff" * (253 - len(without_null)) + b"\x00" + without_null,
        b"\x00\x02" + b"\xff" * (253 - len(info)) + b"\x00" + info,
        b"\x00\x01" + b"\xff" * (253 - len(hashed)) + b"\x00" + hashed,
        b"\x00\x01" + b"\xfe" * (253 - len(info)) + b"\x00" + info,
    ]

    def signed(block: bytes) -> bytes:
        assert len(block) == 256
        return pow(int.from_bytes(block, "big"), private.d, n).to_bytes(256, "big")

    assert rsa.verify(n, 65537, "sha256", message, signed(right))
    assert not any(rsa.verify(n, 65537, "sha256", message, signed(block)) for block in blocks)


@pytest.mark.parametrize(
    ("bits", "e"),
    [(1024, 65537), (2047, 65537), (4097, 65537), (2048, 1), (2048, 2), (2048, 65536), (2048, 1 << 32)],
)
def test_a_key_that_is_too_short_too_long_or_odd_in_its_exponent_is_unusable(bits: int, e: int) -> None:
    assert not rsa.is_usable((1 << bits) - 1, e)
    assert rsa.is_usable((1 << 2048) - 1, 65537)
    assert not rsa.is_usable((1 << 2048) - 2, 65537)


@given(st.binary(max_size=100), st.data())
def test_ecdsa_agrees_with_cryptography(message: bytes, data: st.DataObject) -> None:
    key = SigningKey(algorithm="ES256", private=data.draw(st.sampled_from(["one", "two"])))
    point = ec_key(key.private).public_key().public_numbers()
    public = (point.x, point.y)
    signature = key.sign(message)
    assert ecdsa.verify(public, message, signature)
    altered = bytearray(signature)
    altered[data.draw(st.integers(0, 63))] ^= data.draw(st.integers(0, 255))
    assert ecdsa.verify(public, message, bytes(altered)) is theirs_ecdsa(public, message, bytes(altered))
    for each in (signature + b"\0", signature[:63], b"", signature[32:]):
        assert not ecdsa.verify(public, message, each)


@given(scalars, scalars)
def test_ecdsa_refuses_numbers_out_of_range_and_others_as_cryptography_does(r: int, s: int) -> None:
    point = ec_key("one").public_key().public_numbers()
    public = (point.x, point.y)
    if r < 1 << 256 and s < 1 << 256:
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert ecdsa.verify(public, b"message", signature) is theirs_ecdsa(public, b"message", signature)


@given(st.sampled_from([1, 2, 3, ecdsa.N - 1, ecdsa.N - 2]), st.binary(max_size=20))
def test_ecdsa_is_right_where_the_public_key_is_a_multiple_of_the_base_point(d: int, message: bytes) -> None:
    """Then the two tables of multiples share points, and additions meet doublings and inverses."""
    private = ec.derive_private_key(d, ec.SECP256R1())
    point = private.public_key().public_numbers()
    der = private.sign(message, ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert ecdsa.verify((point.x, point.y), message, signature)
    assert not ecdsa.verify((point.x, point.y), message + b"x", signature)


@pytest.mark.parametrize("point", [(0, 0), (1, 1), (ecdsa.P, ecdsa.G[1]), (ecdsa.G[0], ecdsa.G[1] + ecdsa.P)])
def test_what_is_no_point_of_the_curve_is_no_key(point: ecdsa.Point) -> None:
    assert not ecdsa.is_on_curve(*point)
    assert ecdsa.is_on_curve(*ecdsa.G)
