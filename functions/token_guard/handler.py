"""Where Lambda enters the token guard: builds one guard per container from the files beside this one.

`onetime_urls.protocol.private_assets` says what is in them. The issuers' keys are fetched while this module
is loaded, which Lambda gives more CPU and doesn't charge a viewer's patience for.
"""

import json
import os
from typing import TYPE_CHECKING, Any

from common.edge.fetch import at_endpoint, fetch, is_amazons
from token_guard.guard import Guard
from token_guard.settings import settings_reader

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand


def _beside(name: str) -> str:
    return os.path.join(os.path.dirname(__file__), name)


def _brand() -> "ShownBrand | None":
    # Loaded here because it is for pages, which few viewers see.
    from common.brand import brand_beside

    return brand_beside(__file__)


_roots = _beside("amazon-roots.pem")

with open(_beside("config.json"), encoding="utf-8") as file:
    _read_settings = settings_reader(json.load(file), os.environ, _roots)


def _fetch(url: str, timeout: float) -> bytes:
    where = at_endpoint(url, os.environ.get("AWS_ENDPOINT_URL"))
    return fetch(where, timeout, roots=_roots if is_amazons(where) else None)


_guard = Guard(_read_settings, _fetch, brand=_brand)
_guard.warm()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """CloudFront viewer-request and origin-response; returns a request to forward or a response."""
    return _guard.handle(event, lambda: context.get_remaining_time_in_millis() / 1000)
