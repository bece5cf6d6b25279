"""Files that are looked at, as the distribution of signed URLs answers for them: no other site's page may
show anything of them, unless CORS lets it in."""

from base64 import b64decode
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.console.fake_api import LINKS
from tests.console.pages import Console

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
SILENCE = (
    b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0data\x08\0\0\0" + b"\x80" * 8
)
HOSTILE = b"<!doctype html><script>parent.ran = top.ran = 1; alert(1)</script>"
FILES = {
    "/pixel.gif": ("image/gif", PIXEL),
    "/silence.wav": ("audio/wav", SILENCE),
    "/drawn.svg": (
        "image/svg+xml",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>',
    ),
    "/page.html": ("text/html", HOSTILE),
    "/not-one.pdf": ("text/html", HOSTILE),
}


def serve(console: Console, origin: str) -> None:
    """Answer for files as the distribution of signed URLs does."""

    def answer(route: Route) -> None:
        kind, content = FILES[urlsplit(route.request.url).path]
        lets_in = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "ETag"}
        by_cors = route.request.headers.get("origin") == origin
        route.fulfill(
            # What isn't asked for by CORS is refused to another site's page: Cross-Origin-Resource-Policy.
            status=200 if by_cors else 403,
            headers={"Content-Type": kind, **(lets_in if by_cors else {})},
            body=content if by_cors else b"",
        )

    console.context.route(f"{LINKS}/**", answer)


def test_files_are_looked_at_by_cors_and_nothing_in_them_runs(console: Console) -> None:
    console.api.objects |= {f"private{path}": len(content) for path, (_, content) in FILES.items()}
    page = console.open("#/files/private/")
    serve(console, page.evaluate("location.origin"))

    def look(name: str) -> None:
        page.get_by_role("button", name=f"Preview {name}").click()

    for name in ("pixel.gif", "drawn.svg"):
        look(name)
        image = page.get_by_role("dialog").get_by_role("img", name=name)
        expect(image).to_have_js_property("naturalWidth", 1)
        page.get_by_role("button", name="Close").click()
    look("silence.wav")
    expect(page.locator("audio")).to_have_js_property("readyState", 4)
    page.get_by_role("button", name="Close").click()
    look("page.html")
    expect(page.get_by_role("dialog").locator("pre")).to_have_text(HOSTILE.decode())
    page.get_by_role("button", name="Close").click()
    look("not-one.pdf")
    expect(page.get_by_role("dialog").locator("iframe")).to_be_visible()
    assert page.evaluate("[window.ran === undefined, frames.length]") == [True, 1]
