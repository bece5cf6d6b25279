"""Binds the token guard's decisions to clock and network, and denies on anything unexpected."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.edge.events import header
from common.edge.issuer_keys import Fetch, KeysUnavailable
from common.edge.log import log, log_error
from common.edge.verifier import Verifier
from onetime_urls.protocol.private_assets import GuardSettings
from onetime_urls.protocol.rules import may_read
from onetime_urls.protocol.tokens.errors import InvalidToken
from token_guard import origin_response, refusals
from token_guard.answers import allow_origin, preflight, redirect, refuse
from token_guard.refusals import Refusal
from token_guard.requests import (
    FileRequest,
    forward,
    is_navigation,
    login_address,
    named_origin,
    preflight_origin,
    read_request,
)

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand

START_PATIENCE = 3.0
"""Seconds for an issuer's keys while a container starts: 1.5 have proved too short for some issuers
(aws-jwt-verify, issue 128)."""

REQUEST_PATIENCE = 2.5
"""Seconds for an issuer's keys while a viewer waits."""

RESERVE = 1.0
"""Seconds of a function's time that are kept for the answer."""


class Guard:
    """One container's guard.

    Args:
        settings: gives the deployment's settings; raises what it likes as long as it can't, and is asked
            again.
        fetch: gets an issuer's document within so many seconds.
        brand: reads whose pages these are.
    """

    def __init__(
        self,
        settings: Callable[[], GuardSettings],
        fetch: Fetch,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        brand: "Callable[[], ShownBrand | None]" = lambda: None,
    ) -> None:
        self._read_settings, self._fetch = settings, fetch
        self._clock, self._monotonic, self._brand = clock, monotonic, brand
        self._ready: tuple[GuardSettings, Verifier] | None = None

    def warm(self) -> None:
        """Get settings and keys ahead of the first request. Never raises: the first request tries again."""
        try:
            _, verifier = self._prepare()
            verifier.warm(START_PATIENCE)
        except Exception as error:
            log_error("error", error)

    def handle(self, event: dict[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        """Answer one CloudFront event. Never raises: whatever isn't understood is refused.

        Args:
            event: as in the CloudFront Developer Guide, "Lambda@Edge event structure".
            time_left: seconds until Lambda stops the function.
        """
        denial = refusals.UNAVAILABLE
        try:
            cloudfront = event["Records"][0]["cf"]
            settings, verifier = self._prepare()
            if cloudfront["config"]["eventType"] == "origin-response":
                denial = refusals.STORAGE
                varies = bool(settings.cors_origins)
                return origin_response.answer_for(
                    cloudfront["request"], cloudfront["response"], varies=varies, brand=self._brand
                )
            return self._viewer_request(cloudfront, settings, verifier, time_left)
        except Exception as error:
            log_error("error", error)
            return refuse(denial, headers={})

    def _prepare(self) -> tuple[GuardSettings, Verifier]:
        if self._ready is None:
            settings = self._read_settings()
            verifier = Verifier(settings.issuers, self._fetch, monotonic=self._monotonic, log=_log_keys)
            self._ready = settings, verifier
        return self._ready

    def _viewer_request(
        self,
        cloudfront: dict[str, Any],
        settings: GuardSettings,
        verifier: Verifier,
        time_left: Callable[[], float],
    ) -> dict[str, Any]:
        request = cloudfront["request"]
        origin = preflight_origin(request, settings)
        if origin is not None:
            return allow_origin(preflight(), origin)
        asked = read_request(request, settings)
        code = asked.code if isinstance(asked, Refusal) else "allowed"
        if isinstance(asked, FileRequest):
            try:
                claims = verifier.verify(
                    asked.token, self._clock(), lambda: min(REQUEST_PATIENCE, time_left() - RESERVE)
                )
            except InvalidToken as refused:
                asked, code = refusals.INVALID, refused.code
            except KeysUnavailable:
                asked, code = refusals.NO_KEYS, "no keys"
            else:
                if may_read(settings.rules, claims, asked.key):
                    log(request=cloudfront["config"]["requestId"], result=code)
                    return forward(request, asked)
                asked, code = refusals.FORBIDDEN, refusals.FORBIDDEN.code
        log(request=cloudfront["config"]["requestId"], result=code)
        return self._refuse(request, settings, asked, code)

    def _refuse(
        self, request: dict[str, Any], settings: GuardSettings, refusal: Refusal, code: str
    ) -> dict[str, Any]:
        """A browser's navigation without a token, or with one whose time is over, goes to the login page. Any
        other bad token would still be bad when it comes back, and go round for ever."""
        login = login_address(request, settings)
        if (
            login is not None
            and is_navigation(request)
            and (refusal is refusals.NO_TOKEN or code == "expired")
        ):
            return redirect(login)
        answer = refuse(
            refusal,
            headers=request["headers"],
            host=header(request["headers"], "host"),
            login=login,
            brand=self._brand,
        )
        origin = named_origin(request, settings)
        return answer if origin is None else allow_origin(answer, origin)


def _log_keys(problem: str) -> None:
    log(result="keys", error=problem)
