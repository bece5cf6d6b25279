"""A page with a picture and a film in a real browser, by signed cookies alone."""

import io
import time
import wave
from datetime import UTC, datetime
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.signers import CloudFrontSigner
from playwright.sync_api import BrowserContext, Page, Response

from tests.integration.test_private_assets import PNG
from tests.integration.test_signed_urls import (
    SIGNED,
    Put,
    administrator,
    cookies_of,
    put,
    read,
    signed,
    token,
)
from tests.web import Deployment
from tests.window import until

__all__ = ["administrator", "put", "signed", "token"]

FOLDER = "/shared/"
BREATH = 3
"""Seconds that the first cookies last: long enough for the page to show its picture."""

SHOWN = "document.images[0].decode().then(() => document.images[0].naturalWidth, () => 0)"
RENEWED = """token => fetch("/-/session", {method: "POST", headers: {authorization: `Bearer ${token}`}})
    .then(answer => answer.status)"""
LOADED = "document.querySelector('video').readyState >= 1"
SOUGHT = """([film, to]) => new Promise(done => {
    film.onseeked = () => done("played")
    film.onerror = () => done(film.error.message)
    film.currentTime = to
})"""


def sound(seconds: int) -> bytes:
    """Silence, 44,100 bytes a second: so much that a player doesn't fetch it all before it is asked to."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(44_100)
        file.writeframes(b"\x80" * 44_100 * seconds)
    return made.getvalue()


@pytest.fixture
def page(signed: str, visitor: BrowserContext) -> Page:
    """A page on the distribution's own origin, which no server has to serve."""
    made = visitor.new_page()
    made.route(
        f"{signed}/page", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    made.goto(f"{signed}/page")
    return made


def cookies_until(
    end: int, deployment: Deployment, signed: str, token: str, administrator: boto3.Session
) -> dict[str, str]:
    """A session's cookies, but for their end: they are signed here, with the same key, since no session of
    the file signer's ends in the time of a test."""
    kms = administrator.client("kms", endpoint_url=deployment.aws_endpoint)
    [key] = (
        each["KeyId"]
        for each in kms.list_keys()["Keys"]
        if "for CloudFront" in kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["Description"]
    )
    session = cookies_of(deployment, token)[FOLDER]
    algorithm = "RSASSA_PKCS1_V1_5_SHA_256"
    signer = CloudFrontSigner(
        session[f"{SIGNED}Key-Pair-Id"],
        lambda message: kms.sign(KeyId=key, Message=message, SigningAlgorithm=algorithm)["Signature"],
    )
    policy = signer.build_policy(f"{signed}{FOLDER}*", datetime.fromtimestamp(end, UTC))
    query = signer.generate_presigned_url("", policy=policy).removeprefix("?")
    pairs = (each.partition("=") for each in query.split("&"))
    return session | {f"{SIGNED}{name}": value for name, _, value in pairs}


def test_a_page_plays_past_the_end_of_its_first_cookies_once_it_has_renewed_them(
    deployment: Deployment, put: Put, signed: str, token: str, administrator: boto3.Session, page: Page
) -> None:
    if not deployment.is_local:
        pytest.skip("nobody but the file signer may use the key of a deployment in use")
    picture, film = put(body=PNG, ContentType="image/png"), put(body=sound(600), ContentType="audio/wav")
    asked = list[tuple[int, str]]()

    def note(response: Response) -> None:
        if response.url.endswith(film):
            asked.append((response.status, response.request.headers.get("range", "")))

    page.on("response", note)
    first = cookies_until(int(time.time()) + BREATH, deployment, signed, token, administrator)
    host = str(urlsplit(signed).hostname)
    page.context.add_cookies(
        [
            {"name": name, "value": value, "domain": host, "path": FOLDER, "secure": True}
            for name, value in first.items()
        ]
    )
    page.set_content(f'<img src="/{picture}"><video src="/{film}" preload="metadata"></video>')
    assert page.evaluate(SHOWN) == 1
    page.wait_for_function(LOADED)
    begun = len(asked)

    assert page.evaluate(RENEWED, token) == 204
    assert until(lambda: read(signed, f"/{film}", first, range="bytes=0-0").status == 403)
    assert page.evaluate(SOUGHT, [page.query_selector("video"), 590]) == "played"
    sought = asked[begun:]
    assert sought
    assert all(status == 206 and asked_for not in ("", "bytes=0-") for status, asked_for in sought)
