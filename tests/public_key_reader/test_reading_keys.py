"""The custom resource that reads a signing key: what CloudFormation is told."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from moto import mock_aws

from public_key_reader.handler import handler, pem
from tests.client.servers import answering

UNKNOWN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with mock_aws():
        yield boto3.client("kms", region_name="us-east-1")


def told(kind: str, key: str) -> dict[str, Any]:
    """What CloudFormation gets to read."""
    with answering((200, b"")) as (address, asked):
        handler(
            {
                "RequestType": kind,
                "ResponseURL": f"{address}/?signature=x",
                "StackId": "stack",
                "RequestId": "request",
                "LogicalResourceId": "Pem",
                "ResourceProperties": {"Key": key},
            },
            None,
        )
    [request] = asked
    assert (request.method, request.headers["content-type"]) == ("PUT", "")
    read: dict[str, Any] = json.loads(request.body)
    assert (read["StackId"], read["RequestId"], read["LogicalResourceId"]) == ("stack", "request", "Pem")
    assert read["PhysicalResourceId"] == key
    return read


@pytest.mark.parametrize(
    ("spec", "kind"), [("RSA_2048", rsa.RSAPublicKey), ("ECC_NIST_P256", ec.EllipticCurvePublicKey)]
)
def test_the_public_half_comes_as_pem_that_others_read(kms: Any, spec: str, kind: type) -> None:
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec=spec)["KeyMetadata"]["Arn"]
    for request in ("Create", "Update"):
        answer = told(request, key)
        assert answer["Status"] == "SUCCESS"
        assert isinstance(load_pem_public_key(answer["Data"]["Pem"].encode()), kind)


def test_deleting_asks_nobody_and_succeeds(kms: Any) -> None:
    assert told("Delete", UNKNOWN)["Status"] == "SUCCESS"


def test_a_key_that_isnt_there_fails_the_deployment_with_a_reason(kms: Any) -> None:
    answer = told("Create", UNKNOWN)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"KMS gives no public key of {UNKNOWN}: ")


def test_lines_of_pem_have_64_characters() -> None:
    lines = pem(bytes(294)).splitlines()
    assert {len(line) for line in lines[1:-2]} == {64}
