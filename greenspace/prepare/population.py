"""Population: how many persons live on each block of residential land.

Question   To which block does each person belong whom a column, points, zones or pixels count?
Enters     Blocks in the measuring CRS; points or zones there too, or a raster of persons a pixel.
Leaves     Persons a block, how many given persons live on no block, and findings.
Elsewhere  Opening files: residents. One number for a city or zones: prepare/allocate.

Nobody is lost in silence: persons on blocks and persons elsewhere add up to those given. Who
lives on none of the blocks is left out of them and counted, not moved to the nearest. Persons of
rows without a shape live nowhere, and are told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.model.layers import overlap_area_m2
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.people_pixels import spread_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.grid import BandReader
    from greenspace.prepare.people_pixels import Spread

    Floats = NDArray[np.float64]
    Pairs = tuple[NDArray[np.int64], NDArray[np.int64], Floats]

COLUMN = "population"
TOUCH = 1e-9  # of a zone: less is rounding along a shared line
LACKING = 0.01  # of a block's land without population data that is told
TOLD = 0.005  # of all persons living elsewhere that is a warning
POINT = 0
POLYGONS = (3, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """Who lives where.

    Attributes
    ----------
    persons
        By block, in their order; not whole numbers where persons are spread by area.
    elsewhere
        Persons given who live on none of the blocks.
    far
        Those of them beyond the extent of all blocks, where pixels count them.
    """

    persons: Floats
    elsewhere: float = 0.0
    far: float = 0.0
    findings: tuple[Finding, ...] = field(default=())


def population_of_blocks(
    blocks: gpd.GeoDataFrame,
    population: str | gpd.GeoDataFrame | BandReader,
    *,
    layer: str = "residential",
) -> Residents:
    """Return the persons on each block, from a column, points, zones or pixels.

    Parameters
    ----------
    blocks
        Valid polygons in the measuring CRS.
    layer
        What errors and findings call the blocks.
    population
        A column of `blocks`; points or zones in the same CRS with a column ``population``; or a
        reader with a band ``population``, in any CRS.

    Raises
    ------
    ColumnError
        A number of persons is missing, negative or not a number.
    GeometryError
        The layer holds neither points nor polygons.
    RasterError
        A pixel holds fewer than no persons.
    InputError
        Persons are given, and none of them lives on any block.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 3, 1), shapely.box(3, 0, 4, 1)])
    >>> zone = gpd.GeoDataFrame({"population": [80]}, geometry=[shapely.box(0, 0, 4, 9)])
    >>> population_of_blocks(blocks, zone).persons.tolist()
    [60.0, 20.0]
    """
    if isinstance(population, str):
        persons = persons_of_zones(blocks, population, layer=layer)
        return Residents(persons, findings=_landless_findings(blocks, persons, layer))
    if not isinstance(population, gpd.GeoDataFrame):
        found = _of_pixels(blocks, population)
    else:
        persons = persons_of_zones(population, COLUMN, layer=COLUMN)
        kinds = set(shapely.get_type_id(population.geometry.to_numpy()).tolist())
        if kinds <= {POINT}:
            found = _of_points(blocks, population, persons)
        elif kinds <= set(POLYGONS):
            found = _of_zones(blocks, population, persons)
        else:
            raise GeometryError(
                "人口图层应全是点，或全是面。",
                "The population layer should hold nothing but points, or nothing but polygons.",
                remedy=Text(zh="请分成两个图层。", en="Split it into layers of one kind."),
                layer=COLUMN,
                expected=("Point", "Polygon"),
                found=tuple(sorted(set(population.geom_type.astype(str)))),
            )
    _require_somebody(found)
    return replace(found, findings=(*found.findings, *_elsewhere_findings(found)))


def _of_points(blocks: gpd.GeoDataFrame, points: gpd.GeoDataFrame, persons: Floats) -> Residents:
    """Put every point's persons on the first block that holds it."""
    tree = shapely.STRtree(blocks.geometry.to_numpy())
    point, block = tree.query(points.geometry.to_numpy(), predicate="intersects")
    order = np.lexsort((block, point))
    point, first = np.unique(point[order], return_index=True)
    home = block[order][first]
    on_blocks = np.bincount(home, persons[point], len(blocks)).astype(float)
    homeless = np.ones(len(points), dtype=bool)
    homeless[point] = False
    return Residents(on_blocks, float(persons[homeless].sum()))


