"""Binds the guard's decisions to clock, credentials and network, and denies on anything unexpected.

The function runs near the viewer, so the regions of both services are always explicit. What a claim needs
beside its one write, the configuration and a connection to DynamoDB, is there before the first request: far
from home each costs three round trips.
"""

import os
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from common.edge.aws import JsonService, NotSent, ServiceError, UnknownOutcome
from common.edge.events import header
from common.edge.log import log, log_error
from common.edge.sigv4 import Credentials
from edge_guard import origin_response, viewer_request
from edge_guard.admission import Admission, admit
from edge_guard.answers import answer
from edge_guard.claim import MARGIN, ClaimProtocol, Refusal, Reply, WriteResult
from edge_guard.configuration import Configuration, Parameter
from edge_guard.resume import LeaseToken
from edge_guard.viewer_request import LinkRequest
from onetime_urls.protocol.contract.names import shown_link
from onetime_urls.protocol.links.canonical import NONCE_PARAMETER, parse_target
from onetime_urls.protocol.links.claims import Claim
from onetime_urls.protocol.links.nonce import is_genuine
from onetime_urls.protocol.links.reasons import RELEASED, STORAGE, UNAVAILABLE, UNKNOWN, Reason
from onetime_urls.protocol.links.rules import Request

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand

INIT_TIMEOUTS = (2.0, 1.5)
"""Seconds for reading the parameter and for connecting to DynamoDB in Lambda's init phase. With the imports
they fit into a viewer function's 5 s, should these count: Lambda's own limit is 10 s (Lambda Developer Guide,
"Lambda execution environment lifecycle: Init phase")."""

SSM_TIMEOUT = 3.0
"""Seconds for reading the parameter in a request, where the init phase couldn't. If a claim doesn't fit
afterwards, this viewer is asked to come back; the container has learnt what it needs."""


