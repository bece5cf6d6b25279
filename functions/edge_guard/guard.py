"""Binds the guard's decisions to clock, credentials and network, and denies on anything unexpected.

Lambda@Edge has no environment variables of ours, so the asset carries a small `config.json` that
names one SSM parameter of this deployment; its value is JSON with the ARN of the links table and the
key of nonces, read once per container. The function runs near the viewer, so the regions of both
services are always explicit.
"""

import json
import math
import os
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from common.edge.aws import JsonService, NotSent, ServiceError, UnknownOutcome
from common.edge.sigv4 import Credentials
from edge_guard import origin_response, viewer_request
from edge_guard.admission import Admission, admit
from edge_guard.answers import answer
from edge_guard.claim import ClaimProtocol, Outcome, Refusal, Reply
from edge_guard.resume import HeldLease
from edge_guard.viewer_request import Ask
from onetime_urls.protocol.contract.names import shown_link
from onetime_urls.protocol.links.canonical import NONCE_PARAMETER, parse_target
from onetime_urls.protocol.links.nonce import is_genuine
from onetime_urls.protocol.links.reasons import RETURNED, STORAGE, UNAVAILABLE, UNKNOWN, Reason
from onetime_urls.protocol.links.record import Claim, Request

SSM_TIMEOUT = 1.0
"""Seconds for reading the parameter, within which a claim must still fit afterwards."""

SSM_PAUSE = 1.0
"""Seconds without another call after SSM failed. Whoever asks in between is refused, a forger too, before
the nonce can be checked: many forgeries must not keep SSM throttled."""


