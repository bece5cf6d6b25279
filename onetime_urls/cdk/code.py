"""Functions' assets as the CDK takes them.

It copies the folder into its own output while the function's construct is made, and names the copy by a
hash of the content: an unchanged function is not deployed again. The folder can go after that, so it is
a temporary one. (`cdk synth --no-staging`, made for the SAM CLI, would need it to stay.)
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import aws_lambda as lambda_

from onetime_urls.assets.asset import write_asset
from onetime_urls.assets.sources import Sources, find_sources
from onetime_urls.protocol.pages.brand import ShownBrand


@contextmanager
def function_code(
    function: str, config: Mapping[str, Any] | None = None, brand: ShownBrand | None = None
) -> Iterator[lambda_.Code]:
    """The code of `function`, for as long as its construct is being made.

    Args:
        config: what a function at the edge is told.
        brand: whose pages the function shows.

    Raises:
        Incomplete: something that the function needs isn't there.
    """
    with TemporaryDirectory() as folder:
        write_asset(Path(folder), function, _sources(), config=config, brand=brand)
        yield lambda_.Code.from_asset(folder)


@cache
def _sources() -> Sources:
    return find_sources()
