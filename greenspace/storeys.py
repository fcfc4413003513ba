"""Storeys: the share of trees and shrubs in the green cover, from polygons or classes.

Question   How much of this vegetation is trees and shrubs?
Enters     Plants with their layer, or a class raster; zones in any CRS.
Leaves     A Ratio, or with zones a RatioTable on the caller's rows.
Elsewhere  How green the ground is: tally. Words for layers: prepare/storeys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.measure.areas import covered, covered_area
from greenspace.measure.coverage import polygon_coverage
from greenspace.measure.storeys import (
    tree_shrub_share_by_zone,
    tree_shrub_share_of_classes,
    tree_shrub_share_of_polygons,
)
from greenspace.measure.zonal import shares_by_class
from greenspace.model.crs import parse_crs
from greenspace.model.words import Text
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.land_cover import LAYERS, LandCover
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.repair import as_frame
from greenspace.prepare.storeys import WOODY, woody_rows
from greenspace.prepare.vegetation import GreenShares, Vegetation
from greenspace.read.block_cache import few_blocks_kept
from greenspace.tally import zones_on_raster

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.prepare.repair import Layer

WOODY_CLASSES = tuple(LAYERS.index(kind) for kind in WOODY)
GREEN_CLASSES = tuple(range(1, len(LAYERS)))


def tree_shrub_share(
    vegetation: Layer | LandCover, *, zones: Layer | None = None, crs: Any = None
) -> Ratio | RatioTable:
    """Measure the share of trees and shrubs in the green cover (乔灌木占比).

    ``area(union(trees, shrubs)) / area(union(all vegetation))``: a shrub under a tree and a lawn
    under both count once.

    Parameters
    ----------
    vegetation
        Polygons with a column ``layer`` that says ``tree`` (乔木), ``shrub`` (灌木), ``grass``
        (草地) or ``roof`` (屋顶绿化, neither tree nor shrub); or what `gs.vegetation` returned
        for a class raster.
    zones
        Measure each zone; a class raster needs them.
    crs
        Measuring CRS; default: that of the zones, or of the vegetation, where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Halves in m2, values 0 to 1; without vegetation there is no value.

    Raises
    ------
    ColumnError
        There is no column ``layer``, or a row says a word that is not known.
    InputError
        A class raster comes without zones, or does not tell trees from lower plants; or green
        of an index, of shares or corrected, which does not either.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/what_counts_as_green.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> plants = gpd.GeoDataFrame(
    ...     {"layer": ["grass", "tree"]}, geometry=[box(0, 0, 10, 1), box(8, 0, 12, 1)], crs=6933
    ... )
    >>> round(tree_shrub_share(plants).value, 9)
    0.333333333
    """
    asked = None if crs is None else parse_crs(crs)
    if isinstance(vegetation, LandCover):
        return share_of_classes(vegetation, zones, asked)
    if isinstance(vegetation, Corrected | Vegetation | GreenShares):
        raise _no_layers()
    plants = as_frame(vegetation, "vegetation")
    woody_rows(plants, "vegetation")
    if zones is None:
        ready = Ready(asked, plants, "vegetation")
        frame = ready.layer(plants, "vegetation", overlaps=False)
        warn_of_changes(ready.findings)
        ratio = tree_shrub_share_of_polygons(frame.geometry, woody_rows(frame, "vegetation"))
        return ratio.with_sources(*ready.sources).with_findings(*ready.findings)
    ready = Ready(asked, zones, "zones")
    ground = ready.zones(zones)
    frame = ready.layer(plants, "vegetation", overlaps=False)
    warn_of_changes(ready.findings)
    woody = frame.geometry[woody_rows(frame, "vegetation")]
    table = tree_shrub_share_by_zone(woody, polygon_coverage(frame.geometry, ground))
    return table.on(zones, sources=ready.sources, findings=ready.findings)


def _no_layers() -> InputError:
    return InputError(
        "这样的绿没有分层：指数、比例栅格和修正后的图都不说明哪些是乔木、哪些是灌木。",
        "This green tells no layers: an index, shares and a corrected map do not say what is a tree "
        "or a shrub.",
        remedy=Text(
            zh="请传入带字段 layer 的图斑，或未叠加图斑的分类栅格（gs.vegetation(…, classes=…)）。",
            en="Pass polygons with a column layer, or the class raster without polygons over it "
            "(gs.vegetation(..., classes=...)).",
        ),
        expected="polygons with a column layer, or a class raster",
    )


def share_of_classes(
    raster: LandCover, zones: Layer | None, asked: CRS | None, *, plants: Layer | None = None
) -> RatioTable:
    """Measure the share of trees and shrubs of zones from a class raster.

    Plants with their layer may lie over it: their ground is what they say, with exact edges, and
    the rest is what the raster says.

    Raises
    ------
    InputError
        There are no zones, or some green classes are of a layer that the table does not tell.
    ColumnError
        The plants have no column ``layer``, or a row says a word that is not known.
    """
    if zones is None:
        raise InputError(
            "用分类栅格计算乔灌木占比需要分区。",
            "The share of trees and shrubs of a class raster needs zones.",
            remedy=Text(
                zh="请给出 zones，例如建成区。", en="Pass zones, such as the built-up area."
            ),
            expected="zones",
        )
    if not raster.tells_layers:
        raise InputError(
            f"地类表 {raster.table.id} 有的绿色类别没有区分乔木、灌木和草本。",
            f"The table {raster.table.id} has green classes that it tells as neither tree, shrub "
            "nor herb.",
            remedy=Text(
                zh="请在地类表中把 green 改为 tree、shrub 或 herb。",
                en="Name each of them tree, shrub or herb instead of green.",
            ),
            expected=("tree", "shrub", "herb"),
            found="green",
        )
    there = zones_on_raster(raster, zones)
    ready = Ready(asked, there, "zones")
    ground = ready.zones(zones)
    with few_blocks_kept(raster.grid):
        shares = shares_by_class(raster, there.geometry, len(LAYERS))
    if plants is not None:
        over = ready.layer(plants, "vegetation", overlaps=False)
        shares = _planted(raster, there.crs, shares, ground, over)
    table = tree_shrub_share_of_classes(shares, WOODY_CLASSES, GREEN_CLASSES, ground)
    findings = (*ready.findings, *raster.findings())
    return table.on(zones, sources=(*raster.sources, *ready.sources), findings=findings)


def _planted(
    raster: LandCover,
    plane: CRS,
    shares: NDArray[np.float64],
    ground: gpd.GeoDataFrame,
    plants: gpd.GeoDataFrame,
) -> NDArray[np.float64]:
    """Return shares by class once the ground of plants is taken off the raster and put back."""
    woody = woody_rows(plants, "vegetation")
    zones, shapes = ground.geometry.to_numpy(), plants.geometry.to_numpy()
    pieces = covered(shapes, zones)
    rows = np.flatnonzero(shapely.area(pieces) > 0)
    if not len(rows):
        return shares
    there = to_crs(gpd.GeoDataFrame(geometry=pieces[rows], crs=ground.crs), plane, "zones")
    part = (shapely.area(pieces[rows]) / shapely.area(zones[rows]))[:, None]
    with few_blocks_kept(raster.grid):
        below = shares_by_class(raster, there.geometry, len(LAYERS)) * part
    trees = covered_area(shapes[woody], zones[rows]) / shapely.area(zones[rows])
    found = shares.copy()
    found[rows] = np.maximum(found[rows] - below, 0.0)
    found[rows, WOODY_CLASSES[0]] += trees
    found[rows, LAYERS.index("herb")] += np.maximum(part[:, 0] - trees, 0.0)
    return found
