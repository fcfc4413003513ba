"""Waysides: corridors, riverbanks, greenways and paving, one layer at a time.

Question   How green are corridors and banks, whom do greenways serve, what lets water through?
Enters     Layers in any CRS.
Leaves     Ratios.
Elsewhere  Roads: streets. A city's check: wayside_gauge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import GeometryError
from greenspace.measure.linear import SECTION_M, greened_sections
from greenspace.measure.roads import belt_share, length_share, snapped
from greenspace.model.crs import parse_crs
from greenspace.model.quantity import Ratio
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.lines import clip_lines, lines_and_polygons
from greenspace.prepare.paving import disagreeing, paved_rows
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.prepare.roads import widths_of
from greenspace.road_measures import require_length, without_roofs

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.linear import Sections
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

CORRIDOR, BANKS, PERMEABLE = "corridor_greening", "riverbank_greening", "permeable_share"
BANK_M = 10.0
MOST_CORRIDOR_M = 2000.0


def corridor_greening(
    corridors: Layer, green: Layer, *, section_m: float = SECTION_M, crs: Any = None
) -> Ratio:
    """Measure the share of the length of entry roads and railways that is greened.

    ``length(greened sections) / length(corridors)``; a section is greened where green reaches
    into the corridor. No text read defines it: this is our reading, as for roads.

    Parameters
    ----------
    corridors
        Centre lines with a column ``width``, the whole width of the corridor in m.
    green
        Plants or green parcels; vegetation whose ``layer`` is ``roof`` does not count. It has to
        reach as far as the corridors do.
    section_m
        The longest section.
    crs
        Measuring CRS; default: that of `green` where it may measure.

    Returns
    -------
    Ratio
        Halves in m.

    Raises
    ------
    InputError
        `section_m` is no length.
    ColumnError, CrsError, GeometryError
        As in `road_greening_rate`.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> line = gpd.GeoDataFrame({"width": [60.0]}, crs=6933,
    ...     geometry=gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 200 0)"]))
    >>> corridor_greening(line, gpd.GeoSeries([box(0, 20, 50, 40)], crs=6933)).value
    0.25
    """
    require_length("section_m", section_m)
    ready = Ready(asked_crs(crs), green, "green")
    shapes = without_roofs(ready.layer(green, "green", overlaps=False), "green")
    lines = ready.lines(corridors, "corridors")
    width, told = widths_of(lines, "corridors", most_m=MOST_CORRIDOR_M)
    sections = corridor_sections(lines, width, shapes, section_m)
    counts = ~np.isnan(width)[sections.owner]
    ratio = length_share(CORRIDOR, sections, sections.greened, counts, ready.crs)
    return with_inputs(ratio, ready, [*told, *length_findings(ready.crs, lines)])


def corridor_sections(
    lines: gpd.GeoDataFrame,
    width: NDArray[np.float64],
    green: NDArray[Any],
    section_m: float = SECTION_M,
) -> Sections:
    """Return corridors in sections, greened where green reaches into their width."""
    shapes = np.asarray(lines.geometry, dtype=object)
    return greened_sections(shapes, np.nan_to_num(width / 2), green, section_m)


def riverbank_greening(
    banks: Layer,
    green: Layer,
    *,
    built_up: Layer | None = None,
    width_m: float = BANK_M,
    crs: Any = None,
) -> Ratio:
    """Measure the share of the riverbanks that is green (河岸绿化率).

    Banks drawn as lines count by length: sections of at most 25 m are green where green reaches
    within `width_m` of them. Banks drawn as polygons count by area, ``area(green ∩ banks) /
    area(banks)``. No text read defines it: this is our reading.

    Parameters
    ----------
    banks
        Lines or polygons.
    green
        As in `corridor_greening`.
    built_up
        Cut banks to it.
    width_m
        How far from its line a bank reaches, on both sides of it.
    crs
        Measuring CRS; default: that of `built_up`, else of `green`, where it may measure.

    Returns
    -------
    Ratio
        Halves in m, or m2 for polygons.

    Raises
    ------
    GeometryError
        Lines and polygons in one layer: their lengths and areas cannot be added.
    InputError
        `width_m` is no length.
    ColumnError, CrsError
        As in `road_greening_rate`.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> bank = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 100 0)"], crs=6933)
    >>> riverbank_greening(bank, gpd.GeoSeries([box(0, 5, 50, 40)], crs=6933)).value
    0.5
    """
    require_length("width_m", width_m)
    base = (green, "green") if built_up is None else (built_up, "built_up")
    ready = Ready(asked_crs(crs), *base)
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    shapes = without_roofs(ready.layer(green, "green", overlaps=False), "green")
    found = banks_of(ready, banks, ground)
    drawn = np.asarray(found.geometry, dtype=object)
    if is_linear(found):
        sections = bank_sections(drawn, shapes, width_m)
        every = np.ones(len(sections.owner), dtype=bool)
        ratio = length_share(BANKS, sections, sections.greened, every, ready.crs)
    else:
        ratio = belt_share(BANKS, drawn, shapes, ready.crs)
    told = length_findings(ready.crs, found) if is_linear(found) else ()
    return with_inputs(ratio, ready, [*told])


def banks_of(ready: Ready, banks: Layer, ground: Any | None) -> gpd.GeoDataFrame:
    """Return riverbanks in the measuring CRS, cut to the ground: all lines, or all polygons.

    Raises
    ------
    GeometryError
        There are both.
    """
    lines, polygons = lines_and_polygons(banks, "riverbanks")
    if len(lines) and len(polygons):
        raise GeometryError(
            f"河岸图层中既有线（{len(lines)} 个）又有面（{len(polygons)} 个）：长度与面积不能相加。",
            f"The riverbanks hold lines ({len(lines)}) and polygons ({len(polygons)}): lengths and "
            "areas cannot be added.",
            remedy=Text(zh="请只用一种。", en="Use one of them."),
            layer="riverbanks",
            rows=polygons.index,
        )
    if len(lines):
        return clip_lines(ready.lines(lines, "riverbanks"), ground)
    frame = ready.layer(polygons, "riverbanks")
    return frame if ground is None else clip_polygons(frame, ground)


def is_linear(frame: gpd.GeoDataFrame) -> bool:
    """Return whether a layer holds lines."""
    return bool((shapely.get_dimensions(frame.geometry.to_numpy()) == 1).any())


def bank_sections(lines: NDArray[Any], green: NDArray[Any], width_m: float = BANK_M) -> Sections:
    """Return shorelines in sections, green where green reaches within a distance of them."""
    return greened_sections(lines, np.full(len(lines), width_m), green, SECTION_M)


def permeable_share(paving: Layer, *, built_up: Layer | None = None, crs: Any = None) -> Ratio:
    """Measure the share of road and square land that lets water through (透水面积的比重).

    ``area(runoff coefficient < 0.60) / area(road and square land)``; ground counts once, and what is
    drawn both as permeable and as not counts as not.

    Parameters
    ----------
    paving
        Polygons with the columns ``runoff`` (0 to 1) or ``permeable`` (yes or no), and perhaps
        ``kind``: rows that are neither road nor square are left out.
    built_up
        Cut paving to it.
    crs
        Measuring CRS; default: that of `built_up`, else of `paving`, where it may measure.

    Returns
    -------
    Ratio
        Halves in m2.

    Raises
    ------
    ColumnError
        As `paved_rows`: no such column, a coefficient that is none, an answer that is none.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    [18]; docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> ground = [box(0, 0, 10, 10), box(10, 0, 40, 10)]
    >>> paving = gpd.GeoDataFrame({"runoff": [0.59, 0.60]}, geometry=ground, crs=6933)
    >>> permeable_share(paving).value
    0.25
    """
    base = (paving, "paving") if built_up is None else (built_up, "built_up")
    ready = Ready(asked_crs(crs), *base)
    frame = ready.layer(paving, "paving")
    counts, lets, told = paved_rows(frame, "paving")
    frame, lets = frame[counts], lets[counts]
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    frame = frame if ground is None else clip_polygons(frame, ground, keep_rows=True)
    shapes = np.asarray(frame.geometry, dtype=object)
    area = float(shapely.union_all(shapes).area)
    sealed = float(shapely.union_all(shapes[~lets]).area)
    some = float(snapped(np.array([area - sealed]), np.array([area]))[0])
    noted = [*told, *disagreeing(shapes, lets)]
    return with_inputs(Ratio(PERMEABLE, some, area, "1", ready.crs), ready, noted)


def asked_crs(crs: Any) -> CRS | None:
    """Return the measuring CRS that a caller asks for, if any."""
    return None if crs is None else parse_crs(crs)


def with_inputs(ratio: Ratio, ready: Ready, findings: list[Finding] | None = None) -> Ratio:
    """Return a ratio with its inputs and everything noticed; warn of changes."""
    warn_of_changes(ready.findings)
    noted = (*ready.findings, *(findings or ()))
    return ratio.with_sources(*ready.sources).with_findings(*noted)
