"""Every page that people can be shown, with the security policy that it is served with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page, Route

from common.edge.events import write_headers
from edge_guard.answers import answer
from onetime_urls.protocol.links import reasons
from onetime_urls.protocol.links.reasons import Reason
from onetime_urls.protocol.pages.brand import ShownBrand, data_uri
from onetime_urls.protocol.pages.document import Site
from onetime_urls.protocol.pages.layout import page_policy
from onetime_urls.protocol.pages.texts import texts_for
from onetime_urls.protocol.shares.pin import PinHash, Tries
from onetime_urls.protocol.shares.record import Share
from share_page.page import page
from share_page.result import VisitResult, VisitStatus
from token_guard import answers, refusals

NOW = 1_795_874_580
DOMAIN = "files.example.com"
FILE = f"https://{DOMAIN}/file"

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" '
    b'fill="#0a5c8f"/><path d="M11 27 20 11l9 16" fill="none" stroke="#fff" stroke-width="4"/></svg>'
)
NORTHWIND = ShownBrand("Northwind", "#0a5c8f", data_uri("image/svg+xml", LOGO))
LETTER = ShownBrand("Acme Legal & Partner", "#ffd400")

SHARE = Share(
    id="Zk3aaaaaaaaaaaaaaaaaaa",
    object_key="k",
    filename="Quarterly report 2026.pdf",
    size=1_482_113,
    etag='"e"',
    created_at=NOW,
    expires_at=NOW + 7 * 86_400,
    max_downloads=1,
    ttl=0,
    note="As promised.\nSee page 3.",
)
WITH_PIN = replace(SHARE, note=None, pin=PinHash(b"", b""), tries=Tries(made=2))
SEVERAL = replace(SHARE, note=None, filename="IMG_2231.HEIC", max_downloads=5, downloads=2)
LONG = replace(SHARE, filename="n" * 180 + ".zip", note="x" * 500)

_VISITS = {
    "ready": VisitResult(VisitStatus.READY, SHARE),
    "ready-several": VisitResult(VisitStatus.READY, SEVERAL),
    "ready-long": VisitResult(VisitStatus.READY, LONG),
    "ready-pin": VisitResult(VisitStatus.READY, WITH_PIN),
    "pin-missing": VisitResult(VisitStatus.PIN_MISSING, WITH_PIN),
    "pin-wrong": VisitResult(VisitStatus.PIN_WRONG, WITH_PIN),
    "waiting": VisitResult(VisitStatus.WAITING, SHARE),
    "begun": VisitResult(VisitStatus.HANDED_OUT, SHARE, location=FILE, ticket="t" * 22),
    "spent": VisitResult(VisitStatus.SPENT, SEVERAL),
    "spent-last": VisitResult(VisitStatus.SPENT, replace(SHARE, downloads=1)),
    "locked": VisitResult(VisitStatus.LOCKED, WITH_PIN, retry_after=58),
    "unavailable": VisitResult(VisitStatus.UNAVAILABLE, retry_after=2),
}

_SITES = {
    "ready-several": Site("d111111abcdef8.cloudfront.net"),
    "ready-pin": Site(DOMAIN, LETTER),
    "ready-long": Site(f"{'l' * 60}.{'m' * 60}.example.com", replace(NORTHWIND, name="W" * 60)),
}


@dataclass(frozen=True)
class Shown:
    """A page as a browser gets it.

    Attributes:
        name: of what it shows.
        policy: its content security policy.
    """

    name: str
    document: str
    policy: str


def gallery(language: str) -> Iterator[Shown]:
    """All of them, in one language."""
    rest = {
        each.value: VisitResult(each)
        for each in VisitStatus
        if each not in {v.status for v in _VISITS.values()}
    }
    for name, result in (_VISITS | rest).items():
        site = _SITES.get(name, Site(DOMAIN, NORTHWIND))
        shown = page(result, address="/-/x", ticket="t" * 22, now=NOW, site=site, texts=texts_for(language))
        yield Shown(f"share-{name}", shown, page_policy(site.colour, forms="'self'"))
    headers = write_headers({"Accept": "text/html", "Accept-Language": language})
    for reason in (value for value in vars(reasons).values() if isinstance(value, Reason)):
        made = answer(reason, headers=headers, host=DOMAIN, link="0123456789ab", brand=lambda: NORTHWIND)
        yield _guards(f"link-{reason.code}-{reason.status}", made)
    for refusal in (value for value in vars(refusals).values() if isinstance(value, refusals.Refusal)):
        made = answers.refuse(refusal, headers=headers, host=DOMAIN, login="https://login.example.com/")
        yield _guards(f"private-{refusal.code}-{refusal.status}", made)


def show(page: Page, shown: Shown) -> None:
    """Serve a page as it is served, and nothing else: a second request fails. What it begins to download is
    nothing, which leaves the page where it is, as a download does."""

    def serve(route: Route) -> None:
        assert route.request.is_navigation_request()
        if route.request.url == FILE:
            route.fulfill(status=204)
            return
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": shown.policy}
        route.fulfill(body=shown.document, headers=headers)

    page.unroute_all()
    page.route("**/*", serve)
    page.goto(f"https://{DOMAIN}/-/x")


def _guards(name: str, made: dict[str, Any]) -> Shown:
    return Shown(name, made["body"], made["headers"]["content-security-policy"][0]["value"])
