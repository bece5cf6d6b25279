"""Objects that the integration suite uploads and takes away again, and a summary in sentences."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser import launch
from tests.web import Deployment
from tests.window import Display, Firefox, display, firefox_window

Upload = Callable[..., str]


@pytest.fixture(scope="session")
def upload(deployment: Deployment) -> Iterator[Upload]:
    """Puts an object under a prefix of this run and returns its key; everything goes at the end."""
    prefix = f"integration-{secrets.token_hex(4)}/"

    def put(body: bytes = b"one time only", name: str = "") -> str:
        key = prefix + (name or f"{secrets.token_hex(4)}.bin")
        deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=body)
        return key

    yield put
    pages = deployment.s3.get_paginator("list_object_versions").paginate(
        Bucket=deployment.bucket, Prefix=prefix
    )
    for page in pages:
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            deployment.s3.delete_object(
                Bucket=deployment.bucket, Key=version["Key"], VersionId=version["VersionId"]
            )


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, which takes the certificates that fronts of the local edge make for themselves."""
    started = launch(playwright, "--ignore-certificate-errors")
    yield started
    started.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody whose browser knows nothing yet."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="package")
def screen() -> Iterator[Display]:
    with display() as made:
        yield made


@pytest.fixture(scope="package")
def firefox(screen: Display) -> Iterator[Firefox]:
    with firefox_window(screen) as window:
        yield window


@pytest.fixture
def only_aws(deployment: Deployment) -> None:
    """For checks that only AWS can answer; the template tests in tests/stack stand in for them here."""
    if deployment.is_local:
        pytest.skip("only AWS can answer this; tests/stack checks the template for it")


@pytest.fixture
def only_closed(deployment: Deployment) -> None:
    """For checks of who is turned away: an API that was opened by its setting turns nobody away."""
    if deployment.outputs["IssuerAuth"] == "none":
        pytest.skip("this deployment lets everyone call its API: issuer_auth=none")


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say each thing that was shown as the sentence that its test is named after."""
    if all("integration" in argument for argument in terminalreporter.config.args):
        terminalreporter.section("what this run shows")
        for outcome, mark in (("passed", "yes "), ("failed", "NO  "), ("error", "NO  "), ("skipped", "----")):
            for report in terminalreporter.getreports(outcome):
                sentence = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
                terminalreporter.write_line(f"{mark} {sentence}")
    return (yield)
