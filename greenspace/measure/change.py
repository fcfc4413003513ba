"""Change: gained, lost and kept green of zones, from two images compared pixel by pixel.

Question   How many square metres of each zone became green, and how many ceased to be?
Enters     A ClassRaster of change, zones, and reference points of change.
Leaves     Square metres a zone; what the points say of the areas.
Elsewhere  Comparing the images: prepare/two_dates. Values: model/change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.measure.accuracy import area_estimate, stehman_estimate
from greenspace.measure.areas import DUST
from greenspace.measure.error_matrix import error_matrix
from greenspace.measure.patches import stated
from greenspace.measure.zonal import shares_by_class
from greenspace.measure.zone_estimates import zone_estimates
from greenspace.model.change import AREAS, ESTIMATED, KINDS
from greenspace.model.grid import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.patches import Patches, Shapes, Surface
    from greenspace.model.estimate import AreaEstimate, ZoneEstimate
    from greenspace.model.grid import ClassRaster

    Floats = NDArray[np.float64]

SURE = len(KINDS)
UNSEEN_STRADDLING = ON_EDGE = 2 * SURE
CLASSES = ON_EDGE + SURE
LAND = 3  # numbers that a surface has of a shape: green, seen, unseen
BOTH = 3  # the weights of the two dates in a kind: 2 green before, 1 green after


def change_areas(
    raster: ClassRaster, zones: gpd.GeoSeries, zones_on_raster: gpd.GeoSeries
) -> Floats:
    """Measure what became of each zone, exact at the edges of pixels and zones.

    Parameters
    ----------
    raster
        Codes as `KINDS` count from 0; 4 more where a pixel straddles an edge of the other
        image; 8 where such a pixel is unseen, 255 where another is; 8 more for what was gained or
        lost beside such an edge.
    zones
        Valid polygons in the measuring CRS.
    zones_on_raster
        The same zones in the CRS of the raster.

    Returns
    -------
    ndarray
        A row a zone, columns as `greenspace.model.change.AREAS`, in square metres.
    """
    shares = shares_by_class(raster, zones_on_raster, CLASSES)
    area = shapely.area(zones.to_numpy())[:, None]
    plain, straddling = shares[:, :SURE], shares[:, SURE : 2 * SURE]
    beside = shares[:, ON_EDGE:].copy()
    beside[:, 0] = 0.0  # that code is of unseen pixels
    kinds = plain + straddling + beside
    unseen = np.maximum(1.0 - kinds.sum(axis=1, keepdims=True), 0.0)
    across = shares[:, SURE : UNSEEN_STRADDLING + 1].sum(axis=1, keepdims=True)
    changed = [KINDS.index(kind) for kind in ESTIMATED]
    on_edge = (straddling + beside)[:, changed].sum(axis=1, keepdims=True)
    found: Floats = np.hstack((kinds, unseen, across, on_edge)) * area
    return found


@dataclass(frozen=True)
class Date:
    """One date: the image alone, to be measured under any shapes, and the patches over it."""

    surface: Surface
    patches: tuple[Patches, ...]

    def land(self, shapes: Shapes) -> Floats:
        """Return green, seen and unseen m2 by the image alone, a row a shape."""
        return self.surface(shapes).T


def with_patches(
    rows: Floats,
    zones: Shapes,
    before: Date,
    after: Date,
    images: Callable[[Shapes], Floats],
) -> Floats:
    """Return the change of zones as patches over the images have it, with their exact edges.

    Where patches speak of both dates, no image is asked; where of one, the image of the other
    is measured alone, and its pixels straddle nothing.

    Parameters
    ----------
    rows
        What became of each zone by the images alone.
    zones
        Valid polygons on the plane of the patches.
    images
        Measures likewise under other shapes.

    Examples
    --------
    >>> def bare(shapes):
    ...     area = shapely.area(shapes)
    ...     return np.array([0 * area, area, 0 * area])
    >>> def same(shapes):
    ...     return np.pad(shapely.area(shapes)[:, None], ((0, 0), (0, len(AREAS) - 1)))
    >>> from greenspace.measure.patches import Patches
    >>> zone, crown = np.array([shapely.box(0, 0, 5, 1)]), np.array([shapely.box(4, 0, 9, 1)])
    >>> planted = Date(bare, (Patches(crown, crown[:0]),))
    >>> with_patches(same(zone), zone, Date(bare, ()), planted, same)[0, :4].tolist()
    [4.0, 1.0, 0.0, 0.0]
    """
    said = [stated(date.patches, zones)[::-1] for date in (before, after)]  # bare, green
    spoken = [shapely.union(*each) for each in said]
    found = rows - _under(shapely.union(*spoken), images, len(AREAS))
    for then in range(2):
        for now in range(2):
            both = shapely.intersection(said[0][then], said[1][now])
            found[:, now + 2 * then] += shapely.area(both)
    for own, other, weight in ((0, after, 2), (1, before, 1)):
        for class_, ground in enumerate(said[own]):
            alone = shapely.difference(ground, spoken[1 - own])
            green, seen, unseen = _under(alone, other.land, LAND).T
            kind = weight * class_
            found[:, kind + BOTH - weight] += green
            found[:, kind] += seen - green
            found[:, AREAS.index("unseen")] += unseen
    found[found < DUST * shapely.area(zones)[:, None]] = 0.0
    return found


def _under(shapes: Shapes, measured: Callable[[Shapes], Floats], columns: int) -> Floats:
    """Measure shapes of which many may be empty, a row each."""
    here = np.flatnonzero(shapely.area(shapes) > 0)
    found = np.zeros((len(shapes), columns))
    if len(here):
        found[here] = measured(shapes[here])
    return found


def codes_at(raster: ClassRaster, x: Floats, y: Floats) -> NDArray[np.uint8]:
    """Return the class of the pixel below each point, 255 outside the image.

    Only the blocks that hold points are read.
    """
    grid = raster.grid
    back = ~grid.transform
    cols = np.floor(back.a * x + back.b * y + back.c).astype(np.int64)
    rows = np.floor(back.d * x + back.e * y + back.f).astype(np.int64)
    found = np.full(len(x), UNSEEN, dtype=np.uint8)
    windows = [
        w
        for w in grid.windows()
        if (
            (rows >= w.row) & (rows < w.row + w.height) & (cols >= w.col) & (cols < w.col + w.width)
        ).any()
    ]
    for strip in raster.class_strips(windows):
        down, right = rows - strip.window.row, cols - strip.window.col
        height, width = strip.codes.shape
        here = (down >= 0) & (down < height) & (right >= 0) & (right < width)
        found[here] = strip.codes[down[here], right[here]]
    return found


@dataclass(frozen=True, slots=True)
class Design:
    """Strata that are not the kinds of the map: of each point, with area and number drawn."""

    strata: NDArray[Any]
    areas_m2: Mapping[Any, float]
    drawn: Mapping[Any, float]


def change_estimate(
    mapped: NDArray[np.int_],
    reference: NDArray[np.int_],
    areas: Floats,
    design: Design | None = None,
) -> AreaEstimate:
    """Estimate the areas of change, free of the errors of the map.

    Parameters
    ----------
    mapped, reference
        For each point, what the map says and what is so: places in `KINDS`.
    areas
        Mapped square metres of the four kinds, on the ground that the points stand for.
    design
        Where the points were drawn otherwise than by the kinds of the map, or everywhere alike.

    Returns
    -------
    AreaEstimate
        Of the four kinds.

    Raises
    ------
    InputError
        A kind that is mapped has fewer than two points.

    Examples
    --------
    >>> mapped = np.repeat([0, 1, 2, 3], 10)
    >>> found = change_estimate(mapped, mapped, np.array([50.0, 10.0, 10.0, 30.0]))
    >>> found.areas["gained"].value
    10.0
    """
    names = np.array(KINDS)
    if design is not None:
        return stehman_estimate(
            design.strata,
            names[mapped],
            names[reference],
            design.areas_m2,
            classes=KINDS,
            drawn=design.drawn,
            domain_area=float(areas.sum()),
        )
    matrix = error_matrix(names[mapped], names[reference], KINDS)
    return area_estimate(matrix, dict(zip(KINDS, areas.tolist(), strict=True)))


def change_by_zone(
    zones: NDArray[np.int_],
    mapped: NDArray[np.int_],
    reference: NDArray[np.int_],
    rows: Floats,
    whole: Floats,
    design: Design | None = None,
) -> dict[str, tuple[ZoneEstimate, ...]]:
    """Estimate what each zone gained and lost: from its own points, or synthetically.

    Parameters
    ----------
    zones, mapped, reference
        For each point the row of the zone that it lies in, what the map says and what is so.
    rows, whole
        Mapped square metres of the four kinds: of each zone, and of all their ground.
    design
        As in `change_estimate`.
    """
    names = np.array(KINDS)
    drawn: dict[str, Any] = {}
    strata: Mapping[Any, float] = dict(zip(KINDS, whole.tolist(), strict=True))
    if design is not None:
        strata, drawn = design.areas_m2, {"strata": design.strata, "drawn": design.drawn}
    areas = pd.DataFrame(rows, columns=list(KINDS))
    points = (zones, names[mapped], names[reference])
    return {kind: zone_estimates(*points, areas, strata, label=kind, **drawn) for kind in ESTIMATED}