class Guard:
    """One container's guard.

    Args:
        parameter, parameter_region: the SSM parameter with the table's ARN and the key of nonces.
        tls: context for calls to AWS.
        environ: the process environment, read at each call: credentials may change.
    """

    def __init__(
        self,
        *,
        parameter: str,
        parameter_region: str,
        tls: ssl.SSLContext | None,
        environ: Mapping[str, str],
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        new_secret: Callable[[], str] = lambda: os.urandom(16).hex(),
    ) -> None:
        self._parameter, self._parameter_region, self._tls, self._environ = (
            parameter,
            parameter_region,
            tls,
            environ,
        )
        self._clock, self._monotonic, self._pause = clock, monotonic, pause
        self._new_secret = new_secret
        self._table: str | None = None
        self._nonce_key = b""
        self._ssm_rests_until = -math.inf
        self._dynamodb: JsonService | None = None

    def handle(self, event: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        """Answer one CloudFront event. Never raises: whatever isn't understood is refused.

        Args:
            event: as in the CloudFront Developer Guide, "Lambda@Edge event structure".
            time_left: seconds until Lambda stops the function.
        """
        denial = UNAVAILABLE
        try:
            cloudfront = event["Records"][0]["cf"]
            if cloudfront["config"]["eventType"] == "origin-response":
                denial = STORAGE
                return self._origin_response(cloudfront, time_left)
            return self._viewer_request(cloudfront, time_left)
        except Exception as error:
            _log(result="error", error=type(error).__name__, where=_origin_of(error))
            return answer(denial, accept="")

    def close(self) -> None:
        """Let go of the connection to the database."""
        if self._dynamodb is not None:
            self._dynamodb.close()

    def _viewer_request(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        config, request, now = cloudfront["config"], cloudfront["request"], self._clock()
        accept = viewer_request.header(request["headers"], "accept")
        ask = viewer_request.read_link(request, now)
        if isinstance(ask, Reason):
            _log(request=config["requestId"], result=ask.code)
            return answer(ask, accept=accept)
        claim, lease = viewer_request.make_claim(
            ask,
            config,
            request,
            now=now,
            edge=self._environ.get("AWS_REGION", ""),
            secret=self._new_secret() if ask.terms else "",
        )
        admitted = self._admit(ask, claim, lease, time_left)
        if isinstance(admitted, Refusal):
            _log(request=config["requestId"], link=ask.link, result=admitted.reason.code)
            return answer(admitted.reason, accept=accept, link=ask.link)
        _log(request=config["requestId"], link=ask.link, result=admitted.how)
        return viewer_request.forward(request, ask, admitted.item, admitted.lease)

    def _admit(
        self, ask: Ask, claim: Claim, lease: HeldLease | None, time_left: Callable[[], float]
    ) -> Admission | Refusal:
        protocol = self._protocol(time_left)
        if protocol is None:
            return Refusal(UNAVAILABLE)
        if not is_genuine(self._nonce_key, ask.target.parameters[NONCE_PARAMETER], ask.target.key):
            return Refusal(UNKNOWN)
        return admit(protocol, ask, claim, lease)

    def _origin_response(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        request, response = cloudfront["request"], cloudfront["response"]
        if origin_response.is_promised(request, response):
            return origin_response.show(request, response)
        reason = RETURNED if self._return_claim(cloudfront, time_left) else STORAGE
        return origin_response.hide(request, response, reason)

    def _return_claim(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> bool:
        """Give back this request's own claim. The origin request is the link as the guard sent it on."""
        request_id, request = cloudfront["config"]["requestId"], cloudfront["request"]
        target = parse_target(request["uri"], request["querystring"])
        protocol = self._protocol(time_left)
        returned = protocol is not None and protocol.return_claim(
            target.signature, target.fingerprint, request_id, int(self._clock())
        )
        _log(
            request=request_id,
            link=shown_link(target.signature),
            result="returned" if returned else "not returned",
            status=cloudfront["response"]["status"],
        )
        return returned

    def _protocol(self, time_left: Callable[[], float]) -> ClaimProtocol | None:
        table = self._table or self._read_configuration()
        return ClaimProtocol(table, self._write, time_left, self._pause) if table is not None else None

    def _read_configuration(self) -> str | None:
        """Learn the table and the key of nonces once per container; a failure is kept for `SSM_PAUSE`."""
        if self._monotonic() < self._ssm_rests_until:
            _log(result="configuration", error="SSM failed just now")
            return None
        ssm = self._service("ssm", self._parameter_region, target="AmazonSSM", protocol="1.1")
        try:
            found = ssm.call("GetParameter", {"Name": self._parameter}, SSM_TIMEOUT)
        except (NotSent, UnknownOutcome, ServiceError) as error:
            _log(result="configuration", error=str(error))
            self._ssm_rests_until = self._monotonic() + SSM_PAUSE
            return None
        finally:
            ssm.close()
        configuration = json.loads(found["Parameter"]["Value"])
        table: str = configuration["table"]
        self._nonce_key = configuration["nonce_key"].encode()
        region = table.split(":")[3]
        self._dynamodb = self._service("dynamodb", region, target="DynamoDB_20120810", protocol="1.0")
        self._table = table
        return table

    def _service(self, service: str, region: str, *, target: str, protocol: str) -> JsonService:
        return JsonService(
            service=service,
            region=region,
            target=target,
            protocol=protocol,
            endpoint=self._environ.get("AWS_ENDPOINT_URL"),
            tls=self._tls,
            credentials=self._credentials,
            clock=self._clock,
            monotonic=self._monotonic,
        )

    def _credentials(self) -> Credentials:
        environ = self._environ
        return Credentials(
            environ["AWS_ACCESS_KEY_ID"], environ["AWS_SECRET_ACCESS_KEY"], environ.get("AWS_SESSION_TOKEN")
        )

    def _write(self, request: Request, timeout: float) -> Reply:
        if self._dynamodb is None:
            return Reply(Outcome.NOT_APPLIED)
        try:
            return Reply(
                Outcome.APPLIED, self._dynamodb.call("UpdateItem", request, timeout).get("Attributes")
            )
        except NotSent as error:
            _log(result="not sent", error=str(error))
            return Reply(Outcome.NOT_APPLIED)
        except UnknownOutcome as error:
            _log(result="outcome unknown", error=str(error))
            return Reply(Outcome.UNKNOWN)
        except ServiceError as error:
            if error.code == "ConditionalCheckFailedException":
                return Reply(Outcome.CONDITION_FAILED, error.body.get("Item"))
            _log(result="database", error=str(error))
            # DynamoDB applied nothing that it answers with a 4xx, be it throttled, in conflict with a
            # transaction, or wrong (DynamoDB Developer Guide, "Error handling with DynamoDB").
            return Reply(Outcome.NOT_APPLIED if error.status < 500 else Outcome.UNKNOWN)


def amazon_tls(roots: str) -> ssl.SSLContext:
    """A client context that trusts the certificates in the file `roots` and nothing else.

    AWS's endpoints chain to Amazon Trust Services; loading a system's whole store would cost a new
    container more than the rest of its start.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(roots)
    return context


def _origin_of(error: BaseException) -> str:
    """The function and line that raised. The message stays out: it could quote the request."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""


def _log(**fields: str) -> None:
    """One JSON line. Callers pass names and codes only: never a header, a target or a message."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()