class Guard:
    """One container's guard.

    Args:
        parameter, parameter_region: the SSM parameter with the table's ARN and the key of nonces.
        tls: context for calls to AWS.
        environ: the process environment. Lambda sets credentials once for a container's life, and they are
            read once, as SDKs do.
        brand: reads whose pages these are.
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
        brand: "Callable[[], ShownBrand | None]" = lambda: None,
    ) -> None:
        self._tls, self._environ = tls, environ
        self._edge, self._credentials = environ.get("AWS_REGION", ""), cache(lambda: Credentials.of(environ))
        self._clock, self._monotonic, self._pause = clock, monotonic, pause
        self._new_secret, self._brand = new_secret, brand
        ssm = self._service("ssm", parameter_region, target="AmazonSSM", protocol="1.1")
        self._parameter = Parameter(
            ssm, parameter, monotonic, lambda error: log(result="configuration", error=error)
        )
        self._dynamodb: JsonService | None = None
        self._region = ""

    def prepare(self) -> None:
        """Do before the first request what doesn't depend on it. Never raises: whatever fails here is tried
        again when it is needed."""
        try:
            reading, connecting = INIT_TIMEOUTS
            configuration = self._parameter.ahead(reading)
            if configuration is not None:
                self._database(configuration).connect(connecting)
        except Exception as error:
            log_error("not prepared", error)

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
            log_error("error", error)
            return answer(denial, headers={})

    def close(self) -> None:
        """Let go of the connection to the database."""
        if self._dynamodb is not None:
            self._dynamodb.close()

    def _viewer_request(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        config, request, now = cloudfront["config"], cloudfront["request"], self._clock()
        wanted = viewer_request.read_link(request, now)
        if isinstance(wanted, Reason):
            log(request=config["requestId"], result=wanted.code)
            return self._refuse(wanted, request)
        claim, lease = viewer_request.make_claim(
            wanted,
            config,
            request,
            now=now,
            edge=self._edge,
            secret=self._new_secret() if wanted.terms else "",
        )
        admitted = self._admit(wanted, claim, lease, time_left)
        if isinstance(admitted, Refusal):
            log(request=config["requestId"], link=wanted.link, result=admitted.reason.code)
            return self._refuse(admitted.reason, request, wanted.link)
        log(request=config["requestId"], link=wanted.link, result=admitted.how)
        return viewer_request.forward(request, wanted, admitted.item, admitted.lease)

    def _refuse(self, reason: Reason, request: dict[str, Any], link: str | None = None) -> dict[str, Any]:
        headers = request["headers"]
        host = header(headers, "host")
        return answer(reason, headers=headers, host=host, link=link, brand=self._brand)

    def _admit(
        self, wanted: LinkRequest, claim: Claim, lease: LeaseToken | None, time_left: Callable[[], float]
    ) -> Admission | Refusal:
        configuration = self._configuration_for(wanted, time_left)
        if isinstance(configuration, Reason):
            return Refusal(configuration)
        return admit(self._protocol(configuration, time_left), wanted, claim, lease)

    def _configuration_for(
        self, wanted: LinkRequest, time_left: Callable[[], float]
    ) -> Configuration | Reason:
        """The configuration, if one of its keys made the link's nonce, or why the link is refused."""
        nonce, key = wanted.target.parameters[NONCE_PARAMETER], wanted.target.key
        for read in (self._parameter.known, self._parameter.newer):
            configuration = read(_ssm_timeout(time_left))
            if configuration is None:
                return UNAVAILABLE
            if is_genuine(configuration.nonce_keys, nonce, key):
                return configuration
        return UNKNOWN

    def _origin_response(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        request, response = cloudfront["request"], cloudfront["response"]
        if origin_response.is_promised(request, response):
            return origin_response.show(request, response)
        reason = RELEASED if self._release(cloudfront, time_left) else STORAGE
        return origin_response.hide(request, response, reason, self._brand)

    def _release(self, cloudfront: dict[str, Any], time_left: Callable[[], float]) -> bool:
        """Release this request's own claim. The origin request is the link as the guard sent it on."""
        request_id, request = cloudfront["config"]["requestId"], cloudfront["request"]
        target = parse_target(request["uri"], request["querystring"])
        configuration = self._parameter.known(_ssm_timeout(time_left))
        released = configuration is not None and self._protocol(configuration, time_left).release(
            target.signature, target.fingerprint, request_id, int(self._clock())
        )
        log(
            request=request_id,
            link=shown_link(target.signature),
            result="released" if released else "not released",
            status=cloudfront["response"]["status"],
        )
        return released

    def _protocol(self, configuration: Configuration, time_left: Callable[[], float]) -> ClaimProtocol:
        self._database(configuration)
        return ClaimProtocol(configuration.table, self._write, time_left, self._pause)

    def _database(self, configuration: Configuration) -> JsonService:
        """DynamoDB in the table's region, with the connection kept."""
        if self._dynamodb is None or self._region != configuration.region:
            self.close()
            self._region = configuration.region
            self._dynamodb = self._service(
                "dynamodb", self._region, target="DynamoDB_20120810", protocol="1.0"
            )
        return self._dynamodb

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

    def _write(self, request: Request, timeout: float) -> Reply:
        if self._dynamodb is None:
            return Reply(WriteResult.NOT_APPLIED)
        try:
            return Reply(
                WriteResult.APPLIED, self._dynamodb.call("UpdateItem", request, timeout).get("Attributes")
            )
        except NotSent as error:
            log(result="not sent", error=str(error))
            return Reply(WriteResult.NOT_APPLIED)
        except UnknownOutcome as error:
            log(result="outcome unknown", error=str(error))
            return Reply(WriteResult.UNKNOWN)
        except ServiceError as error:
            if error.code == "ConditionalCheckFailedException":
                return Reply(WriteResult.CONDITION_FAILED, error.body.get("Item"))
            log(result="database", error=str(error))
            # DynamoDB applied nothing that it answers with a 4xx, be it throttled, in conflict with a
            # transaction, or wrong (DynamoDB Developer Guide, "Error handling with DynamoDB").
            return Reply(WriteResult.NOT_APPLIED if error.status < 500 else WriteResult.UNKNOWN)


def _ssm_timeout(time_left: Callable[[], float]) -> float:
    return min(SSM_TIMEOUT, time_left() - MARGIN)
