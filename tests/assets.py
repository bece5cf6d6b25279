"""Functions' assets as Lambda has them: unpacked."""

import io
import zipfile
from pathlib import Path

from onetime_urls.assets.asset import Asset


def unpack(asset: Asset, folder: Path) -> None:
    """Put the files of an asset into a folder."""
    with zipfile.ZipFile(io.BytesIO(asset.archive)) as archive:
        archive.extractall(folder)
