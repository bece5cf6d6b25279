"""The files of a folder, in a browser: found, sorted, looked at, and what is said where there are none."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.console.fake_api import LINKS
from tests.console.pages import Console

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\xdacd\xf8\xcfP\x0f\x00\x03\x86\x01\x80Z4}k\x00\x00\x00\x00IEND\xaeB`\x82"
)


def names(page: Page) -> list[str]:
    """What the table shows, from above."""
    return page.locator("tbody th bdi").all_inner_texts()


def test_folders_come_first_and_lead_down_and_back_up(console: Console) -> None:
    console.api.objects |= {"reports/2027/q1.pdf": 1_234_567, "reports/readme.txt": 10, "top.txt": 1}
    page = console.open("?team=a#/files/")
    expect(page.get_by_role("link", name="reports")).to_be_visible()
    assert names(page) == ["private", "reports", "uploads", "top.txt"]
    page.get_by_role("link", name="reports").click()
    page.get_by_role("link", name="2027").click()
    expect(console.row("q1.pdf")).to_contain_text("1.2 MB")
    assert page.url.endswith("/?team=a#/files/reports/2027/")
    expect(page).to_have_title("Files · Example")
    page.get_by_role("navigation", name="Folder").get_by_role("link", name="reports").click()
    expect(console.row("readme.txt")).to_be_visible()
    page.go_back()
    expect(console.row("q1.pdf")).to_be_visible()


def test_an_order_is_chosen_by_a_columns_head_and_stays_in_the_address(console: Console) -> None:
    console.api.objects |= {"reports/a": 3, "reports/b": 1, "reports/c10": 2, "reports/c9": 2}
    page = console.open("#/files/reports/")
    expect(console.row("c9")).to_be_visible()
    assert names(page) == ["a", "b", "c9", "c10"]
    page.get_by_role("button", name="Size").click()
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "descending")
    assert names(page) == ["a", "c9", "c10", "b"]
    page.get_by_role("button", name="Size").click()
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "ascending")
    page.reload()
    expect(console.row("c9")).to_be_visible()
    assert names(page) == ["b", "c9", "c10", "a"]


def test_a_search_says_how_far_it_looked_and_loads_the_rest_when_asked(console: Console) -> None:
    console.api.objects |= {f"many/file-{number:03}.bin": number for number in range(450)}
    page = console.open("#/files/many/")
    expect(page.get_by_text("200 entries so far, there are more")).to_be_visible()
    page.get_by_role("searchbox").fill("BIN file-44")
    expect(page.get_by_text("0 of the first 200 entries here match")).to_be_visible()
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.get_by_role("button", name="Search the rest too").click()
    expect(page.get_by_text("10 of 450 entries here match. Folders below aren’t searched.")).to_be_visible()
    assert len(names(page)) == 10
    console.assert_sound("search")


def test_uploads_are_shown_by_their_own_names(console: Console) -> None:
    console.api.objects |= {f"uploads/{'A' * 22}/invoice.pdf": 5, f"uploads/{'B' * 22}/letter.pdf": 6}
    page = console.open("#/files/uploads/")
    expect(console.row("letter.pdf")).to_be_visible()
    assert names(page) == ["invoice.pdf", "letter.pdf"]


def test_an_empty_folder_says_what_to_do(console: Console) -> None:
    page = console.open("#/files/private/")
    expect(page.get_by_text("This folder is empty")).to_be_visible()
    expect(page.get_by_text("Drop files here, paste them, or use “Upload”.")).to_be_visible()
    console.assert_sound("empty")


def test_pages_without_entries_are_passed_over(console: Console) -> None:
    pages = iter([{"folders": [], "objects": [], "next": str(number)} for number in range(3)])
    last = {"folders": [], "objects": [{"key": "late.txt", "size": 1, "modified": 1}]}

    def answer(route: Route) -> None:
        route.fulfill(json=next(pages, last), headers={"access-control-allow-origin": "*"})

    console.api.instead["GET /objects"] = answer
    console.open("#/files/")
    expect(console.row("late.txt")).to_be_visible()


def test_an_api_that_fails_lies_or_refuses_is_told_with_what_to_do(console: Console) -> None:
    for answer, told in (
        ((500, {"error": "internal", "message": "x"}), "The server made a mistake."),
        ((403, {"message": "Forbidden"}), "You aren’t allowed to do this."),
        ((200, "no JSON"), "The server’s answer makes no sense."),
        ((200, []), "The server’s answer makes no sense."),
        ((400, {"error": "new_reason", "message": "<b>No.</b>"}), "The server says: <b>No.</b>"),
    ):
        console.api.instead["GET /objects"] = answer
        page = console.open("#/files/")
        expect(page.get_by_role("alert")).to_contain_text(told)
    console.assert_sound("failure")
    del console.api.instead["GET /objects"]
    console.api.objects["a.txt"] = 1
    page.get_by_role("button", name="Try again").click()
    expect(console.row("a.txt")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_is_on_the_screen_stays_when_loading_more_or_anew_fails(console: Console) -> None:
    console.api.objects |= {f"many/file-{number:03}.bin": number for number in range(250)}
    page = console.open("#/files/many/")
    expect(page.get_by_text("200 entries so far, there are more")).to_be_visible()
    console.api.instead["GET /objects"] = (500, {"error": "internal", "message": "x"})
    for button in ("Load more", "Try again"):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_contain_text("The server made a mistake.")
        expect(page.get_by_text("200 entries so far, there are more")).to_be_visible()
    del console.api.instead["GET /objects"]
    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_text("250 entries", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_entries_that_are_not_what_they_should_be_are_left_out(console: Console) -> None:
    console.api.instead["GET /objects"] = (
        200,
        {
            "folders": ["ok/", 7, None],
            "objects": [
                {"key": 1},
                None,
                {"key": "x", "size": -1},
                {"key": "fine", "size": 1, "modified": "soon"},
            ],
            "next": {},
        },
    )
    page = console.open("#/files/")
    expect(console.row("fine")).to_contain_text("unknown")
    assert names(page) == ["ok", "private", "uploads", "fine"]


def test_being_offline_is_said_and_so_is_what_is_amiss_with_the_settings(
    console: Console, open_console: Callable[..., Console]
) -> None:
    console.api.objects["a.txt"] = 1
    page = console.open("#/files/")
    expect(console.row("a.txt")).to_be_visible()
    console.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    console.assert_sound("offline")
    console.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    page = open_console(api="http://elsewhere.test").open("#/files/")
    expect(page.get_by_role("alert")).to_contain_text("This console isn’t set up right")


def test_what_signed_urls_reach_can_be_looked_at(console: Console) -> None:
    console.api.objects |= {f"private/{name}": 70 for name in ("a.png", "a.txt", "a.mp4", "a.bin")}
    console.api.objects["reports/a.png"] = 1
    page = console.page
    served = {
        "a.png": ("image/png", PIXEL),
        "a.txt": ("text/html", b"<script>alert(1)</script>"),
        "a.mp4": ("", b""),
    }

    def serve(route: Route) -> None:
        kind, body = served[route.request.url.partition("?")[0].rpartition("/")[2]]
        headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "range"}
        route.fulfill(status=200, body=body, headers=headers | {"content-type": kind})

    page.route(f"{LINKS}/**", serve)
    console.open("#/files/private/")
    page.get_by_role("button", name="Preview a.png").click()
    sheet = page.get_by_role("dialog", name="a.png")
    expect(sheet.get_by_role("img", name="a.png")).to_be_visible()
    console.assert_sound("preview")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Preview a.png")).to_be_focused()
    page.get_by_role("button", name="Preview a.txt").click()
    expect(page.get_by_role("dialog").get_by_text("<script>alert(1)</script>")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Preview a.mp4").click()
    expect(page.get_by_text("This browser can’t show it")).to_be_visible()
    page.keyboard.press("Escape")
    assert console.api.calls("GET", "/url")[0].query == {"file": "a.png", "expires_in": "300"}
    expect(page.get_by_role("button", name="Preview")).to_have_count(3)
    console.open("#/files/reports/")
    expect(console.row("a.png")).to_be_visible()
    expect(page.get_by_role("button", name="Preview")).to_have_count(0)
