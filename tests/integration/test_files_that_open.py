"""What a person sees who opens an inline link in a real window of Chromium and of Firefox."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Playwright

from tests.front import Front, tls_front
from tests.web import Deployment
from tests.window import Display, Window, chromium_window, told, until

ENOUGH = 1500
"""Pixels of a picture of the display, a twentieth of all: more than any frame or icon has of one colour."""


def magenta(red: int, green: int, blue: int) -> bool:
    return red > 200 and green < 60 and blue > 200


def lime(red: int, green: int, blue: int) -> bool:
    return red < 60 and green > 200 and blue < 60


def page_of_pdf() -> bytes:
    """One page, all magenta."""
    paint = b"1 0 1 rg 0 0 400 300 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(paint), paint),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return made + end % (table, len(made))


def made_by_ffmpeg(*source: str) -> Callable[[], bytes]:
    @cache
    def make() -> bytes:
        if shutil.which("ffmpeg") is None:
            pytest.skip("no ffmpeg here: install Debian's ffmpeg")
        command = ("ffmpeg", "-v", "error", "-f", "lavfi", "-i", *source, "pipe:1")
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout

    return make


def archive() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("a.txt", "content")
    return made.getvalue()


COLOUR = "color=magenta:s=480x360"
FRAME = ("-frames:v", "1", "-f", "image2pipe")
FILM = ("-t", "2", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><rect id="r" width="480" height="360" '
    b'fill="#f0f"/><script>document.getElementById("r").setAttribute("fill", "#0f0")</script></svg>'
)
HTML = b'<body style="background:#f0f"><script>document.body.style.background="#0f0"</script></body>'

PAINTED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a.pdf": ("application/pdf", page_of_pdf),
    "a.png": ("image/png", made_by_ffmpeg(COLOUR, *FRAME, "-c:v", "png")),
    "a.jpg": ("image/jpeg", made_by_ffmpeg(COLOUR, *FRAME, "-c:v", "mjpeg")),
    "a.svg": ("image/svg+xml", lambda: SVG),
    "a.html": ("text/html", lambda: HTML),
}
PLAYED = {
    "a.mp4": ("video/mp4", made_by_ffmpeg(COLOUR, *FILM)),
    "a.mp3": ("audio/mpeg", made_by_ffmpeg("sine=440", "-t", "2", "-f", "mp3")),
}
SAVED = {"a.csv": ("text/csv", lambda: b"a,b\n1,2\n"), "a.zip": ("application/zip", archive)}


@pytest.fixture(scope="module")
def front(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The local edge behind TLS, without which browsers keep no lease."""
    if not deployment.is_local:
        pytest.skip("what a window shows is tried on the local edge")
    with tls_front(deployment.outputs["DistributionUrl"], tmp_path_factory.mktemp("front")) as made:
        yield made


@pytest.fixture(scope="module", params=["Chromium", "Firefox"])
def window(request: pytest.FixtureRequest, playwright: Playwright, screen: Display) -> Iterator[Window]:
    if request.param == "Firefox":
        yield request.getfixturevalue("firefox")
        return
    with chromium_window(playwright, screen) as made:
        yield made


@pytest.fixture
def inline(deployment: Deployment, front: Front) -> Callable[..., str]:
    """Uploads a file and mints an inline link for it."""

    def make(name: str, content_type: str, body: bytes, **terms: str | int) -> str:
        key = f"inline/{name}"
        deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=body, ContentType=content_type)
        return front.url(deployment.mint(key, disposition="inline", **terms)["url"])

    return make


def open_anew(window: Window, screen: Display, url: str) -> None:
    """Go to an address once nothing of what was shown before is there."""
    window.open("about:blank")
    assert until(lambda: told(window, "return location.href") == "about:blank")
    assert until(lambda: screen.pixels(magenta) < ENOUGH)
    window.open(url)


@pytest.mark.parametrize("name", PAINTED)
def test_a_document_or_picture_is_shown_and_runs_no_script(
    window: Window, screen: Display, inline: Callable[..., str], name: str
) -> None:
    content_type, make = PAINTED[name]
    open_anew(window, screen, inline(name, content_type, make()))
    assert until(lambda: screen.pixels(magenta) > ENOUGH)
    assert screen.pixels(lime) < ENOUGH


@pytest.mark.parametrize("name", ["a.pdf", "a.html"])
def test_a_signed_url_shows_a_document_in_the_sandbox_too_and_runs_no_script(
    window: Window, screen: Display, deployment: Deployment, name: str
) -> None:
    """A link's PDF would be blank in it: Chromium asks for it once more."""
    if not deployment.is_local:
        pytest.skip("what a window shows is tried on the local edge")
    content_type, make = PAINTED[name]
    key = f"{deployment.outputs['PrivatePrefix']}shared/inline/{name}"
    deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=make(), ContentType=content_type)
    answer = deployment.ask_api(f"file=shared%2Finline%2F{name}", path="/url")
    open_anew(window, screen, answer.json()["url"])
    assert until(lambda: screen.pixels(magenta) > ENOUGH)
    assert screen.pixels(lime) < ENOUGH


def test_text_is_shown(window: Window, inline: Callable[..., str]) -> None:
    window.open(inline("a.txt", "text/plain", b"to be read"))
    assert until(lambda: "to be read" in (told(window, "return document.body?.innerText") or ""))


@pytest.mark.parametrize("name", PLAYED)
def test_film_and_sound_play_in_place_on_a_link_that_can_be_resumed(
    window: Window, inline: Callable[..., str], name: str
) -> None:
    content_type, make = PLAYED[name]
    window.open(inline(name, content_type, make(), resume=300, resume_factor=4))
    playing = "const m = document.querySelector('video, audio'); return m ? m.readyState : 0"
    assert until(lambda: (told(window, playing) or 0) >= 2)


@pytest.mark.parametrize("name", [*PLAYED, *SAVED])
def test_what_would_be_asked_for_twice_or_cannot_be_shown_is_saved(
    window: Window, screen: Display, deployment: Deployment, inline: Callable[..., str], name: str
) -> None:
    content_type, make = (PLAYED | SAVED)[name]
    url = inline(name, content_type, make())
    open_anew(window, screen, url)
    link = parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
    assert until(lambda: deployment.call("GET", f"/links/{link}").json()["state"] == "used")
    # Firefox shows a table of text as what it is.
    assert window.run("return location.href") in ("about:blank", url if name == "a.csv" else "")
