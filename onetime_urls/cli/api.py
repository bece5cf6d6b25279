"""Calls the deployment's API, signed with SigV4 or with a bearer token, and reads its answers."""

import json
import secrets
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from onetime_urls.cli.deployment import Deployment
from onetime_urls.cli.failures import Exit, Failure

SECONDS = 30
"""The longest that an answer may take: an HTTP API waits that long for its function (API Gateway quotas)."""


def rehearse_share(deployment: Deployment, wanted: dict[str, Any]) -> None:
    """Have the API look at a share before its file is uploaded: of an object that there can't be.

    Raises:
        Failure: the API would refuse more than that, or can't be reached.
    """
    try:
        call(deployment, "POST", "/shares", body=wanted | {"key": f"uploads/{secrets.token_hex(16)}"})
    except Failure as failure:
        if failure.code != "no_such_object":
            raise


def call(
    deployment: Deployment,
    method: str,
    path: str,
    *,
    query: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
) -> Any:
    """The JSON that the API answers with.

    Args:
        query: parameters with a value each.

    Raises:
        Failure: the API refuses, with its own sentence, or can't be reached.
    """
    url = deployment.api + path
    if query:
        # In the order and spelling in which SigV4 signs them.
        url += "?" + urlencode(sorted(query.items()), quote_via=quote, safe="")
    data = json.dumps(body).encode() if body is not None else None
    request = AWSRequest(method, url, {"Content-Type": "application/json"} if data else {}, data)
    if deployment.token:
        request.headers["Authorization"] = f"Bearer {deployment.token}"
    elif credentials := deployment.session.get_credentials():
        SigV4Auth(credentials.get_frozen_credentials(), "execute-api", deployment.region).add_auth(request)
    try:
        answer = urllib3.request(
            method, url, headers=dict(request.headers.items()), body=data, timeout=SECONDS, retries=False
        )
    except urllib3.exceptions.HTTPError:
        raise Failure("The API can't be reached.", Exit.UNAVAILABLE) from None
    try:
        found = answer.json()
    except ValueError:
        found = {}
    if not isinstance(found, dict):
        found = {}
    if answer.status < 300 and found:
        return found
    sentence = found.get("message") or f"The API answered {answer.status}."
    raise Failure(
        sentence, Exit.UNAVAILABLE if answer.status >= 500 else Exit.REFUSED, found.get("error", "")
    )
