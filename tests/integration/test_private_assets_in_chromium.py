"""Private assets in a real browser: images by cookie, on pages of the same site and of others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import BrowserContext, Page, Route

from tests.integration.test_private_assets import PNG, Place, place, world
from tests.people import Visits

__all__ = ["place", "world"]

WIDTHS = "Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth, () => 0)))"


@contextmanager
def page_at(host: str, html: str) -> Iterator[str]:
    """A page that is served at a loopback address, at a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def on_its_own_origin(visitor: BrowserContext, world: Visits, html: str) -> Page:
    """A page on the distribution's own origin, which no server has to serve."""
    page = visitor.new_page()
    page.route(f"{world.url}/page", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{world.url}/page")
    return page


def sign_in(visitor: BrowserContext, world: Visits, token: str) -> None:
    visitor.add_cookies([{"name": "token", "value": token, "url": world.url}])


def test_a_page_shows_images_by_cookie_and_those_that_the_user_may_not_see_stay_away(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    mine, shared, finance = (
        place(folder, PNG, kind="image/png") for folder in (f"users/{world.member.sub}", "shared", "finance")
    )
    html = "".join(f'<img src="{path}">' for path in (mine, shared, finance))
    sign_in(visitor, world, world.member.id_token)
    assert on_its_own_origin(visitor, world, html).evaluate(WIDTHS) == [1, 1, 0]


def test_without_the_cookie_there_are_no_images_though_others_have_seen_them(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    path = place("shared", PNG, kind="image/png")
    assert world.get(path, world.member.id_token).status == 200
    assert on_its_own_origin(visitor, world, f'<img src="{path}">').evaluate(WIDTHS) == [0]


def test_who_signs_out_sees_nothing_more_though_the_browser_has_it(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    html = f'<img src="{place("shared", PNG, kind="image/png")}">'
    sign_in(visitor, world, world.member.id_token)
    assert on_its_own_origin(visitor, world, html).evaluate(WIDTHS) == [1]
    visitor.clear_cookies()
    assert on_its_own_origin(visitor, world, html).evaluate(WIDTHS) == [0]


def test_a_page_of_another_site_shows_nothing_even_if_the_token_goes_along(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    html = f'<img src="{world.url}{place("shared", PNG, kind="image/png")}">'

    def with_token(route: Route) -> None:
        token = f"Bearer {world.member.id_token}"
        route.continue_(headers={**route.request.headers, "authorization": token})

    visitor.route(f"{world.url}/shared/**", with_token)
    assert on_its_own_origin(visitor, world, html).evaluate(WIDTHS) == [1]
    with page_at("127.0.0.1", html) as url:
        page = visitor.new_page()
        with page.expect_event("requestfailed") as failed:
            page.goto(url)
        assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE.NotSameSite"
        assert page.evaluate(WIDTHS) == [0]


def test_a_stored_page_runs_no_script_on_the_cookies_origin(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    path = place("shared", b"<title>still</title><script>document.title = 'ran'</script>", kind="text/html")
    sign_in(visitor, world, world.member.id_token)
    page = visitor.new_page()
    page.goto(f"{world.url}{path}")
    assert page.title() == "still"


def test_a_person_without_a_token_gets_a_page_that_says_so(
    visitor: BrowserContext, world: Visits, place: Place
) -> None:
    page = visitor.new_page()
    answer = page.goto(f"{world.url}{place('shared')}")
    assert answer is not None
    assert answer.status == 401
    assert page.get_by_role("heading").inner_text() == "Please sign in"
