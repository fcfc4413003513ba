"""Drivers: the kinds of raster file that are read, and opening one as no other kind.

Question   May GDAL open this, and as what?
Enters     A target as GDAL takes it, and the drivers that are allowed.
Leaves     An open dataset.
Elsewhere  What a path means: read/image_path. What VRTs may hold: read/vrt.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rasterio.env import env_ctx_if_needed
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD_PIXELS = ("GTiff", "HFA", "netCDF", "JP2OpenJPEG", "JPEG", "PNG")
DRIVERS = (*HOLD_PIXELS, "VRT", "ENVI", "EHdr")


@contextmanager
def opened_as(target: Path | str, drivers: tuple[str, ...]) -> Iterator[Any]:
    """Open a target with these drivers and no other: not as a web service or a database.

    `rasterio.open` takes one driver only.
    """
    with env_ctx_if_needed(), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        dataset = DatasetReader(target, driver=list(drivers))
    with dataset:
        yield dataset
