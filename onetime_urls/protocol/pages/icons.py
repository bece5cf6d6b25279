"""The pictures of pages: drawn in lines on 24 by 24, in the colour of the text around them.

They say nothing to those who listen: whatever a picture tells is beside it in words.
"""

from onetime_urls.protocol.pages.markup import Html, html

_SHEET = '<path d="M6 3h8l5 5v13H6zM14 3v5h5"/>'

_DRAWN = {
    # kinds of files
    "file": _SHEET,
    "document": f'{_SHEET}<path d="M9.5 12.5h6m-6 4h4"/>',
    "text": f'{_SHEET}<path d="m10.5 12-2 2.5 2 2.5m4-5 2 2.5-2 2.5"/>',
    "picture": '<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="10" r="1.5"/>'
    '<path d="m4 18 5.5-5 4 3.5 3-2.5 4 4"/>',
    "audio": '<path d="M9 18V6l10-2v12"/><circle cx="6.5" cy="18" r="2.5"/>'
    '<circle cx="16.5" cy="16" r="2.5"/>',
    "video": '<rect x="3" y="6" width="12" height="12" rx="2"/><path d="m15 11 6-3.5v9L15 13z"/>',
    "archive": '<path d="M4.5 8v12h15V8M3 4h18v4H3zm7 8h4"/>',
    "table": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M4 10h16M4 15h16M10 10v10"/>',
    "slides": '<path d="M3 4h18M5 4v11h14V4m-7 11v3m-4 3 4-3 4 3"/>',
    "program": '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M3 9h18M8 12.5l2 2-2 2m5 0h3"/>',
    # what became of it
    "begun": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14"/>',
    "used": '<path d="M4 14v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4"/><path d="m8 9.5 3 3L17 6"/>',
    "expired": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "revoked": '<path d="M9 5 4 10l5 5m-5-5h10a6 6 0 0 1 6 6v3"/>',
    "locked": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "again": '<path d="M20 12a8 8 0 1 1-2.4-5.7M20 3v4.5h-4.5"/>',
    "unknown": '<path d="M10.5 17.5 9 19a4 4 0 0 1-5.7-5.7L6 10.6m7.5-4.1L15 5a4 4 0 0 1 5.7 5.7L18 13.4'
    'M8 3v2M3 8h2m11 13v-2m5-3h-2"/>',
    "gone": f'{_SHEET}<path d="m10.5 12.5 4 4m0-4-4 4"/>',
    "refused": '<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>',
    "sign-in": '<circle cx="8" cy="12" r="4"/><path d="M12 12h9v3m-4-3v3"/>',
    # and the rest
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "place": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M3.5 12h17M12 3.5c3.3 3 3.3 14 0 17-3.3-3-3.3-14 0-17"/>',
}

NAMES = frozenset(_DRAWN)


def icon(name: str, size: int = 24) -> Html:
    """One of `NAMES`, of so many pixels."""
    return html(
        '<svg viewBox="0 0 24 24" width="$size" height="$size" aria-hidden="true">$drawn</svg>',
        size=size,
        drawn=Html(_DRAWN[name]),
    )
