"""Assessment: how right a map of vegetation is, by points that somebody visited.

Question   What would coverage be without the map's errors, and how surely?
Enters     A map of vegetation, zones, reference points or an error matrix.
Leaves     An Assessment: mapped values with intervals of the error-adjusted ones.
Elsewhere  The map's own areas: tally, cover. The estimates: measure/accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace import reference_remarks as remarks
from greenspace.errors import GeometryError
from greenspace.measure.accuracy import area_estimate, stehman_estimate
from greenspace.measure.coverage import polygon_coverage
from greenspace.measure.error_matrix import error_matrix
from greenspace.measure.point_classes import (
    GREEN,
    NOT_SEEN,
    polygon_classes,
    raster_classes,
)
from greenspace.measure.zone_estimates import zone_estimates
from greenspace.model.assessment import Assessment
from greenspace.model.crs import is_local, parse_crs
from greenspace.model.ratio import Interval
from greenspace.model.words import Text
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready
from greenspace.prepare.reference_points import LAYER, reference_points
from greenspace.prepare.repair import repair_polygons
from greenspace.prepare.strata import STRATUM, drawn_by_classes, strata_drawn
from greenspace.read.desk import naming
from greenspace.tally import as_raster, coverage_of_zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.city import AccuracyRecord
    from greenspace.model.estimate import AreaEstimate, Estimate, ZoneEstimate
    from greenspace.model.grid import GreenRaster
    from greenspace.model.ratio_table import RatioTable
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

CLASSES = ["green", "not_green"]


def assess(
    vegetation: Any,
    zones: Layer,
    reference: Layer,
    *,
    crs: Any = None,
    confidence: float = 0.95,
) -> Assessment:
    """Hold a map of vegetation against reference points: error matrix, estimates, intervals.

    The mapped value stays what it is; beside it stands what it would be without the map's
    errors, with an interval. The estimate is of the ground in the zones that the map shows:
    points elsewhere have no say, but where strata reach beyond that ground they tell how much of
    each lies on it, so keep all points that were drawn. Points that nobody visited are taken to be
    like the others of their stratum.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` or `gs.corrected` returned, a raster of 0/1, or polygons.
    zones
        Polygons in any CRS. A zone with 30 points or more has an estimate of its own; in one
        with fewer it is synthetic: the whole map's rates of error, without an interval.
    reference
        Points with a column ``reference``: ``green`` / ``not_green``, ``1`` / ``0``, ``绿`` /
        ``非绿``. A column ``map`` is compared with the map. Points drawn in strata that are not
        the map's classes need ``stratum`` and ``stratum_area_m2``.
    crs
        Measuring CRS, as in `green_coverage`.
    confidence
        Of the intervals.

    Returns
    -------
    Assessment
        ``table`` (zone by zone), ``whole``, ``matrix``, ``estimate``, ``points``, ``findings``.

    Raises
    ------
    InputError
        A class of the map has fewer than two points, or the raster holds shares.
    ColumnError
        There is no column ``reference``, or a class in it is not known.
    GeometryError
        The layer holds no points, or none on ground that counts.

    References
    ----------
    Olofsson et al. 2014, doi:10.1016/j.rse.2014.02.015; Stehman 2014,
    doi:10.1080/01431161.2014.930207.

    Examples
    --------
    >>> from shapely import box
    >>> lawn = gpd.GeoSeries([box(0, 0, 40, 100)], crs=6933)
    >>> town = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> xy = shapely.points([[10, 10], [20, 20], [60, 60], [70, 70], [80, 80], [90, 90]])
    >>> seen = gpd.GeoDataFrame({"reference": [1, 1, 1, 0, 0, 0]}, geometry=xy, crs=6933)
    >>> found = assess(lawn, town, seen)
    >>> found.whole.value, round(found.whole.interval.estimate, 3)
    (0.4, 0.55)
    """
    frame, _ = repair_polygons(zones, "zones", keep_rows=True)
    together = shapely.union_all(frame.geometry.to_numpy())
    places = gpd.GeoDataFrame(geometry=[together, *frame.geometry], crs=frame.crs)
    asked = None if crs is None else parse_crs(crs)
    table = _mapped(vegetation, places, asked)
    found = assess_places(vegetation, table, places, reference, confidence=confidence)
    rows = range(1, len(places))
    return replace(found, table=found.table.take(rows).on(zones))


def _mapped(vegetation: Any, places: gpd.GeoDataFrame, asked: CRS | None) -> RatioTable:
    if not isinstance(vegetation, gpd.GeoDataFrame | gpd.GeoSeries):
        return coverage_of_zones(as_raster(vegetation), places, asked)
    ready = Ready(asked, places, "zones")
    green = ready.layer(vegetation, "vegetation", overlaps=False)
    return polygon_coverage(green.geometry, ready.zones(places))


@dataclass(frozen=True, slots=True)
class _Sample:
    """Points that count: their places, their class on the map and in truth."""

    points: gpd.GeoDataFrame
    mapped: NDArray[np.bool_]

    @property
    def truth(self) -> NDArray[np.bool_]:
        green: NDArray[np.bool_] = self.points["green"].to_numpy(dtype=bool)
        return green

    def matrix(self) -> pd.DataFrame:
        return error_matrix(_labels(self.mapped), _labels(self.truth), CLASSES)


@dataclass(frozen=True, slots=True)
class _Design:
    """How points were drawn: the stratum of each that counts, areas, numbers by stratum.

    No numbers: the strata are the map's classes, cut at the edge of the ground in question.
    """

    strata: NDArray[Any]
    areas: Mapping[Any, float]
    drawn: Mapping[Any, float] | None


def assess_places(
    vegetation: Any,
    table: RatioTable,
    places: gpd.GeoDataFrame,
    reference: Layer,
    *,
    confidence: float = 0.95,
) -> Assessment:
    """Assess a map whose coverage of `places` is known; the first place is the whole.

    Parameters
    ----------
    table
        Coverage as mapped, one row a place.
    places
        Valid polygons.
    """
    points, findings = reference_points(reference, places.crs)
    mapped = _classes_at(vegetation, points)
    inside = shapely.covers(places.geometry.iloc[0], points.geometry.to_numpy())
    seen = mapped != NOT_SEEN
    ground, visited = inside & seen, points["visited"].to_numpy(dtype=bool)
    findings += remarks.left_out_findings(
        points.index, visited & ~inside, visited & inside & ~ground
    )
    counts = ground & visited
    if not counts.any():
        raise _nowhere(int(visited.sum()))
    sample = _Sample(points[counts], mapped[counts] == GREEN)
    findings += remarks.contradiction_findings(_contradicting(sample))
    seen_m2 = table.ratio(0).denominator
    design = _mapped_classes(sample, table)
    if not drawn_by_classes(points, seen, _labels(mapped[seen] == GREEN)):
        drawn = strata_drawn(points, ground)
        findings += remarks.strata_findings(drawn.within_m2(), seen_m2)
        names = sample.points[STRATUM].to_numpy()
        design = _Design(names, drawn.areas_m2, drawn.points)
    with naming(LAYER):
        estimate = stehman_estimate(
            design.strata,
            _labels(sample.mapped),
            _labels(sample.truth),
            design.areas,
            classes=CLASSES,
            confidence=confidence,
            drawn=design.drawn,
            domain_area=seen_m2,
        )
    found = [_whole(estimate), *_of_zones(sample, design, table, places, confidence)]
    assessed = table.assessed(found)
    whole = replace(assessed.ratio(0), place=None)
    told = sample.points.assign(mapped=_labels(sample.mapped), reference=_labels(sample.truth))
    return Assessment(
        table=assessed,
        whole=whole,
        matrix=sample.matrix(),
        estimate=estimate,
        points=told.drop(columns=["green", "map_green", "visited"], errors="ignore"),
        findings=(*findings, *remarks.accuracy_findings(whole, estimate)),
    )


def assess_matrix(
    table: RatioTable, record: AccuracyRecord, *, confidence: float = 0.95
) -> tuple[RatioTable, tuple[Finding, ...]]:
    """Return a table with what an error matrix says of its first row, the others synthetic."""
    counts = pd.DataFrame(record.matrix, index=CLASSES, columns=CLASSES)
    with naming(LAYER):
        estimate = area_estimate(counts, record.areas_m2 or (), confidence=confidence)
    found: list[Interval | Text] = [_whole(estimate)]
    found += [_synthetic(table, row, estimate, None) for row in range(1, len(table))]
    assessed = table.assessed(found)
    whole = assessed.ratio(0)
    findings = remarks.accuracy_findings(whole, estimate, remarks.OF_MATRIX)
    said = record.areas_m2 or (0.0, 0.0)
    return assessed, (*findings, *remarks.matrix_findings(said, _areas(table, 0)))


def _classes_at(vegetation: Any, points: gpd.GeoDataFrame) -> NDArray[np.int8]:
    """Return what the map says at points, with the exact edges of polygons laid over it."""
    shapes = points.geometry.to_numpy()
    if isinstance(vegetation, gpd.GeoDataFrame | gpd.GeoSeries):
        return polygon_classes(_polygons(vegetation, "vegetation", points.crs), shapes)
    raster = as_raster(vegetation)
    bare: GreenRaster = raster.raster if isinstance(raster, Corrected) else raster
    plane = points.crs if bare.grid.crs is None else bare.grid.crs
    there = points if is_local(plane) else to_crs(points, plane, LAYER)
    found = raster_classes(bare, shapely.get_coordinates(there.geometry.to_numpy()))
    for overlay in raster.overlays if isinstance(raster, Corrected) else ():
        for adds in (False, True):
            frame = overlay.frame[overlay.frame["adds"] == adds]
            on = polygon_classes(_polygons(frame, overlay.name, points.crs), shapes) == GREEN
            found[on] = GREEN if adds else 0
    return found


def _polygons(layer: Layer, name: str, crs: CRS) -> NDArray[Any]:
    frame, _ = repair_polygons(layer, name)
    shapes: NDArray[Any] = to_crs(frame, crs, name).geometry.to_numpy()
    return shapes


def _labels(green: NDArray[np.bool_]) -> NDArray[Any]:
    labels: NDArray[Any] = np.where(green, *CLASSES)
    return labels


def _contradicting(sample: _Sample) -> pd.Index:
    said = sample.points.get("map_green", pd.Series(sample.mapped, sample.points.index))
    rows: pd.Index = sample.points.index[said.to_numpy() != sample.mapped]
    return rows


def _nowhere(count: int) -> GeometryError:
    return GeometryError(
        f"{count} 个核查点都不在影像可见的量算范围内。",
        f"None of the {count} reference points lies on ground in question that the map shows.",
        remedy=Text(
            zh="请核对核查点的坐标系和位置。", en="Check the CRS and the place of the points."
        ),
        layer=LAYER,
        found=count,
    )


def _areas(table: RatioTable, row: int) -> tuple[float, float]:
    ratio = table.ratio(row)
    return ratio.numerator, max(ratio.denominator - ratio.numerator, 0.0)


def _mapped_classes(sample: _Sample, table: RatioTable) -> _Design:
    areas = dict(zip(CLASSES, _areas(table, 0), strict=True))
    return _Design(_labels(sample.mapped), areas, None)


def _whole(estimate: AreaEstimate) -> Interval:
    share = estimate.shares[CLASSES[0]]
    return _interval(share, estimate.confidence, estimate.points)


def _interval(share: Estimate, confidence: float, points: int) -> Interval:
    return Interval(
        share.low,
        share.high,
        confidence,
        estimate=share.value,
        points=points,
        standard_error=share.standard_error,
    )


def _of_zones(
    sample: _Sample,
    design: _Design,
    table: RatioTable,
    places: gpd.GeoDataFrame,
    confidence: float,
) -> list[Interval | Text]:
    """Return what the points say of each place but the first; places may overlap."""
    mapped, truth = _labels(sample.mapped), _labels(sample.truth)
    shapes = sample.points.geometry.to_numpy()
    found: list[Interval | Text] = []
    for row in range(1, len(places)):
        here = shapely.covers(places.geometry.iloc[row], shapes)
        ground = pd.DataFrame([_areas(table, row)], index=[row], columns=CLASSES)
        (zone,) = zone_estimates(
            np.where(here, row, -1),
            mapped,
            truth,
            ground,
            design.areas,
            label=CLASSES[0],
            strata=None if design.drawn is None else design.strata,
            drawn=design.drawn,
            confidence=confidence,
        )
        found.append(_of_zone(zone, confidence))
    return found


def _of_zone(zone: ZoneEstimate, confidence: float) -> Interval | Text:
    share = zone.share
    if share.undefined is not None:
        return share.undefined
    if zone.method == "synthetic":
        return Interval.synthetic(share.value, zone.points)
    return _interval(share, confidence, zone.points)


def _synthetic(
    table: RatioTable, row: int, estimate: AreaEstimate, count: int | None
) -> Interval | Text:
    ratio = table.ratio(row)
    if not ratio.denominator:
        return ratio.reason or Text(zh="无数值。", en="There is no value.")
    cells = estimate.proportions.to_numpy()
    rates = np.divide(
        cells[:, 0], cells.sum(axis=1), out=np.zeros(len(cells)), where=cells.sum(axis=1) > 0
    )
    green = float(rates @ np.array(_areas(table, row)))
    return Interval.synthetic(green / ratio.denominator, count)
