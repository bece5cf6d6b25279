"""Which key of nonces a mint takes, while the key is rotated."""

import json

import boto3
import pytest
from moto import mock_aws

from common.link_minting.aws import read_nonce_key
from onetime_urls.protocol.links.nonce import ASKED_AGAIN_AFTER, MINTED_WITH_AFTER


@pytest.mark.parametrize(
    ("age", "value", "key"),
    [
        (0, {"nonce_key": "new", "previous_nonce_key": "old"}, b"old"),
        (MINTED_WITH_AFTER - 1, {"nonce_key": "new", "previous_nonce_key": "old"}, b"old"),
        (MINTED_WITH_AFTER + 1, {"nonce_key": "new", "previous_nonce_key": "old"}, b"new"),
        (0, {"nonce_key": "first", "previous_nonce_key": ""}, b"first"),
        (0, {"nonce_key": "first"}, b"first"),
    ],
)
def test_a_new_key_is_minted_with_once_every_guard_may_know_it(
    age: float, value: dict[str, str], key: bytes
) -> None:
    with mock_aws():
        ssm = boto3.client("ssm", region_name="us-east-1")
        ssm.put_parameter(Name="/p", Value=json.dumps({"table": "arn"} | value), Type="String")
        written = ssm.get_parameter(Name="/p")["Parameter"]["LastModifiedDate"].timestamp()
        assert read_nonce_key(ssm, "/p", written + age, lambda: 5_000) == key


def test_a_guard_that_read_the_keys_before_a_rotation_may_ask_again_when_it_sees_the_new_key() -> None:
    assert ASKED_AGAIN_AFTER < MINTED_WITH_AFTER
