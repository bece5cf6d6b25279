"""Runs a function version through Lambda's Invoke API, as an IAM user who may do just that.

The call is signed by botocore and sent by `http_client`, so that it needs no thread and can be waited for
like anything else. An invocation is never repeated: a viewer-request function may have acted already.
"""

import json
from typing import Any
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cloud.edge.http_client import Limits, TooSlow, Unreachable, exchange

# Lambda itself ends a function after its own time-out, 30 s at most; a cold start comes on top.
_LIMITS = Limits(attempts=1, connect=5, read=45)


class ExecutionError(Exception):
    """The function failed, ran out of time or couldn't be called: a 503 on AWS."""


class LimitExceeded(Exception):
    """Lambda throttled the function: a 503 on AWS."""


class Functions:
    """Lambda at one endpoint, called with one user's credentials."""

    def __init__(self, address: tuple[str, int], credentials: Credentials, region: str) -> None:
        self._address = address
        self._signer = SigV4Auth(credentials, "lambda", region)

    async def invoke(self, arn: str, event: dict[str, Any]) -> Any:
        """The function's result. Raises ExecutionError or LimitExceeded with a message fit for a log."""
        # The qualified ARN is the name, so that a policy can allow this one version.
        path = f"/2015-03-31/functions/{quote(arn, safe='')}/invocations"
        payload = json.dumps(event).encode()
        host, port = self._address
        request = AWSRequest("POST", f"http://{host}:{port}{path}", {"Host": f"{host}:{port}"}, payload)
        self._signer.add_auth(request)
        headers = (*request.headers.items(), ("Content-Length", str(len(payload))))
        try:
            async with exchange(self._address, "POST", path, headers, _whole(payload), _LIMITS) as reply:
                body = b"".join([chunk async for chunk in reply.body])
        except (TooSlow, Unreachable) as error:
            raise ExecutionError(f"Lambda can't be reached: {error}") from error
        if reply.status == 429:
            raise LimitExceeded("Lambda throttled the function")
        names = {name.lower() for name, _ in reply.headers}
        if reply.status != 200:
            raise ExecutionError(f"Lambda answered {reply.status}")
        if "x-amz-function-error" in names:
            raise ExecutionError("the function failed")
        return json.loads(body)


async def _whole(payload: bytes) -> Any:
    yield payload
