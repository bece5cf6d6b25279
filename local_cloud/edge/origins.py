"""Makes origin requests and gives back what AWS's origin would have answered, MiniStack's being milder."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from local_cloud.edge import ranges, s3
from local_cloud.edge.answers import Body, once
from local_cloud.edge.hosts import API_PREFIX
from local_cloud.edge.http_client import Limits, Reply
from local_cloud.edge.messages import Headers, Request, Response, without
from local_cloud.edge.model import Origin

Fetch = Callable[[str, str, Headers, Body | None, Limits], AbstractAsyncContextManager[Reply]]


class Origins:
    """The origins of one distribution; `credential` is what it presents where an origin access control
    signs.
    """

    def __init__(self, fetch: Fetch, credential: str) -> None:
        self._fetch = fetch
        self._credential = credential

    async def ask(
        self,
        origin: Origin,
        request: Request,
        body: Body | None,
        request_id: str,
        upstream: AsyncExitStack,
    ) -> tuple[Response, Body]:
        """The origin's response as AWS would give it, and its body, which lives as long as `upstream`.

        Raises http_client's Unreachable or TooSlow.
        """
        if origin.api:
            reply = await self._fetched(origin, request, f"{API_PREFIX}{origin.api}", body, upstream)
            return Response(reply.status, without(reply.headers, {"x-amzn-requestid"}), None), reply.body
        if s3.two_mechanisms(origin, request):
            refusal = s3.only_one_mechanism(request_id)
            return refusal, once(refusal.body or b"")
        request = s3.signed(origin, request, self._credential)
        reply = await self._fetched(origin, request, "", body, upstream)
        headers = s3.as_s3_sends(reply.status, reply.headers, request)
        try:
            part = ranges.part_of(request, reply.status, headers)
        except ranges.BeyondTheEnd:
            refusal = s3.invalid_range(request, headers)
            return refusal, once(refusal.body or b"")
        if part:
            headers = (*without(headers, {"content-length"}), *part.headers)
            return Response(206, headers, None), part.of(reply.body)
        response = Response(reply.status, headers, None)
        if not s3.may_be_talkative(reply.status, request):
            return response, reply.body
        document = b"".join([chunk async for chunk in reply.body])
        told = s3.talkative(response, document, request)
        return told or response, once((told.body if told else document) or b"")

    async def _fetched(
        self, origin: Origin, request: Request, prefix: str, body: Body | None, upstream: AsyncExitStack
    ) -> Reply:
        limits = Limits(origin.connection_attempts, origin.connection_timeout, origin.response_timeout)
        return await upstream.enter_async_context(
            self._fetch(request.method, prefix + request.target, request.headers, body, limits)
        )
