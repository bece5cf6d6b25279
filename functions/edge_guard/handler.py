"""Where Lambda enters the edge guard: builds one guard per container from the files beside this one.

`config.json` and `amazon-roots.pem` are put into the asset at synthesis (`onetime_urls/assets`).
"""

import json
import os
from typing import TYPE_CHECKING, Any

from common.edge.connection import trust
from edge_guard.guard import Guard

if TYPE_CHECKING:
    from onetime_urls.protocol.pages.brand import ShownBrand


def _beside(name: str) -> str:
    return os.path.join(os.path.dirname(__file__), name)


def _brand() -> "ShownBrand | None":
    # Loaded here because it is for pages, which few viewers see.
    from common.brand import brand_beside

    return brand_beside(__file__)


with open(_beside("config.json"), encoding="utf-8") as file:
    _config = json.load(file)

_guard = Guard(
    parameter=_config["parameter"],
    parameter_region=_config["region"],
    tls=trust(_beside("amazon-roots.pem")),
    environ=os.environ,
    brand=_brand,
)
_guard.prepare()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """CloudFront viewer-request and origin-response; returns a request to forward or a response."""
    return _guard.handle(event, lambda: context.get_remaining_time_in_millis() / 1000)
