"""Takes a request through CloudFront's steps, in its order: behaviour, function, cache, origin, function.

Every way to fail ends in an answer of CloudFront's kind, with a note for the log that names the step but no
value. Sources, in the CloudFront Developer Guide: "How CloudFront works with Lambda@Edge" for the order;
"Generate custom error responses" for error pages; "Specify a default root object"; the troubleshooting pages
"HTTP 502 status code (Lambda validation error)", "HTTP 503 status code (function execution error)", "HTTP 502
status code (Bad Gateway)" and "HTTP 504 status code (Gateway Timeout)".
"""

import base64
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

from local_cloud.edge import cache, cached, compression, events, policies, responses, results, signatures
from local_cloud.edge.answers import Answer, Body, answer_of, once, page
from local_cloud.edge.functions import ExecutionError, LimitExceeded
from local_cloud.edge.http_client import TooSlow, Unreachable
from local_cloud.edge.messages import Request, Response, first, without
from local_cloud.edge.model import Behaviour, Distribution
from local_cloud.edge.origins import Fetch, Origins

_XML = (("server", "CloudFront"), ("content-type", "text/xml"))

Invoke = Callable[[str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One viewer request under way; leaving `upstream` ends whatever still runs for it."""

    id: str
    behaviour: Behaviour
    upstream: AsyncExitStack


class Pipeline:
    """One distribution's data plane; `invoke` runs a function version, `fetch` makes an origin request,
    `credential` is the distribution's own at S3, used where an origin access control signs, `address` the one
    at which it is served here (scheme and authority). Signed URLs may name that or CloudFront's own.
    """

    def __init__(
        self,
        distribution: Distribution,
        invoke: Invoke,
        fetch: Fetch,
        credential: str = "",
        address: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._distribution = distribution
        self._invoke = invoke
        self._origins = Origins(fetch, credential)
        self._addresses = (address, f"https://{distribution.domain}")
        self._clock = clock
        self._cache = cache.Cache()
        self._via = f"1.1 {secrets.token_hex(16)}.cloudfront.net (CloudFront)"

    @asynccontextmanager
    async def answer(self, request: Request, body: Body | None) -> AsyncIterator[Answer]:
        """The answer to one viewer request; leaving the context ends whatever still runs for it.

        Reading the answer's body raises http_client's Unreachable or TooSlow when the origin breaks off.
        """
        request_id = base64.urlsafe_b64encode(secrets.token_bytes(40)).decode()
        behaviour = policies.behaviour_for(self._distribution, request.uri)
        async with AsyncExitStack() as upstream:
            try:
                answer = await self._answer(request, body, _Exchange(request_id, behaviour, upstream))
            except results.Invalid as error:
                answer = page(502, "LambdaValidationError", request_id, f"function result refused: {error}")
            except ExecutionError as error:
                answer = page(503, "LambdaExecutionError", request_id, str(error))
            except LimitExceeded as error:
                answer = page(503, "LambdaLimitExceeded", request_id, str(error))
            headers = responses.for_viewer(
                answer.headers,
                behaviour.response_headers,
                request,
                via=self._via,
                request_id=request_id,
                x_cache=answer.x_cache,
                date=formatdate(self._clock(), usegmt=True),
            )
            yield replace(answer, headers=headers)

    async def _answer(self, request: Request, body: Body | None, exchange: _Exchange) -> Answer:
        behaviour = exchange.behaviour
        if request.method not in behaviour.allowed_methods:
            return page(403, "Error", exchange.id, "method not allowed by the behaviour")
        if body is not None and request.method in {"GET", "HEAD"}:
            return page(403, "Error", exchange.id, "GET or HEAD with a body")
        if behaviour.trusted_keys is not None:
            try:
                request = signatures.verified(request, behaviour.trusted_keys, self._addresses, self._clock())
            except signatures.Refused as refused:
                refusal = Response(403, _XML, refused.document)
                answer = replace(answer_of(refusal, "Error"), note=f"signature: {refused.code}")
                return await self._with_error_page(answer, request, exchange)
        if behaviour.viewer_request:
            event = events.viewer_request(self._distribution, exchange.id, request)
            result = results.of_viewer_request(await self._invoke(behaviour.viewer_request, event), request)
            if isinstance(result, Response):
                return answer_of(result, "LambdaGeneratedResponse")
            request = result
        if request.uri == "/" and self._distribution.root:
            request = replace(request, uri=self._distribution.root)
        answer = await self._served(request, body, exchange)
        return await self._with_error_page(answer, request, exchange)

    async def _with_error_page(self, answer: Answer, request: Request, exchange: _Exchange) -> Answer:
        """The custom error response, or the error itself where there is none or its page can't be had."""
        custom = self._distribution.error_pages.get(answer.status)
        if custom is None:
            return answer
        # Read to its end, so that it is cached.
        answer = replace(answer, body=once(b"".join([chunk async for chunk in answer.body])))
        behaviour = policies.behaviour_for(self._distribution, custom.path)
        asked = replace(
            request,
            method="HEAD" if request.method == "HEAD" else "GET",
            uri=custom.path,
            querystring="",
            headers=without(request.headers, cached.SELECTIVE),
        )
        served = await self._served(asked, None, replace(exchange, behaviour=behaviour))
        if served.status != 200:
            return answer
        return replace(served, status=custom.status, x_cache=answer.x_cache, note=answer.note)

    async def _served(self, request: Request, body: Body | None, exchange: _Exchange) -> Answer:
        """The answer of the cache, or else of the origin."""
        now, stored = self._clock(), self._stored(request, exchange.behaviour)
        if stored is None or not cached.answers(stored, request):
            return await self._from_origin(request, body, exchange, None)
        if stored.expires_at > now:
            return cached.answer(stored, request, now)
        return await self._from_origin(request, body, exchange, stored)

    def _stored(self, request: Request, behaviour: Behaviour) -> cache.Stored | None:
        methods = ("GET", "HEAD") if request.method == "HEAD" else (request.method,)
        found = (self._cache.get(cache.key(request, behaviour, method)) for method in methods)
        return next((each for each in found if each), None)

    async def _from_origin(
        self, request: Request, body: Body | None, exchange: _Exchange, stale: cache.Stored | None
    ) -> Answer:
        """The origin's answer; where it says that `stale` is still right, that one."""
        behaviour, origin = exchange.behaviour, exchange.behaviour.origin
        conditions = cached.validators(stale) if stale and not cached.is_selective(request) else ()
        forwarded = policies.origin_request(request, behaviour, self._via)
        forwarded = replace(forwarded, headers=(*forwarded.headers, *conditions))
        sent = replace(
            forwarded,
            uri=origin.path + forwarded.uri,
            headers=(*forwarded.headers, ("X-Amz-Cf-Id", exchange.id)),
        )
        try:
            response, chunks = await self._origins.ask(origin, sent, body, exchange.id, exchange.upstream)
        except (Unreachable, TooSlow) as error:
            # No response from the origin: no origin-response trigger, but an error that CloudFront caches.
            status = 504 if isinstance(error, TooSlow) else 502
            failed = page(status, "Error", exchange.id, f"origin: {error}")
            return self._remembered(request, behaviour, failed, "")
        if behaviour.origin_response:
            event = events.origin_response(self._distribution, behaviour, exchange.id, forwarded, response)
            result = await self._invoke(behaviour.origin_response, event)
            response = results.of_origin_response(result, response)
            if response.body is not None:
                response = responses.whole(response.status, response.headers, response.body)
                chunks = once(response.body or b"")
        if stale and conditions and response.status == 304:
            return self._refreshed(request, behaviour, stale, response)
        return self._received(request, behaviour, response, chunks)

    def _refreshed(
        self, request: Request, behaviour: Behaviour, stale: cache.Stored, response: Response
    ) -> Answer:
        """What `stale` gives once the origin has said that it still holds."""
        now = self._clock()
        headers = cached.refreshed(stale, response)
        seconds = cache.lifetime(200, headers, behaviour.cache, self._distribution.error_ttls, now)
        fresh = replace(stale, headers=headers, stored_at=now, expires_at=now + seconds)
        for method in {request.method, "GET"}:
            key = cache.key(request, behaviour, method)
            if self._cache.get(key) is stale:
                self._cache.put(key, fresh)
        return cached.answer(fresh, request, now, "RefreshHit")

    def _received(self, request: Request, behaviour: Behaviour, response: Response, chunks: Body) -> Answer:
        headers = (
            response.headers if behaviour.forwards_cookies else without(response.headers, {"set-cookie"})
        )
        etag = first(headers, "etag") or ""
        if compression.is_compressed(behaviour, request, response.status, headers):
            headers, chunks = compression.of_compressed(headers), compression.compressed(chunks)
        x_cache = "Error" if response.status >= 400 else "Miss"
        return self._remembered(request, behaviour, Answer(response.status, headers, chunks, x_cache), etag)

    def _remembered(self, request: Request, behaviour: Behaviour, answer: Answer, etag: str) -> Answer:
        now = self._clock()
        seconds = cache.lifetime(
            answer.status, answer.headers, behaviour.cache, self._distribution.error_ttls, now
        )
        if request.method not in behaviour.cached_methods or seconds <= 0:
            return answer
        key = cache.key(request, behaviour, request.method)
        stored = cache.Stored(answer.status, answer.headers, b"", etag, now, now + seconds)
        return replace(answer, body=self._cache.recording(key, stored, answer.body))
