"""Files are added, in a browser: by button, drop and paste, in parts, against what goes wrong on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.fake_bucket import NEVER, FakeBucket, PartServer
from tests.console.pages import DESKTOP, PHONE, Console
from tests.window import until

LARGE = b"0123456789abcdef" * (9 * 2**16)  # 9 MiB and more than one part
DROP = """([name, kind]) => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], name, { type: "text/plain" }));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data })
        : new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data });
    document.querySelector("main").dispatchEvent(event);
}"""


@pytest.fixture
def uploading(
    open_console: Callable[..., Console], part_server: PartServer
) -> tuple[Page, FakeBucket, Console]:
    """A console in a folder that files may go into, and where they go."""
    console = open_console(
        uploads={
            "folders": ["uploads/", "private/"],
            "maxBytes": 20_000_000,
            "types": ["text/*", "image/png"],
        }
    )
    bucket = FakeBucket(console.api, part_server)
    bucket.install()
    page = console.open("#/files/private/")
    expect(page.get_by_role("button", name="Upload")).to_be_visible()
    return page, bucket, console


def choose(page: Page, folder: Path, **files: bytes) -> None:
    """Files by the button, of the names given, whose last underscore is a dot."""
    paths = [folder / ".".join(name.rsplit("_", 1)) for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Upload", exact=True).click()
    asked.value.set_files(paths)


def let_time_pass_until(page: Page, told: str) -> None:
    """The page's own clock runs ahead, so that nobody waits for its waits."""

    def shown() -> bool:
        page.clock.run_for(1000)
        return page.get_by_text(told).is_visible()

    assert until(shown), told


def test_several_files_arrive_in_parts_and_what_cannot_be_sent_is_refused_before_it_is(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, console = uploading
    files = {"large_txt": LARGE * 2, "<b>small_txt": b"hello", "empty_txt": b"", "paper_pdf": b"%PDF"}
    choose(page, tmp_path, **files, huge_txt=b"x" * 20_000_001)
    expect(page.get_by_text("2 of 5 files have arrived")).to_be_visible()
    assert bucket.stored == {"private/large.txt": LARGE * 2, "private/<b>small.txt": b"hello"}
    assert sorted(bucket.sent) == [("upload-0", 1), ("upload-0", 2), ("upload-1", 1)]
    expect(page.get_by_text("This file is empty.")).to_be_visible()
    expect(page.get_by_text("It is 1 byte too large: files of up to 20 MB can be sent here.")).to_be_visible()
    expect(page.get_by_text("Files of this type (application/pdf) can’t be sent here")).to_be_visible()
    expect(console.row("<b>small.txt").get_by_text("5 bytes", exact=True)).to_be_visible()
    console.assert_sound("uploads")
    page.set_viewport_size(PHONE)
    lines = [line.bounding_box() for line in page.locator(".upload").all()]
    buttons = [line.get_by_role("button").last.bounding_box() for line in page.locator(".upload").all()]
    for line, button in zip(lines, buttons, strict=True):
        assert line
        assert button
        assert line["y"] < button["y"] < button["y"] + button["height"] <= line["y"] + line["height"]
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="Hand out large.txt").first.click()
    expect(page.get_by_role("dialog", name="Hand out")).to_be_visible()


def test_files_can_be_dropped_and_pasted(uploading: tuple[Page, FakeBucket, Console]) -> None:
    page, bucket, console = uploading
    page.evaluate(DROP, ["dropped.txt", "dragenter"])
    expect(page.get_by_text("Drop files to send them to private/")).to_be_visible()
    console.assert_sound("dropping")
    page.evaluate(DROP, ["dropped.txt", "drop"])
    expect(page.get_by_text("1 of 1 file has arrived")).to_be_visible()
    page.evaluate(DROP, ["pasted.txt", "paste"])
    expect(page.get_by_text("2 of 2 files have arrived")).to_be_visible()
    assert set(bucket.stored) == {"private/dropped.txt", "private/pasted.txt"}


