"""CORS headers of a response headers policy."""

from typing import Any

import pytest

from local_cloud.edge import cors, policy_config
from local_cloud.edge.messages import Headers
from local_cloud.edge.model import Cors, ResponseHeadersPolicy
from tests.local_edge.build import listed, request
from tests.local_edge.inprocess import edge

APP = "https://app.example.com"


def policy(**changed: Any) -> Cors:
    """From the API's document, so that the reading of it is tested too."""
    config = {
        "AccessControlAllowOrigins": listed(APP),
        "AccessControlAllowHeaders": listed("authorization", "range"),
        "AccessControlAllowMethods": listed("GET", "HEAD"),
        "AccessControlAllowCredentials": True,
        "AccessControlExposeHeaders": listed("content-range"),
        "AccessControlMaxAgeSec": 600,
        "OriginOverride": True,
    } | changed
    read = policy_config.response_headers_policy("here", {"Name": "p", "CorsConfig": config}).cors
    assert read is not None
    return read


def given(of: Cors, origin: str | None, method: str = "GET", headers: Headers = ()) -> dict[str, str]:
    asked: Headers = (("Access-Control-Request-Method", "GET"),) if method == "OPTIONS" else ()
    asked += (("Origin", origin),) if origin else ()
    return dict(cors.applied(of, request(method=method, headers=asked), headers))


def test_an_allowed_origin_may_read_with_credentials() -> None:
    assert given(policy(), APP) == {
        "access-control-allow-origin": APP,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "content-range",
        "vary": "Origin",
    }


def test_a_preflight_is_told_methods_headers_and_how_long() -> None:
    told = given(policy(), APP, "OPTIONS")
    assert told["access-control-allow-methods"] == "GET, HEAD"
    assert told["access-control-allow-headers"] == "authorization, range"
    assert told["access-control-max-age"] == "600"
    everything = given(policy(AccessControlAllowMethods=listed("ALL")), APP, "OPTIONS")
    assert everything["access-control-allow-methods"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "https://app.example.com.evil.example", "null"]
)
def test_no_other_origin_is_told_anything(origin: str | None) -> None:
    assert given(policy(), origin) == {}
    assert given(policy(AccessControlAllowOrigins=listed("https://*.example.com")), origin) == {}


@pytest.mark.parametrize("pattern", ["https://*.example.com", "*.example.com", "app.example.com", APP])
def test_an_origin_may_be_named_by_a_pattern(pattern: str) -> None:
    assert given(policy(AccessControlAllowOrigins=listed(pattern)), APP)["access-control-allow-origin"] == APP


def test_for_everybody_there_is_an_asterisk() -> None:
    anyone = policy(AccessControlAllowOrigins=listed("*"), AccessControlAllowCredentials=False)
    told = given(anyone, "https://anything.example")
    assert told["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in told


def test_the_origins_own_headers_stay_unless_the_policy_overrides_them() -> None:
    own: Headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "1"))
    assert given(policy(OriginOverride=False), APP, headers=own) == dict(own)
    told = given(policy(), APP, headers=own)
    assert (told["access-control-allow-origin"], "Access-Control-Max-Age" in told) == (APP, False)


def test_generated_responses_have_them_too() -> None:
    served = edge(
        viewer_request=lambda _: {"status": "401"}, response_headers=ResponseHeadersPolicy(cors=policy())
    )
    answer = served.get("/a", headers=(("Origin", APP),))
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, APP)
