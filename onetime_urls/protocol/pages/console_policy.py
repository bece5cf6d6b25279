"""Content security policies of the console.

A page has two, and does what both allow. The one in the answer's header comes with the distribution, which
the API and the bucket have to know to let its pages in: it can't name them in turn. So it says all but with
whom the page talks, and the one in the page itself, filled in when everything is there, says exactly that
(docs/decisions/0034).
"""

from collections.abc import Iterable

_OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADER_POLICY = (
    f"{_OWN}; frame-ancestors 'none'; connect-src *; img-src * blob: data:; media-src * blob:; "
    "frame-src blob:"
)
"""`frame-ancestors` counts in a header only (CSP Level 3, section 3.3). `*` is no more than https here: a
page that came by https loads nothing by http (Mixed Content, section 5)."""

PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
"""Permissions-Policy: none of what a page can ask a person for; the clipboard isn't named, and stays."""


def page_policy(*, asked: Iterable[str], shown: str | None) -> str:
    """The policy in the page.

    Args:
        asked: addresses that the page's script calls.
        shown: the address that it shows files from.
    """
    files = f" {shown}" if shown else ""
    return (
        f"{_OWN}; connect-src 'self' {' '.join(asked)}{files}; img-src 'self' blob: data:{files}; "
        f"media-src blob:{files}; frame-src blob:"
    )
