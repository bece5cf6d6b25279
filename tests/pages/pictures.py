"""Makes the pictures of the documentation: `python -m tests.pages.pictures`."""

from pathlib import Path
from typing import Literal

from tests.browser import chromium
from tests.pages.gallery import gallery, show

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES: dict[str, tuple[str, Literal["light", "dark"]]] = {
    "share-ready": ("share-ready", "light"),
    "share-ready-dark": ("share-ready", "dark"),
    "share-wrong-pin": ("share-pin-wrong", "light"),
    "share-begun": ("share-begun", "light"),
    "share-used": ("share-used", "light"),
    "share-locked": ("share-locked", "light"),
}


def main() -> None:
    """Write all of them."""
    pages = {shown.name: shown for shown in gallery("en")}
    with chromium() as browser:
        for name, (shown, scheme) in PICTURES.items():
            page = browser.new_page(viewport={"width": 375, "height": 720}, color_scheme=scheme)
            show(page, pages[shown])
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
