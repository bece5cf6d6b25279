"""Distributions as a browser keeps them apart."""

import json

from tests.browser import chromium
from tests.local_edge.small_cloud import SmallCloud
from tests.local_edge.templates import behaviour, distribution

SET_COOKIE = json.dumps(
    {
        "result": {
            "status": "200",
            "headers": {
                "set-cookie": [
                    {"value": "who=one; Path=/; Secure; HttpOnly; SameSite=Lax"},
                    {"value": "__Host-who=one; Path=/; Secure; HttpOnly; SameSite=Strict"},
                ]
            },
        }
    }
)
ASK = """orders => fetch('/x', {headers: {'x-viewer-request': orders}}).then(answer => answer.text())"""


def test_secure_cookies_of_one_distribution_never_meet_another(cloud: SmallCloud) -> None:
    guarded = behaviour(("viewer-request", cloud.function))
    ids = [cloud.deploy(name, distribution(guarded, prefix=name)) for name in ("keeps", "other")]
    with cloud.edges(*ids) as (one, other), chromium() as browser:
        page = browser.new_page()
        seen = {}
        for edge, orders in ((one, SET_COOKIE), (one, '{"echo": 1}'), (other, '{"echo": 1}')):
            page.goto(f"{edge.url}/x")
            seen[edge] = page.evaluate(ASK, orders)
    assert "who=one" in seen[one]
    assert "__Host-who=one" in seen[one]
    assert "who=one" not in seen[other]
    assert '"eventType"' in seen[other]
