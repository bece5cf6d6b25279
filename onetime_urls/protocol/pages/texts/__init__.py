"""Every text that people read on a page, in each language: a module of texts for each.

The modules have the same keys. What programs are told, in JSON and in plain text, stays in English and with
its codes: `onetime_urls.protocol.links.reasons`, `token_guard.refusals`, `share_page.result`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from onetime_urls.protocol.pages.language import preferred_language


@dataclass(frozen=True)
class Texts:
    """One language.

    Attributes:
        language: its tag (RFC 5646).
        of: text by key. One with a `$count` has a sister that ends in `.one`, for one of it.
    """

    language: str
    of: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.of[key]

    def __call__(self, key: str, **values: str | int) -> str:
        """The text with its values put in. They aren't escaped.

        Raises:
            KeyError: there is no such text, or it names a value that isn't given.
        """
        if values.get("count") == 1:
            key = f"{key}.one"
        return Template(self.of[key]).substitute(values)

    def list(self, key: str) -> list[str]:
        """The words of a text that is a list, such as that of the months."""
        return self.of[key].split()


def texts_for(accept_language: str) -> Texts:
    """The texts of the language that the header `Accept-Language` prefers."""
    # Loaded one by one because a guard that answers a person needs one of them.
    if preferred_language(accept_language) == "de":
        from onetime_urls.protocol.pages.texts import de

        return Texts("de", de.TEXTS)
    return english()


def english() -> Texts:
    """The texts in English."""
    from onetime_urls.protocol.pages.texts import en

    return Texts("en", en.TEXTS)
