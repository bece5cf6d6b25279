"""What is done when the wheel is built: functions and what they vendor are put into it, as they are now.

Hatchling calls this (its documentation, "Custom build hook"). A checkout that lacks something doesn't become
a wheel.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CarryFunctions(BuildHookInterface):  # type: ignore[type-arg]  # generic in a builder's configuration, which isn't read here
    """Puts `onetime_urls/assets/carried` into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it, before the wheel is put together.

        Raises:
            Incomplete: something that a function needs isn't there.
        """
        if version == "editable":  # everything is read from where it is
            return
        sys.path.insert(0, self.root)
        from onetime_urls.assets.sources import carry, of_checkout

        self._folder = TemporaryDirectory()
        carry(of_checkout(Path(self.root)), Path(self._folder.name))
        build_data["force_include"][self._folder.name] = "onetime_urls/assets/carried"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove it."""
        if version != "editable":
            self._folder.cleanup()
