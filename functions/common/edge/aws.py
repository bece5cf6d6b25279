"""Posts JSON requests to one AWS service over one kept-alive connection, each against a deadline.

Two things matter here that a general HTTP client doesn't give. The deadline is of the whole exchange,
however slowly the bytes arrive, because the guard must still be able to undo its claim afterwards.
And a failure says whether the service can have acted on the request: that decides between a plain
retry and a claim that has to be cancelled.
"""

import json
import select
import socket
import ssl
from collections.abc import Callable
from typing import Any

from common.edge.connection import Lookup, connect
from common.edge.http1 import read_answer
from common.edge.sigv4 import Credentials, sign

MAX_IDLE = 20.0
"""Seconds after which a kept-alive connection is replaced rather than trusted: a frozen container
can't see that its peer has gone."""


_json = json.JSONEncoder(separators=(",", ":"), check_circular=False)


class NotSent(Exception):
    """No connection: the service can't have seen the request."""


class UnknownOutcome(Exception):
    """The request went out and no usable answer came back: the service may have acted on it."""


class ServiceError(Exception):
    """The service answered with an error.

    Attributes:
        status: HTTP status.
        code: the error's name without its namespace, such as `ConditionalCheckFailedException`.
        body: the parsed answer.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.body = body
        self.code = str(body.get("__type", "")).rpartition("#")[2]
        super().__init__(f"{status} {self.code}")


class JsonService:
    """One AWS service with the JSON protocol, such as DynamoDB or Systems Manager."""

    def __init__(
        self,
        *,
        service: str,
        region: str,
        target: str,
        protocol: str,
        endpoint: str | None,
        tls: ssl.SSLContext | None,
        credentials: Callable[[], Credentials],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        """
        Args:
            service: name in the credential scope and the regional host.
            target: prefix of `X-Amz-Target`, such as `DynamoDB_20120810`.
            protocol: version of the JSON protocol, `1.0` or `1.1`.
            endpoint: an URL without a path that replaces the regional one, or None.
            tls: context for https; None is enough where `endpoint` is http.
            clock: epoch seconds, for the signature.
            monotonic: seconds, for deadlines.
        """
        scheme, _, self._authority = (endpoint or f"https://{service}.{region}.amazonaws.com").partition(
            "://"
        )
        host, _, port = self._authority.partition(":")
        self._host = host
        self._lookup = Lookup(host, int(port or (443 if scheme == "https" else 80)))
        self._tls = tls if scheme == "https" else None
        self._service, self._region, self._target = service, region, target
        self._content_type = f"application/x-amz-json-{protocol}"
        self._credentials, self._clock, self._monotonic = credentials, clock, monotonic
        self._connection: socket.socket | None = None
        self._used_at = 0.0

    def call(self, operation: str, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Post one request and return the parsed answer, within `timeout` seconds in all.

        Raises:
            NotSent, UnknownOutcome, ServiceError: see there.
        """
        deadline = self._monotonic() + timeout
        payload = _json.encode(request).encode()
        signed = sign(
            payload,
            content_type=self._content_type,
            host=self._authority,
            target=f"{self._target}.{operation}",
            credentials=self._credentials(),
            region=self._region,
            service=self._service,
            now=self._clock(),
        )
        head = f"POST / HTTP/1.1\n{signed}content-length: {len(payload)}\n\n".replace("\n", "\r\n")
        connection = self._connect(deadline)
        try:
            self._patience(connection, deadline)
            connection.sendall(head.encode("ascii") + payload)
            status, body, reusable = read_answer(lambda: self._receive(connection, deadline))
            answer = _parse_object(body)
        except (OSError, ValueError, TypeError) as error:
            connection.close()
            raise UnknownOutcome(type(error).__name__) from None
        if reusable:
            self._connection, self._used_at = connection, self._monotonic()
        else:
            connection.close()
        if status != 200:
            raise ServiceError(status, answer)
        return answer

    def connect(self, timeout: float) -> None:
        """Open the connection that the next call will use, within `timeout` seconds.

        Raises:
            NotSent: there is none.
        """
        self._connection, self._used_at = self._connect(self._monotonic() + timeout), self._monotonic()

    def close(self) -> None:
        """Let go of the kept connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self, deadline: float) -> socket.socket:
        """Take the kept connection if it is quiet and fresh, or open one."""
        kept, self._connection = self._connection, None
        if kept is not None:
            quiet = not select.select([kept], [], [], 0)[0]
            if quiet and self._monotonic() - self._used_at < MAX_IDLE:
                return kept
            kept.close()
        try:
            return connect(self._host, self._lookup, self._tls, lambda: self._left(deadline))
        except OSError as error:
            raise NotSent(type(error).__name__) from None

    def _left(self, deadline: float) -> float:
        left = deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _patience(self, connection: socket.socket, deadline: float) -> None:
        connection.settimeout(self._left(deadline))

    def _receive(self, connection: socket.socket, deadline: float) -> bytes:
        self._patience(connection, deadline)
        received = connection.recv(65536)
        if not received:
            raise ConnectionError
        return received


def _parse_object(body: bytes) -> dict[str, Any]:
    answer = json.loads(body.decode())
    if not isinstance(answer, dict):
        raise TypeError("not a JSON object")
    return answer
