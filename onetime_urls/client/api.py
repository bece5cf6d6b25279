"""Calls a deployment's API, signed with SigV4 or with a bearer token, and reads its answers strictly."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError

from onetime_urls.client.addresses import read_address, why_untrusted
from onetime_urls.client.errors import NoDeployment, NotAllowed, Unavailable, of_answer

SECONDS = urllib3.Timeout(connect=10, read=30)
"""The longest that an answer may take: an HTTP API waits 30 s for its function (API Gateway quotas)."""
MOST_BYTES = 16 * 2**20
"""Of an answer: Lambda's may have 6 MB (Lambda quotas)."""
_AGENT = "onetime-urls"

Found = TypeVar("Found")
Authorise = Callable[[AWSRequest], None]
"""Puts what shows who calls into a request."""


def by_signature(session: boto3.Session, region: str) -> Authorise:
    """SigV4 with the session's credentials, read anew for each call: those of a role end. A caller without
    any goes unsigned, which an open API takes."""

    def authorise(request: AWSRequest) -> None:
        if credentials := session.get_credentials():
            SigV4Auth(credentials.get_frozen_credentials(), "execute-api", region).add_auth(request)

    return authorise


def by_token(token: str) -> Authorise:
    """A bearer token, for an API with a JWT authorizer."""

    def authorise(request: AWSRequest) -> None:
        request.headers["Authorization"] = f"Bearer {token}"

    return authorise


class Api:
    """One deployment's API."""

    def __init__(self, endpoint: str, authorise: Authorise) -> None:
        """Args:
        endpoint: its address, without a path of ours.

        Raises:
            NoDeployment: the address can't be one.
        """
        try:
            read_address(endpoint)
        except ValueError as error:
            raise NoDeployment(f"The API's address can't be used: {error}.") from None
        self.endpoint = endpoint.rstrip("/")
        self._authorise = authorise
        self._http = urllib3.PoolManager(timeout=SECONDS, retries=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The JSON that the API answers with.

        Raises:
            ApiError: the API refuses, with its own code and sentence, or can't be reached.
        """
        url = self.endpoint + path
        if query:
            # In the order and spelling in which SigV4 signs them.
            url += "?" + urlencode(sorted(query.items()), quote_via=quote, safe="")
        data = None if body is None else json.dumps(body).encode()
        headers = {"User-Agent": _AGENT} | ({} if data is None else {"Content-Type": "application/json"})
        request = AWSRequest(method, url, headers, data)
        try:
            self._authorise(request)
        except BotoCoreError as error:  # a sign-in that has ended, for instance
            raise NotAllowed(f"The AWS credentials can't be used: {str(error).rstrip('.')}.") from None
        try:
            answer = self._http.request(
                method,
                url,
                headers=dict(request.headers.items()),
                body=data,
                redirect=False,
                preload_content=False,
            )
            said = answer.read(MOST_BYTES)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            why = why_untrusted(error)
            raise Unavailable(
                "The API can't be reached." if why is None else f"The API isn't trusted: {why}."
            ) from None
        found = _object(said)
        if 200 <= answer.status < 300 and found:
            return found
        sentence, code = found.get("message"), found.get("error")
        code = code if isinstance(code, str) else ""
        raise of_answer(answer.status, code)(
            sentence if isinstance(sentence, str) else f"The API answered {answer.status}.",
            code=code,
            status=answer.status,
        )


def read_answer(read: Callable[[Mapping[str, Any]], Found], answer: Mapping[str, Any]) -> Found:
    """What an answer holds. Raises Unavailable if `read` doesn't find that in it."""
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise Unavailable("The API's answer can't be read.", status=200) from None


def _object(said: bytes) -> dict[str, Any]:
    """The JSON object in an answer; empty if there is none."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
