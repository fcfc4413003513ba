"""Park interior: how much of the land of parks and squares is green.

Question   What share of a park's land, or of a square, do plants cover?
Enters     Vegetation as polygons or an image, parks or squares, and water, in any CRS.
Leaves     A RatioTable, one row a park or square; its total is the share of all.
Elsewhere  A city's check: park_gauge. Any zones: api.green_coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from greenspace.api import green_coverage
from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError
from greenspace.model.crs import parse_crs
from greenspace.model.words import Text
from greenspace.prepare.clip import polygonal
from greenspace.prepare.park_classes import are_squares
from greenspace.prepare.ready import Ready
from greenspace.prepare.repair import as_frame
from greenspace.read.definitions import read_classes

if TYPE_CHECKING:
    from greenspace.model.grid import GreenRaster
    from greenspace.model.quantity import RatioTable
    from greenspace.prepare.repair import Layer

PARK_GREENING, SQUARE_GREENING = "park_greening_share", "square_greening_share"


def park_greening_share(
    vegetation: GreenRaster | Layer | Any,
    parks: Layer,
    *,
    water: Layer | None = None,
    crs: Any = None,
) -> RatioTable:
    """Measure how much of each park's land is green (公园绿化用地占陆地面积比例).

    ``area(vegetation ∩ (park - water)) / area(park - water)``. The caller clips parks to the
    built-up area where vegetation was only looked for there (`gs.check` does).

    Parameters
    ----------
    vegetation
        As in `green_coverage`: all that plants cover counts, crowns over paths too.
    parks
        Park polygons; ``total()`` of the table is the share of all, and refuses overlaps.
    water
        Water surfaces, which are no land. Without it ponds count as land, and the share is the
        least that it can be.
    crs
        Measuring CRS; default: the image's, or the parks', where it may measure.

    Returns
    -------
    RatioTable
        One row a park in the caller's order; halves (and ``unseen``) in m2, values 0 to 1. A park
        that is all water has no value.

    Raises
    ------
    CrsError, GeometryError, RasterError
        As in `green_coverage`.

    References
    ----------
    At least 70 % (建城[2000]106号, 建城[2005]43号), more than 65 % (GB 55014-2021);
    docs/explanation/parks_by_class.md.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> park = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn, pond = (gpd.GeoSeries([box(x, 0, x + 40, 100)], crs=6933) for x in (0, 60))
    >>> round(float(park_greening_share(lawn, park, water=pond).value[0]), 9)
    0.666666667
    """
    land = parks
    if water is not None:
        ready = Ready(None if crs is None else parse_crs(crs), parks, "parks")
        land = without(ready.zones(parks, "parks"), ready.dissolved(water, "water"))
    table = green_coverage(vegetation, land, crs=crs)
    return table.on(parks).called(PARK_GREENING)


def square_greening_share(
    vegetation: GreenRaster | Layer | Any, green: Layer, *, edition: str, crs: Any = None
) -> RatioTable:
    """Measure how much of each square is green (广场用地绿地率).

    ``area(vegetation ∩ square) / area(square)``, of the parcels of class G3 of CJJ/T 85-2017.

    Parameters
    ----------
    vegetation, crs
        As in `park_greening_share`.
    green
        Green parcels with a column ``class``.
    edition
        ``"2017"``; the edition of 2002 has no class of squares, its G3 is protective green.

    Returns
    -------
    RatioTable
        One row a square; halves (and ``unseen``) in m2, values 0 to 1.

    Raises
    ------
    ColumnError
        There is no column ``class``, or no row is a square in this edition.
    CrsError, GeometryError, RasterError
        As in `green_coverage`.

    References
    ----------
    More than 35 % (GB 55014-2021); at 65 % a square counts as a park (CJJ/T 85-2017).

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> square = gpd.GeoDataFrame({"class": ["G3"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 40, 100)], crs=6933)
    >>> square_greening_share(lawn, square, edition="2017").value.tolist()
    [0.4]
    """
    parcels = as_frame(green, "green")
    coded = "class" in parcels.columns
    table = coded_table(parcels, str(edition), "green") if coded else read_classes(str(edition))
    squares = parcels[are_squares(parcels["class"], table)] if coded else parcels[:0]
    if squares.empty:
        raise ColumnError(
            f"绿地中没有 CJJ/T 85-{table.edition} 的广场用地。",
            f"No parcel is a square by CJJ/T 85-{table.edition}.",
            remedy=Text(
                zh="广场用地是 2017 版的 G3；请给出字段 class 和 edition。",
                en="Squares are G3 of 2017: give a column class, and the edition.",
            ),
            layer="green",
            column="class",
            expected="G3",
        )
    return green_coverage(vegetation, squares, crs=crs).called(SQUARE_GREENING)


def without(land: gpd.GeoDataFrame, water: Any) -> gpd.GeoDataFrame:
    """Return land without water, row for row; valid shapes of one CRS."""
    near = shapely.intersects(land.geometry.to_numpy(), water)
    shapes = land.geometry.to_numpy().copy()
    shapes[near] = polygonal(shapely.difference(shapes[near], water))
    return land.set_geometry(gpd.GeoSeries(shapes, index=land.index, crs=land.crs))
