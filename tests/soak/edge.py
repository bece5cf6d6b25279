"""The edge in this process: the local edge's pipeline, real guards as containers, faults on their way out.

The distribution is the one that was deployed, the stores are MiniStack's. What is ours here is only which
container serves a request, and where it is killed.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from edge_guard.guard import Guard
from local_cloud.edge.answers import Body
from local_cloud.edge.functions import ExecutionError
from local_cloud.edge.http_client import Limits, Reply, TooSlow, Unreachable, exchange
from local_cloud.edge.messages import Headers, Request, first
from local_cloud.edge.model import Distribution
from local_cloud.edge.pipeline import Pipeline
from tests.soak.faults import Killed, Plan
from tests.soak.proxy import FaultProxy

INVOCATION_SECONDS = 5.0
"""The guard's time-out, as the stack sets it."""


@dataclass
class Visit:
    """One viewer request and what came of it.

    Attributes:
        request_id: CloudFront's id of it, which is its claim's id.
        reason: the guard's own word for a refusal, empty otherwise.
        body: the object's bytes that reached the viewer.
        complete: whether the answer came whole.
        lease: the cookie that came with it, or with which it was made.
    """

    plan: Plan
    request_id: str = ""
    status: int = 0
    reason: str = ""
    body: bytes = b""
    complete: bool = False
    lease: str = ""
    claim_token_seen: bool = False


_visit: ContextVar[Visit] = ContextVar("visit")


class Container:
    """One guard, its clock, and the proxy on its way to the stores. It serves one request at a time."""

    def __init__(self, parameter: str, proxy: FaultProxy) -> None:
        self.busy, self.plan, self.skew, self.proxy = asyncio.Lock(), Plan(), 0, proxy
        host, port = proxy.address
        self.guard = Guard(
            parameter=parameter,
            parameter_region="us-east-1",
            tls=None,
            environ={
                "AWS_ENDPOINT_URL": f"http://{host}:{port}",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": "us-east-1",
            },
            clock=lambda: time.time() + self.skew,
        )

    async def handle(self, event: dict[str, Any], plan: Plan) -> dict[str, Any]:
        async with self.busy:
            self.plan, self.skew = plan, plan.skew
            end = time.monotonic() + INVOCATION_SECONDS
            return await asyncio.to_thread(self.guard.handle, event, lambda: end - time.monotonic())


class Edge:
    """A distribution with two warm containers, and a new one for each visit that meets a cold one."""

    def __init__(self, distribution: Distribution, upstream: tuple[str, int], parameter: str) -> None:
        self._pipeline = Pipeline(distribution, self._invoke, self._fetch)
        self._upstream, self._parameter = upstream, parameter
        self._stack = AsyncExitStack()
        self._warm: list[Container] = []
        self._plans: dict[str, Plan] = {}
        self._proxies: list[FaultProxy] = []
        self._turn = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Edge"]:
        async with self._stack:
            self._objects = await self._proxy(
                FaultProxy(
                    self._upstream, lambda call: self._plans.get(first(call.headers, "x-amz-cf-id") or "")
                )
            )
            self._warm = [await self._container(), await self._container()]
            yield self

    async def visit(self, target: str, plan: Plan, headers: Headers = ()) -> Visit:
        """Ask for a link's target as a viewer does."""
        visit = Visit(plan)
        _visit.set(visit)
        uri, _, query = target.partition("?")
        request = Request("GET", uri, query, (("Host", "links.example"), *headers), "203.0.113.7")
        async with self._pipeline.answer(request, None) as answer:
            visit.status = answer.status
            visit.reason = first(answer.headers, "x-link-status") or ""
            visit.lease = (first(answer.headers, "set-cookie") or "").partition(";")[0]
            body = bytearray()
            try:
                async for chunk in answer.body:
                    body += chunk
                visit.complete = True
            except (Unreachable, TooSlow):
                pass
        visit.claim_token_seen = b"x-claim-token" in body
        visit.body = bytes(body) if answer.status in (200, 206) else b""
        return visit

    async def settle(self) -> Counter[str]:
        """Do what is still under way to the stores, and tell which faults were met."""
        for proxy in self._proxies:
            await proxy.deliver_late()
        return sum((proxy.met for proxy in self._proxies), Counter())

    async def _invoke(self, arn: str, event: dict[str, Any]) -> Any:
        visit, config = _visit.get(), event["Records"][0]["cf"]["config"]
        visit.request_id = config["requestId"]
        self._plans[visit.request_id] = visit.plan
        claiming = config["eventType"] == "viewer-request"
        if visit.plan.killed is Killed.AT_ORIGIN_RESPONSE and not claiming:
            raise ExecutionError("killed")
        self._turn += 1
        cold = visit.plan.cold and claiming
        container = await self._container() if cold else self._warm[self._turn % len(self._warm)]
        answered = await container.handle(event, visit.plan)
        if visit.plan.killed is Killed.AFTER_CLAIM and claiming:
            raise ExecutionError("killed")
        return answered

    def _fetch(
        self, method: str, target: str, headers: Headers, body: Body | None, limits: Limits
    ) -> AbstractAsyncContextManager[Reply]:
        return exchange(self._objects.address, method, target, headers, body, limits)

    async def _container(self) -> Container:
        proxy = await self._proxy(FaultProxy(self._upstream, lambda _: container.plan))
        container = Container(self._parameter, proxy)
        self._stack.callback(container.guard.close)
        return container

    async def _proxy(self, proxy: FaultProxy) -> FaultProxy:
        self._proxies.append(proxy)
        return await self._stack.enter_async_context(proxy.serving())
