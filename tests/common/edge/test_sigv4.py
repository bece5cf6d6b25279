"""The guard's signer is botocore's signer, byte for byte."""

from datetime import UTC, datetime
from unittest import mock

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from common.edge.sigv4 import Credentials, sign

WORDS = st.text(
    alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=", min_size=1, max_size=60
)


@given(
    payload=st.binary(max_size=300),
    secret=WORDS,
    session_token=st.none() | WORDS,
    region=st.sampled_from(["us-east-1", "eu-central-1", "ap-southeast-2"]),
    service=st.sampled_from(["dynamodb", "ssm"]),
    operation=st.sampled_from(["DynamoDB_20120810.UpdateItem", "AmazonSSM.GetParameter"]),
    now=st.integers(min_value=0, max_value=4_000_000_000),
)
def test_every_signed_request_is_the_one_that_botocore_signs(
    payload: bytes,
    secret: str,
    session_token: str | None,
    region: str,
    service: str,
    operation: str,
    now: int,
) -> None:
    host = f"{service}.{region}.amazonaws.com"
    headers = {"content-type": "application/x-amz-json-1.0", "host": host, "x-amz-target": operation}
    signed = sign(
        payload,
        content_type=headers["content-type"],
        host=host,
        target=operation,
        credentials=Credentials("AKIDEXAMPLE", secret, session_token),
        region=region,
        service=service,
        now=now,
    )
    request = AWSRequest("POST", f"https://{host}/", headers=headers, data=payload)
    with mock.patch("botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(now, UTC)):
        SigV4Auth(BotocoreCredentials("AKIDEXAMPLE", secret, session_token), service, region).add_auth(
            request
        )
    theirs = {name.lower(): value for name, value in request.headers.items()}
    assert dict(line.split(":", 1) for line in signed.splitlines()) == theirs
