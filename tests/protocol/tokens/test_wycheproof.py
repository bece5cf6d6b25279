"""Our verification decides as Project Wycheproof says that it must, case by case."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from onetime_urls.protocol.tokens import ecdsa, rsa
from onetime_urls.protocol.tokens.errors import InvalidToken
from onetime_urls.protocol.tokens.jws import read_jws
from onetime_urls.protocol.tokens.keys import find_key, read_keys

HERE = Path(__file__).parent / "wycheproof"


def groups(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gzip.decompress((HERE / f"{name}_test.json.gz").read_bytes()))[
        "testGroups"
    ]
    return found


@pytest.mark.parametrize(("digest", "cases"), [("sha256", 259), ("sha384", 258), ("sha512", 259)])
def test_rsa_decides_as_wycheproof_says(digest: str, cases: int) -> None:
    """What Wycheproof leaves open ("acceptable": a hash's identifier without its NULL) is refused."""
    seen = 0
    for group in groups(f"rsa_signature_2048_{digest}"):
        n, e = (int(group["publicKey"][name], 16) for name in ("modulus", "publicExponent"))
        assert rsa.is_usable(n, e)
        for case in group["tests"]:
            good = rsa.verify(n, e, digest, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert good is (case["result"] == "valid"), case["comment"]
            seen += 1
    assert seen == cases


def test_ecdsa_decides_as_wycheproof_says() -> None:
    seen = 0
    for group in groups("ecdsa_secp256r1_sha256_p1363"):
        public = (int(group["publicKey"]["wx"], 16), int(group["publicKey"]["wy"], 16))
        assert ecdsa.is_on_curve(*public)
        for case in group["tests"]:
            good = ecdsa.verify(public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert good is (case["result"] == "valid"), case["comment"]
            seen += 1
    assert seen == 262


def test_tokens_are_accepted_and_refused_as_wycheproof_says() -> None:
    seen = 0
    for group in json.loads((HERE / "json_web_signature_excerpt.json").read_text())["testGroups"]:
        keys = read_keys(json.dumps({"keys": [group["public"]]}).encode())
        for case in group["tests"]:
            try:
                token = read_jws(case["jws"])
                key = find_key(keys, token.kid)
                good = key is not None
                if key is not None:
                    key.verify(token)
            except InvalidToken:
                good = False
            assert good is (case["result"] == "valid"), case["comment"]
            seen += 1
    assert seen == 22
