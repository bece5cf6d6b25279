"""The whole of it on a local cloud: somebody signs in, sends, hands out three ways, sees and takes back."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from local_cloud.cloud import LocalCloud
from local_cloud.users import People
from tests.axe import findings
from tests.web import Deployment, follow, send, split_url

SOMEBODY_ELSE = "SomebodyElse/1.0"


@dataclass
class Sender:
    """Somebody who is signed in, and all that their browser has sent.

    Attributes:
        elsewhere: requests that a token went along with, and that weren't the API's.
        tokens: that went along.
        amiss: what the page complained of.
    """

    page: Page
    cloud: LocalCloud
    elsewhere: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    amiss: list[str] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        """Note what a request showed to whom."""
        shown = request.headers.get("authorization", "")
        if shown.startswith("Bearer "):
            self.tokens.add(shown.removeprefix("Bearer "))
            if not request.url.startswith(self.cloud.outputs["ApiEndpoint"]):
                self.elsewhere.append(request.url)

    def go(self, address: str) -> None:
        """Go to an address of the console's without loading it anew, which would forget who is signed in."""
        self.page.evaluate("address => { location.hash = address }", address)


@pytest.fixture(scope="module")
def sender(browser: Browser, user_cloud: LocalCloud) -> Iterator[Sender]:
    """Signed in at the issuer's own pages, on the way to a folder."""
    outputs = user_cloud.outputs
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    signed_in = Sender(page, user_cloud)
    context.on("request", signed_in.asked)
    page.on("pageerror", lambda error: signed_in.amiss.append(str(error)))
    page.on(
        "console",
        lambda said: (
            signed_in.amiss.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.goto(f"{outputs['ConsoleUrl']}/#/files/private/?sort=size")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Username").fill("member")
    page.get_by_label("Password").fill(People(user_cloud.folder.work).account("member").password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/#/files/private/\?sort=size$"))
    yield signed_in
    context.close()


@pytest.fixture
def deployed(user_cloud: LocalCloud) -> Deployment:
    return Deployment.from_outputs(user_cloud.outputs)


def stored(deployed: Deployment, content: bytes = b"figures") -> str:
    """A file below `private/`, which all three ways are open for."""
    key = f"private/shared/{secrets.token_hex(4)}.txt"
    deployed.s3.put_object(Bucket=deployed.bucket, Key=key, Body=content, ContentType="text/plain")
    return key


def hand_out(sender: Sender, key: str, way: str, make: str) -> str:
    """The address that a file is handed out by."""
    page = sender.page
    sender.go("#/files/")
    sender.go(f"#/files/{key.rpartition('/')[0]}/")
    page.get_by_role("row").get_by_role("button", name=f"Hand out {key.rpartition('/')[2]}").click()
    page.get_by_role("radio", name=way, exact=True).check()
    page.get_by_role("button", name=make).click()
    url = page.get_by_label("Address").input_value()
    page.get_by_role("button", name="Done").click()
    return url


def test_what_is_sent_is_handed_out_as_it_was(sender: Sender) -> None:
    page, key = sender.page, f"private/shared/{secrets.token_hex(4)}.bin"
    name = key.rpartition("/")[2]
    content = secrets.token_bytes(6_000_000)  # two parts
    sender.go("#/files/private/shared/")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Upload", exact=True).click()
    choosing.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    expect(page.get_by_role("row").get_by_role("button", name=f"Hand out {name}")).to_be_visible()
    assert follow(hand_out(sender, key, "Once", "Make the link")).body == content


def test_a_link_works_once_for_somebody_else_and_the_sender_sees_by_whom(
    sender: Sender, deployed: Deployment
) -> None:
    key = stored(deployed)
    url = hand_out(sender, key, "Once", "Make the link")
    opened, again = (follow(url, user_agent=SOMEBODY_ELSE) for _ in range(2))
    assert (opened.status, opened.body) == (200, b"figures")
    assert again.reason == "403 used"
    sender.go(f"#/handed-out?key={key}")
    entry = sender.page.locator("li.handed-entry")
    expect(entry.locator(".badge")).to_have_text("Used")
    entry.get_by_role("button", name="Details").click()
    expect(entry).to_contain_text(SOMEBODY_ELSE)
    expect(entry).to_contain_text("127.0.0.1")
    assert findings(sender.page) == []


def test_a_page_hands_it_over_to_somebody_else_and_the_sender_sees_the_link_behind_it(
    sender: Sender, deployed: Deployment, browser: Browser
) -> None:
    key = stored(deployed)
    url = hand_out(sender, key, "By a page", "Make the page")
    with browser.new_context(user_agent=SOMEBODY_ELSE) as somebody:
        visit = somebody.new_page()
        visit.goto(url)
        with visit.expect_download() as downloading:
            visit.get_by_role("button", name="Download").click()
        assert downloading.value.path().read_bytes() == b"figures"
    sender.go(f"#/handed-out?key={key}")
    entry = sender.page.locator("li.handed-entry")
    expect(entry).to_have_count(1)
    expect(entry.locator(".badge")).to_have_text("Used")
    entry.get_by_role("button", name="Details").click()
    expect(entry).to_contain_text(SOMEBODY_ELSE)
    expect(entry).to_contain_text("Whether it arrived complete isn’t known.")


def test_a_signed_url_works_more_than_once(sender: Sender, deployed: Deployment) -> None:
    url = hand_out(sender, stored(deployed), "For a time", "Sign the address")
    base, target = split_url(url)
    assert [send(base, target).body for _ in range(2)] == [b"figures"] * 2


def test_what_is_taken_back_opens_for_nobody(sender: Sender, deployed: Deployment) -> None:
    key = stored(deployed)
    url = hand_out(sender, key, "Once", "Make the link")
    sender.go(f"#/handed-out?key={key}")
    sender.page.get_by_role("button", name="Take back").click()
    sender.page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(sender.page.locator("li.handed-entry .badge")).to_have_text("Taken back")
    assert follow(url).reason == "403 revoked"


def test_the_token_is_in_memory_and_in_the_apis_header_and_nowhere_else(
    sender: Sender, deployed: Deployment
) -> None:
    url = hand_out(sender, stored(deployed), "Once", "Make the link")
    sender.go("#/handed-out")
    expect(sender.page.locator("li.handed-entry").first).to_be_visible()
    kept = sender.page.evaluate(
        """async () => {
            const stores = [];
            for (const { name } of await indexedDB.databases()) {
                const opened = await new Promise((done, fail) => {
                    const asked = indexedDB.open(name);
                    asked.onsuccess = () => done(asked.result);
                    asked.onerror = fail;
                });
                for (const store of opened.objectStoreNames) {
                    stores.push(await new Promise(done => {
                        const asked = opened.transaction(store).objectStore(store).getAll();
                        asked.onsuccess = () => done(asked.result);
                    }));
                }
            }
            return JSON.stringify([
                document.documentElement.outerHTML, location.href, history.state, document.referrer,
                {...localStorage}, {...sessionStorage}, document.cookie, window.name, stores,
                performance.getEntries().map(each => each.name), await caches.keys(),
            ]);
        }"""
    )
    assert len(sender.tokens) >= 1
    for token in sender.tokens:
        assert token not in kept
        assert token.rpartition(".")[2] not in kept
    assert json.dumps(urlsplit(url).query)[1:-1] not in kept
    assert "code=" not in sender.page.url
    assert sender.elsewhere == []
    assert sender.page.context.cookies(sender.cloud.outputs["ConsoleUrl"]) == []


def test_whoever_signs_out_is_out_here_and_at_the_issuer(sender: Sender) -> None:
    page = sender.page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert sender.amiss == []
