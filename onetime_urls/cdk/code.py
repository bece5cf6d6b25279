"""Functions' assets as the CDK takes them.

It copies the archive into its own output while the function's construct is made, and names the copy by the
fingerprint of what is in it: an unchanged function is not deployed again. The archive can go after that, so
it is in a temporary folder. (`cdk synth --no-staging`, made for the SAM CLI, would need it to stay.)
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import aws_lambda as lambda_

from onetime_urls.assets.asset import Asset, make_asset
from onetime_urls.assets.sources import Sources, find_sources
from onetime_urls.protocol.pages.brand import ShownBrand

RUNTIME = lambda_.Runtime.PYTHON_3_14


@contextmanager
def function_code(
    function: str,
    config: Mapping[str, Any] | None = None,
    brand: ShownBrand | None = None,
    data: Mapping[str, bytes] | None = None,
) -> Iterator[lambda_.Code]:
    """The code of `function`, for as long as its construct is being made.

    Args:
        config: what a function at the edge is told.
        brand: whose pages the function shows.
        data: what else it carries, by its path in the function's folder.

    Raises:
        Incomplete: something that the function needs isn't there.
    """
    with TemporaryDirectory() as folder:
        asset = _made(function, json.dumps(config), brand, tuple((data or {}).items()))
        packed = Path(folder, f"{function}.zip")
        packed.write_bytes(asset.archive)
        yield lambda_.Code.from_asset(str(packed), asset_hash=asset.fingerprint)


@cache
def _made(function: str, config: str, brand: ShownBrand | None, data: tuple[tuple[str, bytes], ...]) -> Asset:
    """The asset. Several deployments in one app have most of them in common."""
    return make_asset(function, deployed_sources(), config=json.loads(config), brand=brand, data=dict(data))


@cache
def deployed_sources() -> Sources:
    """Where what is deployed comes from.

    Raises:
        Incomplete: something isn't there.
    """
    return find_sources()