def _of_zones(blocks: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, persons: Floats) -> Residents:
    """Spread each zone's persons over the residential land in it, by area."""
    shapes = blocks.geometry.to_numpy()
    zone, block, shared = _shared(zones.geometry.to_numpy(), shapes)
    land = np.bincount(zone, shared, len(zones)).astype(float)
    settled = land > TOUCH * shapely.area(zones.geometry.to_numpy())
    density = np.divide(persons, land, out=np.zeros(len(zones)), where=settled)
    on_blocks = np.bincount(block, density[zone] * shared, len(blocks)).astype(float)
    known = np.bincount(block, shared, len(blocks)).astype(float)
    findings = (*_lacking_findings(blocks, known), *_beyond_findings(blocks, zones, persons))
    return Residents(on_blocks, float(persons[~settled].sum()), findings=findings)


def _of_pixels(blocks: gpd.GeoDataFrame, reader: BandReader) -> Residents:
    """Spread each pixel's persons over the residential land in it, by area."""
    found = spread_pixels(blocks, reader)
    known = (1.0 - found.unknown) * shapely.area(blocks.geometry.to_numpy())
    findings = (*reader.findings(), *_lacking_findings(blocks, known), *_astride_findings(found))
    return Residents(found.persons, found.near + found.far, found.far, findings)


def _shared(large: NDArray[Any], small: NDArray[Any]) -> Pairs:
    """Return which shapes of two lists meet, and the area that they share."""
    tree = shapely.STRtree(small)
    left, right = tree.query(large, predicate="intersects")
    area = shapely.area(small[right])
    shapely.prepare(large)
    cut = ~shapely.covers(large[left], small[right])
    area[cut] = shapely.area(shapely.intersection(large[left[cut]], small[right[cut]]))
    return left, right, area


# --- what to know


def _require_somebody(found: Residents) -> None:
    if found.elsewhere <= 0 or found.persons.sum() > 0:
        return
    raise InputError(
        f"给出的 {found.elsewhere:,.0f} 人没有一个住在居住用地上。",
        f"None of the {found.elsewhere:,.0f} persons given lives on the residential land.",
        remedy=Text(zh="请核对两者的坐标系和范围。", en="Check the CRS and the extent of both."),
        layer=COLUMN,
        found=found.elsewhere,
    )


def _elsewhere_findings(found: Residents) -> tuple[Finding, ...]:
    if found.elsewhere <= 0:
        return ()
    share = found.elsewhere / (found.elsewhere + found.persons.sum())
    far = Text(zh="", en="")
    if found.far > 0:
        far = Text(
            zh=f"，其中 {found.far:,.1f} 人在居住用地图层范围之外",
            en=f", {found.far:,.1f} of them beyond the extent of that layer",
        )
    text = Text(
        zh=f"给出的人口中有 {found.elsewhere:,.1f} 人（{share:.2%}）不在居住用地上{far.zh}，未计入任何地块。",
        en=f"{found.elsewhere:,.1f} of the persons given ({share:.2%}) live on no residential land"
        f"{far.en}; they are left out of all blocks.",
    )
    severity: Any = "warning" if share > TOLD else "note"
    return (Finding(code="residents_elsewhere", text=text, severity=severity, layer=COLUMN),)


def _landless_findings(
    blocks: gpd.GeoDataFrame, persons: Floats, layer: str
) -> tuple[Finding, ...]:
    """Return a warning on persons of rows without ground: none was drawn, or others have it."""
    rows = shapely.is_empty(blocks.geometry.to_numpy()) & (persons > 0)
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 个地块（{persons[rows].sum():,.0f} 人）没有自己的用地，其居民不计入"
        "覆盖比例；可能是重复的行。",
        en=f"Blocks without ground of their own: {int(rows.sum())}, with {persons[rows].sum():,.0f} "
        "persons who count in no share; they may be rows given twice.",
    )
    finding = Finding(
        code="residents_without_land",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(blocks.index[rows]),
        count=int(rows.sum()),
    )
    return (finding,)


