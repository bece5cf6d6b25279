"""Reads the brand beside a function's code, where its deployment has one."""

import json
import os

from onetime_urls.protocol.pages.brand import FILE, ShownBrand


def brand_beside(module: str) -> ShownBrand | None:
    """The brand in the folder of a module; None without one.

    Args:
        module: the module's `__file__`.
    """
    try:
        with open(os.path.join(os.path.dirname(module), FILE), encoding="utf-8") as file:
            return ShownBrand.from_plain(json.load(file))
    except FileNotFoundError:
        return None
