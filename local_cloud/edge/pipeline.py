"""Takes a request through CloudFront's steps, in its order: behaviour, function, cache, origin, function.

Every way to fail ends in an answer of CloudFront's kind, with a note for the log that names the step but no
value. Sources, in the CloudFront Developer Guide: "How CloudFront works with Lambda@Edge" for the order; the
troubleshooting pages "HTTP 502 status code (Lambda validation error)", "HTTP 503 status code (function
execution error)", "HTTP 502 status code (Bad Gateway)" and "HTTP 504 status code (Gateway Timeout)".
"""

import base64
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

from local_cloud.edge import cache, events, policies, ranges, responses, results, s3
from local_cloud.edge.functions import ExecutionError, LimitExceeded
from local_cloud.edge.hosts import API_PREFIX
from local_cloud.edge.http_client import Limits, Reply, TooSlow, Unreachable
from local_cloud.edge.messages import Headers, Request, Response, without
from local_cloud.edge.model import Behaviour, Distribution, Origin

Body = AsyncIterator[bytes]
Invoke = Callable[[str, dict[str, Any]], Awaitable[Any]]
Fetch = Callable[[str, str, Headers, Body | None, Limits], AbstractAsyncContextManager[Reply]]

# Their answers depend on them, so they are neither answered from the cache nor kept in it.
_SELECTIVE = frozenset(
    {"range", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the viewer gets; `x_cache` is CloudFront's word for where it came from, `note` is for the log."""

    status: int
    headers: Headers
    body: Body
    x_cache: str
    note: str = ""


class Pipeline:
    """One distribution's data plane; `invoke` runs a function version, `fetch` makes an origin request,
    `credential` is the distribution's own at S3, used where an origin access control signs.
    """

    def __init__(
        self,
        distribution: Distribution,
        invoke: Invoke,
        fetch: Fetch,
        credential: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._distribution = distribution
        self._invoke = invoke
        self._fetch = fetch
        self._credential = credential
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
                answer = await self._answer(request, body, behaviour, request_id, upstream)
            except results.Invalid as error:
                answer = _page(502, "LambdaValidationError", request_id, f"function result refused: {error}")
            except ExecutionError as error:
                answer = _page(503, "LambdaExecutionError", request_id, str(error))
            except LimitExceeded as error:
                answer = _page(503, "LambdaLimitExceeded", request_id, str(error))
            headers = responses.for_viewer(
                answer.headers,
                behaviour.response_headers,
                via=self._via,
                request_id=request_id,
                x_cache=answer.x_cache,
                date=formatdate(self._clock(), usegmt=True),
            )
            yield replace(answer, headers=headers)

    async def _answer(
        self,
        request: Request,
        body: Body | None,
        behaviour: Behaviour,
        request_id: str,
        upstream: AsyncExitStack,
    ) -> Answer:
        if request.method not in behaviour.allowed_methods:
            return _page(403, "Error", request_id, "method not allowed by the behaviour")
        if body is not None and request.method in {"GET", "HEAD"}:
            return _page(403, "Error", request_id, "GET or HEAD with a body")
        if behaviour.viewer_request:
            event = events.viewer_request(self._distribution, request_id, request)
            result = results.of_viewer_request(await self._invoke(behaviour.viewer_request, event), request)
            if isinstance(result, Response):
                return _answer_of(result, "LambdaGeneratedResponse")
            request = result
        return self._from_cache(request, behaviour) or await self._from_origin(
            request, body, behaviour, request_id, upstream
        )

    def _from_cache(self, request: Request, behaviour: Behaviour) -> Answer | None:
        now = self._clock()
        methods = ("GET", "HEAD") if request.method == "HEAD" else (request.method,)
        found = (self._cache.get(cache.key(request, behaviour, method), now) for method in methods)
        stored = next((each for each in found if each), None)
        if stored is None:
            return None
        if stored.status < 400 and any(name.lower() in _SELECTIVE for name, _ in request.headers):
            return None
        age = ("age", str(int(now - stored.stored_at)))
        return Answer(
            stored.status,
            (*without(stored.headers, {"age"}), age),
            _once(stored.body),
            "Error" if stored.status >= 400 else "Hit",
            "from the cache",
        )

    async def _from_origin(
        self,
        request: Request,
        body: Body | None,
        behaviour: Behaviour,
        request_id: str,
        upstream: AsyncExitStack,
    ) -> Answer:
        origin = behaviour.origin
        forwarded = policies.origin_request(request, behaviour, self._via)
        sent = replace(
            forwarded,
            uri=origin.path + forwarded.uri,
            headers=(*forwarded.headers, ("X-Amz-Cf-Id", request_id)),
        )
        try:
            response, chunks = await self._ask(origin, sent, body, request_id, upstream)
        except (Unreachable, TooSlow) as error:
            # No response from the origin: no origin-response trigger, but an error that CloudFront caches.
            status = 504 if isinstance(error, TooSlow) else 502
            page = _page(status, "Error", request_id, f"origin: {error}")
            return self._remembered(request, behaviour, page)
        if behaviour.origin_response:
            event = events.origin_response(self._distribution, behaviour, request_id, forwarded, response)
            result = await self._invoke(behaviour.origin_response, event)
            response = results.of_origin_response(result, response)
            if response.body is not None:
                response = responses.whole(response.status, response.headers, response.body)
                chunks = _once(response.body or b"")
        headers = (
            response.headers if behaviour.forwards_cookies else without(response.headers, {"set-cookie"})
        )
        x_cache = "Error" if response.status >= 400 else "Miss"
        return self._remembered(request, behaviour, Answer(response.status, headers, chunks, x_cache))

    async def _ask(
        self,
        origin: Origin,
        request: Request,
        body: Body | None,
        request_id: str,
        upstream: AsyncExitStack,
    ) -> tuple[Response, Body]:
        """The origin's response as AWS would give it, and its body."""
        if origin.api:
            reply = await self._fetched(origin, request, f"{API_PREFIX}{origin.api}", body, upstream)
            return Response(reply.status, without(reply.headers, {"x-amzn-requestid"}), None), reply.body
        if s3.two_mechanisms(origin, request):
            refusal = s3.only_one_mechanism(request_id)
            return refusal, _once(refusal.body or b"")
        request = s3.signed(origin, request, self._credential)
        reply = await self._fetched(origin, request, "", body, upstream)
        headers = s3.as_s3_sends(reply.status, reply.headers, request)
        try:
            part = ranges.missed(request, reply.status, headers)
        except ranges.BeyondTheEnd:
            refusal = s3.invalid_range(request, headers)
            return refusal, _once(refusal.body or b"")
        if part:
            headers = (*without(headers, {"content-length"}), *part.headers)
            return Response(206, headers, None), part.of(reply.body)
        response = Response(reply.status, headers, None)
        if not s3.may_be_talkative(reply.status, request):
            return response, reply.body
        document = b"".join([chunk async for chunk in reply.body])
        told = s3.talkative(response, document, request)
        return told or response, _once((told.body if told else document) or b"")

    async def _fetched(
        self, origin: Origin, request: Request, prefix: str, body: Body | None, upstream: AsyncExitStack
    ) -> Reply:
        limits = Limits(origin.connection_attempts, origin.connection_timeout, origin.response_timeout)
        return await upstream.enter_async_context(
            self._fetch(request.method, prefix + request.target, request.headers, body, limits)
        )

    def _remembered(self, request: Request, behaviour: Behaviour, answer: Answer) -> Answer:
        now = self._clock()
        seconds = cache.lifetime(
            answer.status, answer.headers, behaviour.cache, self._distribution.error_ttls, now
        )
        if request.method not in behaviour.cached_methods or seconds <= 0:
            return answer
        stored = cache.Stored(answer.status, answer.headers, b"", now, now + seconds)
        key = cache.key(request, behaviour, request.method)
        return replace(answer, body=self._cache.recording(key, stored, answer.body))


def _page(status: int, x_cache: str, request_id: str, note: str) -> Answer:
    sentences = {
        403: "This distribution isn't configured to allow this request.",
        502: "No valid response came from behind CloudFront.",
        503: "A function behind CloudFront failed.",
        504: "The origin took too long to respond.",
    }
    page = responses.error_page(status, sentences[status], request_id)
    return replace(_answer_of(page, x_cache), note=note)


def _answer_of(response: Response, x_cache: str) -> Answer:
    body = response.body or b""
    response = responses.whole(response.status, response.headers, body)
    return Answer(response.status, response.headers, _once(body), x_cache)


async def _once(body: bytes) -> Body:
    if body:
        yield body
