"""Decides which objects a browser may show outside the sandbox, by their media types."""

import re

_WITHOUT_SCRIPT = re.compile(r"application/pdf|(audio|video)/[\w.-]+", re.ASCII)
"""Types that a browser opens with a viewer or a player of its own, in which nothing can reach the page's
origin. Chromium's don't work in a sandbox. All other types stay in it: HTML, SVG and whatever ends in `+xml`
may hold scripts; pictures and text open all the same. Types aren't guessed: answers say `nosniff`."""


def kind_of(content_type: str) -> str:
    """What comes before a media type's parameters. Browsers take a header with commas for several, of which
    the last counts (Fetch, "extract a MIME type"): it is none."""
    return "" if "," in content_type else content_type.partition(";")[0].strip().lower()


def holds_no_script(kind: str) -> bool:
    """Whether an object of that kind can't hold a script, and has to be shown outside the sandbox."""
    return _WITHOUT_SCRIPT.fullmatch(kind) is not None
