"""A web client that sends exactly what it is told, and a deployment to send it to.

`http.client` is used because it neither normalises a path nor re-encodes a query: attacks are made
of just that.
"""

import http.client
import json
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

TIMEOUT = 30
SHARE_SECONDS = 600
"""Life of a share that a test makes: none is left in a deployment's list for long."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """The status with the link's own reason behind it, such as `403 used`."""
        return f"{self.status} {self.headers.get('x-link-status', '')}".strip()

    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


def send(base: str, target: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """Send one request to the server at `base` (scheme and authority) with `target` byte for byte."""
    scheme, _, authority = base.partition("://")
    connection: http.client.HTTPConnection
    if scheme == "https":
        connection = http.client.HTTPSConnection(
            authority, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(authority, timeout=TIMEOUT)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.putrequest(method, target, skip_host="host" in named, skip_accept_encoding=True)
        for name, value in named.items():
            connection.putheader(name, value)
        sent = None if body is None else body.encode()
        if sent is not None:
            connection.putheader("content-length", str(len(sent)))
        connection.endheaders(sent)
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, response.read())
    finally:
        connection.close()


def split_url(url: str) -> tuple[str, str]:
    """Scheme and authority, and the target behind them, as they are spelt."""
    scheme, _, rest = url.partition("://")
    authority, slash, target = rest.partition("/")
    return f"{scheme}://{authority}", slash + target


def follow(url: str, **headers: str) -> Answer:
    """Redeem a link as a plain client does."""
    base, target = split_url(url)
    return send(base, target, **headers)


class Deployment:
    """A deployed stack, on AWS or in the local cloud, reached as its users reach it."""

    def __init__(self, outputs: dict[str, str], session: boto3.Session) -> None:
        self.outputs, self.session = outputs, session
        self.bucket, self.region = outputs["AssetsBucketName"], outputs["Region"]
        self.aws_endpoint = outputs.get("AwsEndpointUrl")
        self.s3 = session.client("s3", region_name=self.region, endpoint_url=self.aws_endpoint)
        self.dynamodb = session.client("dynamodb", region_name=self.region, endpoint_url=self.aws_endpoint)

    @property
    def is_local(self) -> bool:
        return self.aws_endpoint is not None

    @classmethod
    def from_stack(cls, name: str) -> "Deployment":
        """Read the outputs of a stack on AWS with the caller's own credentials and region."""
        session = boto3.Session()
        described = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
        return cls(outputs, session)

    @classmethod
    def from_file(cls, path: Path) -> "Deployment":
        """Read the outputs of a running local cloud."""
        return cls.from_outputs(json.loads(path.read_text()))

    @classmethod
    def from_outputs(cls, outputs: dict[str, str]) -> "Deployment":
        session = boto3.Session(
            aws_access_key_id=outputs["AccessKeyId"],
            aws_secret_access_key=outputs["SecretAccessKey"],
            region_name=outputs["Region"],
        )
        return cls(outputs, session)

    def ask_api(
        self,
        query: str = "",
        *,
        path: str = "/get-url",
        method: str = "GET",
        signed: bool = True,
        **headers: str,
    ) -> Answer:
        """Call a route, the mint route unless told otherwise, signed with the caller's credentials.

        `query` is encoded. `ONETIME_BEARER` holds the token for a deployment with `issuer_auth=jwt`.
        """
        url = self.outputs["ApiEndpoint"] + path + (f"?{query}" if query else "")
        base, target = split_url(url)
        sent = {"accept": "*/*"} | headers
        if bearer := os.environ.get("ONETIME_BEARER"):
            sent["authorization"] = f"Bearer {bearer}"
        elif signed:
            credentials = self.session.get_credentials()
            assert credentials is not None
            request = AWSRequest(method, url)
            SigV4Auth(credentials.get_frozen_credentials(), "execute-api", self.region).add_auth(request)
            sent |= {name.lower(): value for name, value in request.headers.items()}
        return send(base, target, method=method, **sent)

    def mint(self, key: str, **parameters: str | int) -> dict[str, Any]:
        """Mint a link and return the API's answer."""
        query = urlencode({"key": key, **parameters}, quote_via=quote, safe="")
        answer = self.ask_api(query)
        assert answer.status == 200, answer
        return answer.json()

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Call a route of the API with a JSON body, signed with the caller's credentials."""
        url = self.outputs["ApiEndpoint"] + path
        base, target = split_url(url)
        data = None if body is None else json.dumps(body)
        sent = {"accept": "*/*"} | ({} if data is None else {"content-type": "application/json"})
        if bearer := os.environ.get("ONETIME_BEARER"):
            sent["authorization"] = f"Bearer {bearer}"
        else:
            credentials = self.session.get_credentials()
            assert credentials is not None
            request = AWSRequest(method, url, data=data)
            SigV4Auth(credentials.get_frozen_credentials(), "execute-api", self.region).add_auth(request)
            sent |= {name.lower(): value for name, value in request.headers.items()}
        return send(base, target, method=method, body=data, **sent)

    def share(self, key: str, **wanted: object) -> dict[str, Any]:
        """Make a share of an object and return the API's answer."""
        answer = self.call("POST", "/shares", {"key": key, "expires_in": SHARE_SECONDS, **wanted})
        assert answer.status == 201, answer
        return answer.json()

    def at_s3(self, url: str, *, path_style: bool = False, **headers: str) -> Answer:
        """Send a link's target to S3 itself, past the distribution."""
        _, target = split_url(url)
        host = f"s3.{self.region}.amazonaws.com"
        if path_style:
            target = f"/{self.bucket}{target}"
        else:
            host = f"{self.bucket}.{host}"
        return send(self.aws_endpoint or f"https://{host}", target, host=host, **headers)
