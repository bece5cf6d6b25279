"""The signed URL: what the guard accepts, and what boto3's own presigner would have made."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st

from common.link_minting.credentials import SignerCredentials
from common.link_minting.disposition import content_disposition
from common.link_minting.presign import presign, read_back
from onetime_urls.protocol.paths import Malformed
from tests.common.link_minting.test_disposition import kinds, names
from tests.links import NOW, TOKEN, keys
from tests.url_issuer.world import SETTINGS

NONCE = "00112233445566778899aabbccddeeff" * 2
CREDENTIALS = SignerCredentials("ASIAEXAMPLE", "an-invented-secret", "IQoJ+b3Jp/Z2lu==", NOW, NOW + 3600)

version_ids = st.none() | st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)


@contextmanager
def present() -> Iterator[None]:
    """botocore's clock stands still."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("botocore.auth.get_current_datetime", lambda: datetime.fromtimestamp(NOW, UTC))
        yield


def sign(key: str, **changed: Any) -> str:
    arguments: dict[str, Any] = {
        "origin": SETTINGS.mint.origin,
        "region": SETTINGS.mint.bucket_region,
        "credentials": CREDENTIALS,
        "key": key,
        "version_id": "v1",
        "disposition": "attachment",
        "lifetime": 960,
        "claim_token": TOKEN,
        "nonce": NONCE,
    }
    with present():
        return presign(**arguments | changed)


def boto3_presigned(key: str, version_id: str | None, disposition: str) -> str:
    """The same link from boto3's public presigner, with the extras added as its request is signed."""
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="https://s3.us-east-1.amazonaws.com",
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        aws_session_token=CREDENTIALS.token,
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    )

    def add_extras(request: Any, **_: Any) -> None:
        request.url += f"&x-link-nonce={NONCE}"
        request.headers["x-claim-token"] = TOKEN

    client.meta.events.register("before-sign.s3.GetObject", add_extras)
    parameters = {"Bucket": SETTINGS.mint.bucket, "Key": key, "ResponseContentDisposition": disposition}
    if version_id is not None:
        parameters["VersionId"] = version_id
    with present():
        url: str = client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=960)
    return url


@given(keys, version_ids, kinds, names)
def test_boto3_s_presigner_makes_the_same_link(
    key: str, version_id: str | None, kind: str, name: str
) -> None:
    disposition = content_disposition(kind, name)
    theirs = boto3_presigned(key, version_id, disposition)
    assert urlsplit(theirs).netloc == SETTINGS.mint.origin
    ours = read_back(sign(key, version_id=version_id, disposition=disposition))
    assert read_back(theirs.removeprefix(f"https://{SETTINGS.mint.origin}")) == ours


@given(keys, version_ids, kinds, names)
def test_the_guard_reads_in_every_signed_url_what_was_signed(
    key: str, version_id: str | None, kind: str, name: str
) -> None:
    disposition = content_disposition(kind, name)
    signed = read_back(sign(key, version_id=version_id, disposition=disposition))
    assert signed.target.key == key
    assert signed.target.parameters.get("versionId") == version_id
    assert signed.target.parameters["response-content-disposition"] == disposition
    assert signed.target.parameters["x-link-nonce"] == NONCE
    assert signed.target.parameters["X-Amz-SignedHeaders"] == "host;x-claim-token"
    assert signed.target.parameters["X-Amz-Expires"] == "960"
    assert signed.issued_at == NOW


@pytest.mark.parametrize("key", ["//a//", "a b", "a+b", "a%2Fb", "a&b=c", "a#b", "a?b", "ключ/鍵", "é" * 512])
def test_a_key_stays_itself_in_the_url_s_path(key: str) -> None:
    path = sign(key).partition("?")[0]
    assert path.isascii()
    assert unquote(path) == "/" + key


def test_the_claim_token_is_signed_but_not_in_the_url() -> None:
    url = sign("a.txt")
    assert TOKEN not in url
    assert read_back(sign("a.txt", claim_token="0" * 32)).target.signature != read_back(url).target.signature


def test_another_nonce_makes_another_signature_in_the_same_second() -> None:
    assert (
        read_back(sign("a.txt", nonce="0" * 64)).target.signature != read_back(sign("a.txt")).target.signature
    )


def test_a_url_that_the_guard_would_refuse_is_not_read_back() -> None:
    with pytest.raises(Malformed):
        read_back(sign("a/../b"))
    with pytest.raises(Malformed):
        read_back(sign("a.txt", nonce="not-hex"))