def test_who_adds_files_where_none_may_be_added_is_taken_to_the_folder_that_they_go_to(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, _, _ = uploading
    page.get_by_role("link", name="All files").click()
    choose(page, tmp_path, a_txt=b"a")
    expect(page.get_by_role("navigation", name="Folder").get_by_text("uploads")).to_be_visible()
    expect(page.get_by_role("row", name="a.txt")).to_be_visible()
    expect(page.get_by_text("1 of 1 file has arrived")).to_be_visible()


def test_a_name_that_is_taken_is_told_and_nothing_is_overwritten(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, console = uploading
    console.api.objects["private/a.txt"] = 1
    choose(page, tmp_path, a_txt=b"a")
    expect(page.get_by_text("There is a file of this name already")).to_be_visible()
    assert bucket.sent == []


def test_a_part_that_fails_is_sent_again_and_the_others_are_not(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, _ = uploading
    failures = [503, 403]

    def instead(number: int) -> int | None:
        return failures.pop() if number == 2 and failures else None

    bucket.instead = instead
    page.clock.install()
    choose(page, tmp_path, large_txt=LARGE * 2)
    let_time_pass_until(page, "1 of 1 file has arrived")
    assert bucket.stored == {"private/large.txt": LARGE * 2}
    assert sorted(number for _, number in bucket.sent) == [1, 2, 2, 2]


def test_an_upload_that_the_storage_forgot_begins_anew(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, _ = uploading

    def instead(number: int) -> int | None:
        if number == 2 and "upload-0" in bucket.begun:
            del bucket.begun["upload-0"]
            return 404
        return None

    bucket.instead = instead
    page.clock.install()
    choose(page, tmp_path, large_txt=LARGE * 2)
    let_time_pass_until(page, "1 of 1 file has arrived")
    assert bucket.stored == {"private/large.txt": LARGE * 2}


def test_after_a_reload_an_upload_goes_on_with_its_file_and_no_other(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, console = uploading
    bucket.instead = lambda number: NEVER if number == 2 else None
    (tmp_path / "large.txt").write_bytes(LARGE * 2)
    (tmp_path / "other.txt").write_bytes(b"other")
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Upload", exact=True).click()
    with page.expect_request("**/x?*n=2"), page.expect_response("**/x?*n=1"):
        asked.value.set_files(tmp_path / "large.txt")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert console.amiss == ["dialog: "]  # leaving had to be confirmed
    console.amiss.clear()
    bucket.instead = lambda _number: None
    expect(page.get_by_text("stopped on the way")).to_be_visible()
    console.assert_sound("unfinished")
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert stored == "[{},{}]"

    for name in ("other.txt", "large.txt"):
        with page.expect_file_chooser() as asked:
            page.get_by_role("button", name="Go on").click()
        asked.value.set_files(tmp_path / name)
        if name == "other.txt":
            expect(page.get_by_text("That is another file")).to_be_visible()
    expect(page.get_by_text("1 of 1 file has arrived")).to_be_visible()
    assert bucket.stored == {"private/large.txt": LARGE * 2}
    assert sorted(number for _, number in bucket.sent) == [1, 2, 2]


def test_cancelling_gives_an_upload_up_at_the_storage_too(
    uploading: tuple[Page, FakeBucket, Console], tmp_path: Path
) -> None:
    page, bucket, console = uploading
    bucket.instead = lambda _number: NEVER
    choose(page, tmp_path, large_txt=LARGE)
    page.get_by_role("button", name="Cancel the upload of large.txt").click()
    expect(page.get_by_role("heading", name="Uploads")).to_have_count(0)
    expect(page.get_by_text("This folder is empty")).to_be_visible()
    assert bucket.stored == {}
    assert [each.body["key"] for each in console.api.calls("POST", "/uploads/abort")] == ["private/large.txt"]
