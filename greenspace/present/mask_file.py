"""Mask file: the vegetation of a raster as a cloud-optimised GeoTIFF.

Question   Which pixels were taken for green, not green and unseen?
Enters     A ClassRaster of these codes, read window by window, and a folder that holds nothing of others.
Leaves     One COG of bytes: 0 not green, 1 green, 255 unseen; with colours and overviews.
Elsewhere  Which pixels are green: prepare/vegetation. Polygons of them: vegetation_file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rasterio
import rasterio.shutil
from rasterio.errors import RasterioError

from greenspace.errors import InputError
from greenspace.model.crs import is_local
from greenspace.model.words import Text
from greenspace.present.record import relative_name
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from greenspace.model.grid import ClassRaster

NOT_GREEN, GREEN, UNSEEN = 0, 1, 255
TILE: Final = 512
CACHE_BYTES: Final = 64 * 2**20  # else a twentieth of all memory
COLOURS: Final = {
    NOT_GREEN: (236, 231, 214, 255),
    GREEN: (76, 145, 65, 255),
    UNSEEN: (0, 0, 0, 0),
}
LEGEND: Final = "0 = not green, 1 = green, 255 = unseen"
COG: Final = {
    "BLOCKSIZE": str(TILE),
    "COMPRESS": "DEFLATE",
    "OVERVIEW_RESAMPLING": "MODE",
    "BIGTIFF": "IF_SAFER",
    "STATISTICS": "NO",
}


def write_mask_file(
    raster: ClassRaster,
    path: Path,
    *,
    laid_over: Sequence[str] = (),
    said: Callable[[int], None] | None = None,
) -> None:
    """Write green, not green and unseen pixels, in bounded memory.

    Parameters
    ----------
    path
        In a folder that may be filled: a plain GeoTIFF lies beside it meanwhile.
    laid_over
        The layers of polygons that lie over what the sources say.
    said
        Called with the rows done.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    plain = path.with_name(f"{path.name}.part")
    try:
        with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES):
            _write_plain(raster, plain, laid_over, said)
            rasterio.shutil.copy(plain, path, driver="COG", **COG)
        plain.unlink()
    except RasterioError as error:
        raise InputError(
            f"无法写入 {path.name}：{error}。",
            f"{path.name} cannot be written: {error}.",
            remedy=Text(zh="请检查磁盘空间和写权限。", en="Check disk space and permissions."),
            file=path.name,
        ) from error


def _write_plain(
    raster: ClassRaster,
    path: Path,
    laid_over: Sequence[str],
    said: Callable[[int], None] | None,
) -> None:
    grid = raster.grid
    crs = None if grid.crs is None or is_local(grid.crs) else grid.crs.to_wkt()
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=grid.width,
        height=grid.height,
        count=1,
        dtype="uint8",
        crs=crs,
        transform=grid.transform,
        nodata=UNSEEN,
        tiled=True,
        blockxsize=TILE,
        blockysize=TILE,
        compress="deflate",
        zlevel=1,
        bigtiff="if_safer",
    ) as target:
        target.write_colormap(1, COLOURS)
        target.set_band_description(1, LEGEND)
        target.update_tags(**_told(raster, laid_over))
        for strip in raster.class_strips(grid.windows()):
            window = strip.window
            place = (
                (window.row, window.row + window.height),
                (window.col, window.col + window.width),
            )
            target.write(strip.codes, 1, window=place)
            if said is not None:
                said(window.row + window.height)


def _told(raster: ClassRaster, laid_over: Sequence[str]) -> Mapping[str, str]:
    rules = [clean(f"{item.role}: {relative_name(item.name)}") for item in raster.sources]
    rules += [clean(layer) for layer in laid_over]
    return {"TIFFTAG_IMAGEDESCRIPTION": LEGEND, "GREENSPACE_SOURCES": "; ".join(rules)}