def shared_ground_findings(places: gpd.GeoDataFrame, layer: str) -> tuple[Finding, ...]:
    """Return a warning where places share ground, so that persons on it may count twice."""
    overlap = overlap_area_m2(places.geometry)
    if not overlap:
        return ()
    text = Text(
        zh=f"{layer} 的行相互重叠 {overlap:,.2f} 平方米：重复的行其居民会计算两次。",
        en=f"Rows of {layer} overlap by {overlap:,.2f} m²: residents of rows given twice count "
        "twice.",
    )
    return (
        Finding(code="places_overlap", text=text, severity="warning", layer=layer, area_m2=overlap),
    )


def shapeless_findings(gone: gpd.GeoDataFrame, column: str, layer: str) -> tuple[Finding, ...]:
    """Return a warning on persons of rows that were left out, as they have no shape."""
    persons = persons_of_zones(gone, column, layer=layer)
    rows = persons > 0
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 行没有图形，其 {persons[rows].sum():,.0f} 人不知住在哪里，未计入。",
        en=f"Rows without a shape: {int(rows.sum())}, with {persons[rows].sum():,.0f} persons who "
        "live nobody knows where and are not counted.",
    )
    finding = Finding(
        code="residents_without_shape",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(gone.index[rows]),
        count=int(rows.sum()),
    )
    return (finding,)


def _lacking_findings(blocks: gpd.GeoDataFrame, known_m2: Floats) -> tuple[Finding, ...]:
    """Return a warning on land for which no population is given: no data, not nobody."""
    area = shapely.area(blocks.geometry.to_numpy())
    lack = np.maximum(area - known_m2, 0.0)
    rows = lack > LACKING * area
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 个地块有 {lack[rows].sum():,.0f} 平方米没有人口数据，按无人居住处理。",
        en=f"Blocks that partly lie where no population is given: {int(rows.sum())}, with "
        f"{lack[rows].sum():,.0f} m²; that land counts as uninhabited.",
    )
    finding = Finding(
        code="population_lacking",
        text=text,
        severity="warning",
        layer="residential",
        rows=tuple(blocks.index[rows]),
        count=int(rows.sum()),
        area_m2=float(lack[rows].sum()),
    )
    return (finding,)


def _beyond_findings(
    blocks: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, persons: Floats
) -> tuple[Finding, ...]:
    """Return a warning on zones that lie mostly beyond the residential layer as a whole."""
    extent = shapely.box(*shapely.total_bounds(blocks.geometry.to_numpy()))
    shapes = zones.geometry.to_numpy()
    inside = shapely.area(shapely.intersection(shapes, extent))
    rows = (inside > 0) & (inside < shapely.area(shapes) / 2) & (persons > 0)
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 个人口分区（{persons[rows].sum():,.0f} 人）大半在居住用地图层范围之外，"
        "其人口却全部放到范围内的居住用地上：若居住用地被裁切过，人数会偏大。",
        en=f"Zones of population that lie mostly beyond the residential layer: {int(rows.sum())}, "
        f"with {persons[rows].sum():,.0f} persons, all put on the residential land within it. "
        "Where that layer was clipped, they are too many.",
    )
    finding = Finding(
        code="zones_beyond",
        text=text,
        severity="warning",
        layer=COLUMN,
        rows=tuple(zones.index[rows]),
        count=int(rows.sum()),
    )
    return (finding,)


def _astride_findings(found: Spread) -> tuple[Finding, ...]:
    """Return a warning where pixels too large for the blocks bring in persons from beyond."""
    whole = found.persons.sum()
    if found.astride <= LACKING * whole:
        return ()
    text = Text(
        zh=f"{found.astride:,.0f} 人（{found.astride / whole:.1%}）来自大半在居住用地图层范围之外的像元，"
        "却全部放到范围内的居住用地上：像元太大或居住用地被裁切过，人数会偏大。",
        en=f"{found.astride:,.0f} persons ({found.astride / whole:.1%}) come from pixels that lie "
        "mostly beyond the residential layer, all put on the residential land within it. Where "
        "pixels are large or that layer was clipped, they are too many.",
    )
    return (Finding(code="zones_beyond", text=text, severity="warning", layer=COLUMN),)
