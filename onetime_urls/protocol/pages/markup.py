"""The one place where text becomes HTML: every value is escaped unless it is HTML already.

Two dozen lines rather than a template engine: the well-kept ones bring compiled code, and what Lambda
is given here is pure Python (onetime_urls/assets).
"""

from html import escape
from string import Template


class Html(str):
    """Text that is HTML: made by `html`, or written down as such in the code."""

    __slots__ = ()


def html(template: str, **values: str | int) -> Html:
    """Fill a template of ours. `$name` stands for the value of that name, escaped for text and for
    quoted attributes alike; a value that is `Html` stands as it is.

    Raises:
        KeyError: the template names a value that isn't given.
    """
    escaped = {
        name: value if isinstance(value, Html) else escape(str(value), quote=True)
        for name, value in values.items()
    }
    return Html(Template(template).substitute(escaped))


NOTHING = Html("")
