"""The console as it is published: which files, under which names, and what its page says of them.

Everything but the page, its configuration and its icon stands in a folder that is named by a hash of all of
it. So none of these files ever changes under its name, and one that does not fit the others is never loaded.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from onetime_urls.assets import Incomplete
from onetime_urls.protocol.contract.console import ASSETS_FOLDER, ICON, PAGE, PLACEHOLDER

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')


@dataclass(frozen=True)
class Published:
    """What is published, but for what is known at deployment only.

    Attributes:
        version: names the folder of `files`.
        files: by their paths in it.
        icon: the page's, SVG; None without one.
    """

    version: str
    files: Mapping[str, bytes]
    icon: str | None
    _page: str

    @classmethod
    def of(cls, console: Mapping[str, bytes], added: Mapping[str, bytes]) -> Self:
        """The console of a checkout or a wheel, and what is made beside it.

        Raises:
            Incomplete: there is no page, or it lacks what is filled in at deployment.
        """
        page = console.get(PAGE, b"").decode()
        if not _POLICY.search(page) or PLACEHOLDER not in page:
            raise Incomplete(f"console/{PAGE} isn't there, or has no place for its policy or its files")
        files = {path: content for path, content in console.items() if path not in (PAGE, ICON)}
        files |= added
        digest = hashlib.sha256()
        for path in sorted(files):
            digest.update(f"{path}\0{len(files[path])}\0".encode() + files[path])
        icon = console.get(ICON)
        return cls(digest.hexdigest()[:16], files, icon.decode() if icon else None, page)

    def address(self, path: str) -> str:
        """Where one of the files is, below the page."""
        return f"{ASSETS_FOLDER}/{self.version}/{path}"

    def page(self, policy: str) -> str:
        """The page, with the names of its files and its own content security policy.

        Args:
            policy: without double quotes.
        """
        named = self._page.replace(PLACEHOLDER, self.address(""))
        return _POLICY.sub(lambda found: f"{found[1]}{policy}{found[2]}", named)
