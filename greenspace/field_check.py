"""Field check: from a map of vegetation to the places where somebody should look.

Question   Which points, drawn by chance, tell how right this map is, and what shows them?
Enters     A map of vegetation, zones, how many points or how narrow an interval.
Leaves     A ReferenceSample that writes the field-check sheet 野外核查表.
Elsewhere  What the visited points say: assessment. Drawing: measure/sampling.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from greenspace.errors import DataWarning, InputError
from greenspace.measure.accuracy import LEAST_POINTS
from greenspace.measure.sample_size import sample_size
from greenspace.measure.sampling import draw_sample
from greenspace.model.reference_sample import ReferenceSample
from greenspace.model.words import Text
from greenspace.prepare.chips import WAYS, chips_of, colours_of
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.vectorise import GreenClasses
from greenspace.prepare.vegetation import Vegetation
from greenspace.read.block_cache import few_blocks_kept
from greenspace.read.raster import ImageBands
from greenspace.tally import as_raster, coverage_of_zones, zones_on_raster

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from greenspace.measure.sample_size import Allocation
    from greenspace.model.grid import GreenRaster
    from greenspace.prepare.repair import Layer

CLASSES = {1: "green", 0: "not_green"}
GUESS = {"green": 0.9, "not_green": 0.1}  # of what is mapped so, the share that is green
CHIP_PX = 64
MOST_CHIP_PX = 512


def draw_reference_sample(
    vegetation: Any,
    zones: Layer,
    *,
    seed: int,
    points: Mapping[str, int] | None = None,
    half_width: float = 0.03,
    allocation: Allocation = "neyman",
    chip_px: int = CHIP_PX,
) -> ReferenceSample:
    """Draw places to visit from a map: a stratified random sample, the same for the same seed.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` or `gs.corrected` returned, or a raster of 0/1.
    zones
        The ground in question, such as the built-up area; only seen pixels of it are drawn.
    seed
        A number of your own; keep it with the sample.
    points
        How many in each class: ``{"green": 100, "not_green": 100}``. Left out: as many as
        `half_width` asks for if a tenth of each class is mapped wrong, and 50 at least.
    half_width
        Wanted for the interval of coverage: 0.03 is three percentage points either way.
    allocation
        How `half_width` spreads them over the classes: ``neyman`` the fewest points,
        ``proportional`` by area, ``equal`` the same in each; see `gs.sample_size`.
    chip_px
        Width in pixels of the picture around each point.

    Returns
    -------
    ReferenceSample
        ``.points``; ``.write(folder)`` makes ``reference.gpkg`` and ``field_sheet.xlsx``.

    Raises
    ------
    InputError
        A class has fewer pixels than points are wanted, or the picture has no sensible width.

    References
    ----------
    Olofsson et al. 2014, doi:10.1016/j.rse.2014.02.015.

    Examples
    --------
    >>> draw_reference_sample("missing.tif", gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=4547), seed=1)
    Traceback (most recent call last):
    greenspace.errors.RasterError: It cannot be opened as an image: ...
    """
    if not 0 < chip_px <= MOST_CHIP_PX:
        raise InputError(
            f"chip_px 应在 1 与 {MOST_CHIP_PX} 之间，而不是 {chip_px}。",
            f"chip_px should be from 1 to {MOST_CHIP_PX}, not {chip_px}.",
            remedy=Text(zh="例如 chip_px=64。", en="For example chip_px=64."),
            expected=f"1 to {MOST_CHIP_PX}",
            found=chip_px,
        )
    raster = as_raster(vegetation)
    shapes = zones_on_raster(raster, zones)
    ground = gpd.GeoSeries([shapely.union_all(shapes.geometry.to_numpy())], crs=shapes.crs)
    wanted = _enough(raster, ground, half_width, allocation) if points is None else points
    with few_blocks_kept(raster.grid):
        drawn = draw_sample(GreenClasses(raster), ground, CLASSES, wanted, seed=seed)
    if points is not None:
        _warn_of_few(drawn)
    chips, colours = _chips(raster, drawn, chip_px)
    return ReferenceSample(
        points=drawn.assign(reference=None),
        seed=seed,
        chips=chips,
        colours=colours,
        sources=raster.sources,
    )


def _warn_of_few(drawn: gpd.GeoDataFrame) -> None:
    """Warn where an assessment would refuse the points."""
    few = [name for name in CLASSES.values() if (drawn["stratum"] == name).sum() < LEAST_POINTS]
    if few:
        warnings.warn(
            f"fewer than {LEAST_POINTS} points in {', '.join(few)}: gs.assess refuses them where the "
            "map has that class",
            DataWarning,
            stacklevel=3,
        )


def _enough(
    raster: GreenRaster, ground: gpd.GeoSeries, half_width: float, allocation: Allocation
) -> Mapping[Any, int]:
    whole = coverage_of_zones(raster, ground, None).ratio(0)
    areas = {"green": whole.numerator, "not_green": whole.denominator - whole.numerator}
    present = {name: area for name, area in areas.items() if area > 0}
    if not present:
        raise InputError(
            "影像上完全看不到该范围，无处可抽。",
            "The image shows nothing of the ground in question: there is nothing to draw from.",
            remedy=Text(zh="请核对坐标系。", en="Check the CRS of both."),
        )
    guess = {name: GUESS[name] for name in present}
    return sample_size(present, guess, half_width, allocation=allocation).points


def _chips(
    raster: GreenRaster, drawn: gpd.GeoDataFrame, chip_px: int
) -> tuple[NDArray[np.uint8] | None, Text | None]:
    """Return pictures, where an image and not a ready map lies behind; a map would tell."""
    bare = raster.raster if isinstance(raster, Corrected) else raster
    if not isinstance(bare, Vegetation) or not isinstance(bare.reader, ImageBands):
        return None, None
    reader = bare.reader.with_colours()
    colours = colours_of(reader.places)
    if colours is None:
        return None, None
    xy = drawn[["x", "y"]].to_numpy(dtype=float)
    return chips_of(reader, colours, xy, side_px=chip_px), WAYS[colours]
