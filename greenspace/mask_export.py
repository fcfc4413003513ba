"""Mask export: the judged pixels as one file, for a GIS or for whoever checks the number.

Question   Which pixels were taken for green?
Enters     What gs.vegetation or gs.corrected returned; a path.
Leaves     A cloud-optimised GeoTIFF, whole or not at all.
Elsewhere  The file itself: present/mask_file. With table and map: coverage_map.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.prepare.corrections import laid_over
from greenspace.prepare.crop import crop_to
from greenspace.prepare.vectorise import GreenClasses
from greenspace.present.mask_file import write_mask_file
from greenspace.present.parts import replace_files, settle_leftovers
from greenspace.tally import as_raster, zones_on_raster

if TYPE_CHECKING:
    from greenspace.model.grid import GreenRaster
    from greenspace.prepare.repair import Layer
    from greenspace.prepare.vegetation import Vegetation


def write_mask(
    vegetation: Vegetation | Any,
    path: Path | str,
    *,
    zones: Layer | None = None,
    force: bool = False,
) -> Path:
    """Write the pixels that were taken for green as a cloud-optimised GeoTIFF.

    One byte a pixel: 0 not green, 1 green (half of it or more), 255 unseen and nodata; with
    colours and overviews. Written in bounded memory, whole or not at all.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` or `gs.corrected` returned, or a raster of 0/1 or shares.
        Polygons decide the pixels whose middle they cover; areas from them are exact, those of
        the mask are whole pixels.
    path
        Of the file, such as ``"vegetation.tif"``.
    zones
        Write only the part of the image that these reach, on whole blocks of the file.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        The file exists, is not called ``.tif``, or cannot be written; or the zones do not meet
        the image.
    RasterError
        The image cannot be read as described.

    Examples
    --------
    >>> write_mask("shares.tif", "mask.png")
    Traceback (most recent call last):
    greenspace.errors.InputError: The mask is a GeoTIFF... Call it mask.tif....
    """
    target = Path(path).expanduser().resolve()
    _require_free_tif(target, force=force)
    whole = as_raster(vegetation)
    raster = whole
    if zones is not None:
        raster = require_shown(crop_to(whole, zones_on_raster(whole, zones)))
    codes = GreenClasses(raster)
    replace_files(
        target,
        lambda folder: write_mask_file(codes, folder / target.name, laid_over=laid_over(whole)),
        old=[target] if target.exists() else [],
    )
    return target


def require_shown(raster: GreenRaster | None) -> GreenRaster:
    """Return the part of an image that zones reach.

    Raises
    ------
    InputError
        There is none.
    """
    if raster is not None:
        return raster
    raise InputError(
        "影像与分区不重叠，没有像元可写。",
        "The image shows no part of the zones: there are no pixels to write.",
        remedy=Text(zh="请核对坐标系。", en="Check the CRS of both."),
    )


def _require_free_tif(target: Path, *, force: bool) -> None:
    if target.suffix.lower() not in {".tif", ".tiff"}:
        raise InputError(
            "掩膜写成 GeoTIFF。",
            "The mask is a GeoTIFF.",
            remedy=Text(zh=f"请写 {target.stem}.tif。", en=f"Call it {target.stem}.tif."),
            file=target,
            expected=".tif",
            found=target.suffix,
        )
    if target.is_dir() or (target.exists() and not force):
        raise InputError(
            f"{target.name} 已存在，未作改动。",
            f"{target.name} exists and was left as it is.",
            remedy=Text(
                zh="请换一个名称，或写 force=True 替换。",
                en="Name another, or pass force=True to replace it.",
            ),
            file=target,
        )
    settle_leftovers(target)
