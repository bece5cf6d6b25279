"""A page whose name is bound to 127.0.0.1 once it is loaded, in a real Chromium.

The name resolves to loopback throughout, and the document itself is put in by the debugger: that is the
page's own server before its name is bound anew. Whatever the page then fetches from its own origin reaches
the local cloud, with the page's name as its Host and with nothing else that tells it from a command line.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from local_cloud.clients import connect
from tests.browser import chromium
from tests.web import Deployment, send, split_url

PAGE = "evil.example"
USER = "made-by-a-page"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Chromium asks before a public page may reach loopback; other browsers don't, nor did it until lately.
    rebinding = [f"--host-resolver-rules=MAP {PAGE} 127.0.0.1", "--disable-features=LocalNetworkAccessChecks"]
    with chromium(*rebinding) as started:
        yield started


def ask(browser: Browser, origin: str, target: str) -> tuple[int, dict[str, str]]:
    """What a page of this origin gets from its own origin: the status and the headers."""
    page: Page = browser.new_page()
    try:
        page.route("**/page", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto(f"{origin}/page")
        page.unroute_all()
        answer: dict[str, Any] = page.evaluate(
            """async target => {
                const answer = await fetch(target);
                return {status: answer.status, headers: Object.fromEntries(answer.headers)};
            }""",
            target,
        )
        return answer["status"], answer["headers"]
    finally:
        page.close()


def named(url: str) -> str:
    """A server's address with the page's name in place of its own."""
    return f"http://{PAGE}:{urlsplit(url).port}"


def test_a_page_that_rebinds_its_name_makes_nothing_with_the_aws_apis(
    deployment: Deployment, browser: Browser
) -> None:
    assert deployment.aws_endpoint is not None
    wanted = {"Action": "CreateUser", "Version": "2010-05-08", "UserName": USER, "AWSAccessKeyId": "test"}
    make_user = urlencode(wanted)
    status, _ = ask(browser, named(deployment.aws_endpoint), f"/?{make_user}")
    assert status == 403
    iam = connect(deployment.aws_endpoint, deployment.region).iam
    assert USER not in [user["UserName"] for user in iam.list_users()["Users"]]
    # Without the page it is done: nothing but the Host stood in the way.
    assert send(deployment.aws_endpoint, f"/?{make_user}").status == 200
    iam.delete_user(UserName=USER)


def test_a_page_that_rebinds_its_name_reaches_neither_the_http_api_nor_the_edge(
    deployment: Deployment, browser: Browser
) -> None:
    api, mint = split_url(deployment.outputs["GetUrlEndpoint"])
    status, headers = ask(browser, named(api), mint)
    assert (status, headers.get("content-type")) == (403, None)
    links = deployment.outputs["DistributionUrl"]
    status, headers = ask(browser, named(links), "/a")
    assert (status, headers.get("x-link-status")) == (403, None)
    status, headers = ask(browser, links, "/a")
    assert (status, headers.get("x-link-status")) == (403, "malformed")
