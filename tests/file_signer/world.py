"""A deployment of the file signer: S3 and KMS on moto, a real issuer on loopback, a clock of the tests'."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from moto import mock_aws

from file_signer.handler import handler, settings, signed_files, verifier
from onetime_urls.protocol.rules import Rule, Rules
from tests.clients import kept_clients
from tests.token_guard.world import RULES, IssuerServer
from tests.tokens import NOW

BUCKET = "example-assets"
BASE_URL = "https://d111111abcdef8.cloudfront.net"
KEY_PAIR_ID = "K2JCJMDEHXQW5F"
ALGORITHMS = {"RSA_2048": "RSASSA_PKCS1_V1_5_SHA_256", "ECC_NIST_P256": "ECDSA_SHA_256"}
EVERYTHING = Rules((Rule("*"),))


@dataclass(frozen=True)
class Answer:
    """The function's answer: header names in lower case."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """Its code; every error has a sentence beside it."""
        assert self.json.keys() == {"error", "message"}
        code: str = self.json["error"]
        return code


@dataclass
class World:
    """One deployment.

    Attributes:
        now: epoch seconds.
        calls: names of the AWS API actions that were called.
    """

    s3: Any
    kms: Any
    key: str
    issuer: IssuerServer
    now: float = NOW
    calls: list[str] = field(default_factory=list)

    def put(self, *files: str) -> None:
        for file in files:
            self.s3.put_object(Bucket=BUCKET, Key=f"private/{file}", Body=b"hello\n")

    def token(self, **claims: Any) -> str:
        changed: dict[str, Any] = {"sub": "alice", **claims}
        return self.issuer.token(**changed)

    def ask(
        self,
        path: str,
        query: str = "",
        *,
        method: str = "GET",
        token: str | None = None,
        cookies: list[str] | None = None,
        seconds_left: float = 10.0,
        **headers: str,
    ) -> Answer:
        """A request in payload format 2.0; `headers` with underscores for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": sent,
            "requestContext": {
                "http": {"method": method, "path": path},
                "requestId": "JKJaXmPLvHcESHA=",
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }
        if cookies is not None:
            event["cookies"] = cookies
        answer = handler(event, _context(seconds_left))
        return Answer(
            answer["statusCode"],
            {name.lower(): value for name, value in answer["headers"].items()},
            answer.get("cookies", []),
            answer.get("body") or "",
        )

    def graphql(self, field: str, *, token: str | None = None, **arguments: Any) -> Any:
        """One field, as our resolver hands it over."""
        event = {
            "field": field,
            "arguments": arguments,
            "authorization": token,
        }
        return handler(event, _context(10.0))

    def disturb(self, service: str, operation: str, error: Exception) -> None:
        """Let every request of an operation fail."""

        def fail(**_: Any) -> None:
            raise error

        client = signed_files().signer.kms if service == "kms" else signed_files().files.s3
        client.meta.events.register_first(f"before-send.{service}.{operation}", fail)

    def public_key(self) -> Any:
        return load_der_public_key(self.kms.get_public_key(KeyId=self.key)["PublicKey"])

    def verify(self, document: bytes, signature: str) -> None:
        """Raises InvalidSignature unless the deployment's key signed this: by `cryptography` alone."""
        key, raw = self.public_key(), b64decode(signature.translate(str.maketrans("-_~", "+=/")))
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(raw, document, padding.PKCS1v15(), SHA256())
        else:
            assert isinstance(key, ec.EllipticCurvePublicKey)
            key.verify(raw, document, ec.ECDSA(SHA256()))


def parts_of(url: str) -> tuple[str, dict[str, str]]:
    """A signed URL without what signed it, and the parameters that did."""
    bare, _, query = url.partition("?")
    ours, signing = [], {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in ("Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm", "Policy"):
            signing[name] = value
        else:
            ours.append(pair)
    return bare + (f"?{'&'.join(ours)}" if ours else ""), signing


def canned(url: str, expires: int) -> bytes:
    """A canned policy's text, written from AWS's documentation and not by botocore."""
    condition = f'{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}'
    return f'{{"Statement":[{{"Resource":"{url}","Condition":{condition}}}]}}'.encode()


@contextmanager
def deployment(
    *,
    spec: str = "ECC_NIST_P256",  # quick to make
    rules: Rules = RULES,
    tokens_only: bool = True,
    with_issuer: bool = True,
    **environment: str,
) -> Iterator[World]:
    issuer = IssuerServer()
    threading.Thread(target=issuer.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    with mock_aws(), kept_clients():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        kms = boto3.client("kms", region_name="us-east-1")
        key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec=spec)["KeyMetadata"]["Arn"]
        world = World(s3, kms, key, issuer)
        variables = {
            "AWS_REGION": "us-east-1",
            "BUCKET_NAME": BUCKET,
            "KEY_PREFIX": "private/",
            "SIGNED_BASE_URL": BASE_URL,
            "SIGNING_KEY_ARN": key,
            "SIGNING_ALGORITHM": ALGORITHMS[spec],
            "KEY_PAIR_ID": KEY_PAIR_ID,
            "RULES": json.dumps(rules.to_plain()),
            "TOKEN_ISSUER": json.dumps(issuer.trusted().to_plain()) if with_issuer else "",
            "TOKENS_ONLY": "true" if tokens_only else "false",
            "MAX_URL_SECONDS": "604800",
            "SESSION_SECONDS": "900",
            "SAME_SITE": "Lax",
            "SESSION_ORIGINS": "https://app.example.com",
            **environment,
        }
        _forget()
        with (
            patch.dict("os.environ", variables),
            patch("file_signer.handler.time", SimpleNamespace(time=lambda: world.now)),
        ):
            for client in (signed_files().files.s3, signed_files().signer.kms):
                client.meta.events.register("before-call", lambda model, **_: world.calls.append(model.name))
            yield world
    _forget()
    issuer.shutdown()
    issuer.server_close()


def client_error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Operation")


def _forget() -> None:
    for each in (settings, signed_files, verifier):
        each.cache_clear()


def _context(seconds_left: float) -> Any:
    return SimpleNamespace(
        function_name="OneTimeUrls-file-signer",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:OneTimeUrls-file-signer",
        aws_request_id="0b2a1c3d-0000-4000-8000-000000000000",
        get_remaining_time_in_millis=lambda: int(seconds_left * 1000),
    )
