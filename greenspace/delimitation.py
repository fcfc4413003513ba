"""Green lines: from parcels and the edges around them to closed lines that may be approved.

Question   Where do a city's green lines run, what was decided on the way, and do they hold?
Enters     Layers as the user gave them, in any CRS.
Leaves     `GreenLines`.
Elsewhere  The drawing: delimit/green_line. Lines that stand already: standing_lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from greenspace.delimit.green_line import draw_lines
from greenspace.delimit.line_checks import line_checks
from greenspace.delimit.line_tables import changes_ledger, lines_ledger, open_gaps
from greenspace.delimit.revision import revision_check, revision_ledger
from greenspace.errors import GeometryError, InputError
from greenspace.model.crs import parse_crs
from greenspace.model.green_line import GreenLines, Limits
from greenspace.model.words import Text
from greenspace.prepare.approved_lines import TOLERANCE_M
from greenspace.prepare.closed_lines import closed_lines
from greenspace.prepare.line_columns import kinds_unknown, line_columns
from greenspace.prepare.lines import lines_and_polygons
from greenspace.prepare.ready import Ready, first_with_rows
from greenspace.prepare.red_lines import red_lines
from greenspace.standing_lines import approved_lines, lines_frame, require_edition

if TYPE_CHECKING:
    from greenspace.model.city import City
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

MAX_AREA_CHANGE, MAX_DISPLACEMENT_M = 0.005, 1.0
STATUS = {"green": "existing", "planned": "planned", "control": "control", "trees": "control"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The bounds that a caller asks for."""

    tolerance_m: float
    max_area_change: float
    max_displacement_m: float

    def __post_init__(self) -> None:
        """Refuse bounds that are none."""
        for name in ("tolerance_m", "max_area_change", "max_displacement_m"):
            value = getattr(self, name)
            sound = isinstance(value, Real) and not isinstance(value, bool)
            if sound and isfinite(value) and 0 <= value < (1 if "change" in name else 100):
                object.__setattr__(self, name, float(value))
                continue
            raise InputError(
                f"{name} 应为不小于 0 的数，而不是 {value!r}。",
                f"{name} should be a number of at least 0, not {value!r}.",
                remedy=Text(
                    zh="容差与位移以米计（小于 100），面积变化为份额（小于 1）。",
                    en="Metres below 100 for distances, a share below 1 for the change of area.",
                ),
                expected="a number",
                found=value,
            )


def green_lines(
    green: Layer | None,
    *,
    planned: Layer | None = None,
    control: Layer | None = None,
    trees: Any = None,
    roads: Layer | None = None,
    water: Layer | None = None,
    construction_land: Layer | None = None,
    approved: Layer | None = None,
    edition: str | Mapping[str, str] | None = None,
    tolerance_m: float = TOLERANCE_M,
    max_area_change: float = MAX_AREA_CHANGE,
    max_displacement_m: float = MAX_DISPLACEMENT_M,
    crs: Any = None,
) -> GreenLines:
    """Draw green lines around parcels (划定绿线).

    A line encloses parcels of one status, category, class and name that hang together. Edges
    within `tolerance_m` of a neighbour or of a followed edge become one edge; gaps and slivers
    narrower than it go to the neighbour with the longest edge, or are told; where existing and planned green
    claim the same ground, planned yields. Then vertices are dropped as far as the two bounds of
    every line allow. Each decision is a row of ``changes``.

    Parameters
    ----------
    green
        Existing parcels: polygons, or closed lines; columns ``class``, ``category``, ``name``.
    planned, control
        Planned parcels; ground under ecological control, with ``kind`` or ``category``.
    trees
        Protection zones of old trees, as polygons; they are lines of status *control*.
    roads, water, construction_land
        Edges to follow: polygons, or roads as lines with a ``width`` between their red lines.
    approved
        The lines that stand, for the table before and after: as in `approved_lines`.
    edition
        Of CJJ/T 85, ``"2002"`` or ``"2017"``; demanded where a layer has class codes. A mapping
        gives each layer its own.
    tolerance_m
        Edges nearer than this are the same edge, in metres, as far as `max_displacement_m` allows.
    max_area_change
        The greatest change of a line's area by simplifying, as a share.
    max_displacement_m
        The greatest distance, in metres, that an edge may move by closing gaps, snapping, merging
        slivers and simplifying, in all: a bound of the Hausdorff distance both ways. Ground that
        several parcels claim is given to one by precedence, however wide; it is listed with its
        area and width, and a displacement is measured from what a parcel has after that.
    crs
        CRS of the lines; default: that of the first layer with rows where it may measure, else the
        CGCS2000 3-degree zone.

    Returns
    -------
    GreenLines
        Coordinates are whole millimetres; ``area_m2`` in m2. ``limits`` says what was asked and
        what was reached.

    Raises
    ------
    GeometryError
        No layer has a parcel, a line does not close, or zones of trees are points.
    ColumnError
        Codes without an edition or unknown to it, a category that is not known, or roads drawn as
        lines without a width.
    CrsError
        A layer has no CRS, or the CRS asked for cannot measure.
    InputError
        A bound is no number of at least 0.

    References
    ----------
    docs/explanation/green_lines.md; standards: order 112 (2002) and GB/T 51163-2016

    Examples
    --------
    >>> parks = gpd.GeoDataFrame({"class": ["G11", "G14"]}, crs=4547,
    ...     geometry=[shapely.box(500_000, 0, 500_100, 100), shapely.box(500_100.2, 0, 500_200, 100)])
    >>> drawn = green_lines(parks, edition="2017")
    >>> drawn.lines[["number", "category", "class", "area_m2"]].round(3).values.tolist()
    [['L001', 'park', 'G11', 10020.0], ['L002', 'park', 'G14', 9980.0]]
    >>> [str(kind) for kind in drawn.changes.rows["kind"]]
    ['gap closed']
    """
    asked = _Asked(
        tolerance_m=tolerance_m,
        max_area_change=max_area_change,
        max_displacement_m=max_displacement_m,
    )
    given = {"green": green, "planned": planned, "control": control, "trees": _zones(trees)}
    layers, told = _closed({k: v for k, v in given.items() if v is not None}, tolerance_m)
    _require_some(layers)
    ready = Ready(None if crs is None else parse_crs(crs), *first_with_rows(*_pairs(layers)))
    parcels, unknown = _parcels(ready, layers, edition)
    told += unknown
    edges = {"roads": roads, "water": water, "construction_land": construction_land}
    followed = {k: _edges(ready, v, k) for k, v in edges.items() if v is not None}
    references = {k: ground for k, (ground, _) in followed.items() if not ground.is_empty}
    told += [finding for _, some in followed.values() for finding in some]
    drawn = draw_lines(
        parcels,
        references,
        tolerance_m=asked.tolerance_m,
        max_area_change=asked.max_area_change,
        max_displacement_m=asked.max_displacement_m,
    )
    width = max(3, len(str(len(drawn.lines))))
    numbers = [f"L{turn:0{width}d}" for turn in range(1, len(drawn.lines) + 1)]
    table = pd.DataFrame(drawn.lines.drop(columns=drawn.lines.geometry.name))
    lines = lines_frame(table.assign(number=numbers), drawn.lines.geometry.to_numpy(), ready.crs)
    checks = line_checks(lines, parcels, tolerance_m=max(tolerance_m, max_displacement_m))
    ledgers = [lines_ledger(lines)]
    sources, findings = [*ready.sources], [*told, *ready.findings, *open_gaps(drawn)]
    if approved is not None:
        old = approved_lines(
            approved, edition=_edition(edition, "approved"), tolerance_m=tolerance_m, crs=ready.crs
        )
        ledgers.append(revision_ledger(old.lines, lines))
        checks = (
            *checks,
            *map(_of_approved, old.checks),
            revision_check(old.lines, lines, tolerance_m=max_displacement_m),
        )
        sources += old.sources
        findings += old.findings
    return GreenLines(
        lines=lines,
        changes=changes_ledger(drawn, numbers),
        limits=Limits(
            tolerance_m=tolerance_m,
            max_area_change=max_area_change,
            max_displacement_m=max_displacement_m,
            area_change=float(drawn.area_change.max(initial=0.0)),
            displacement_m=float(drawn.displacement_m.max(initial=0.0)),
        ),
        checks=checks,
        findings=tuple(dict.fromkeys(findings)),
        sources=tuple(sources),
        ledgers=tuple(ledgers),
    )


def green_lines_of(city: City, *, trees: Any = None, **bounds: Any) -> GreenLines:
    """Draw the green lines of a city from its layers.

    Parks stand in where there are no green parcels; road land before roads with a width.

    Parameters
    ----------
    trees
        Protection zones of old trees, as in `green_lines`.
    bounds
        ``tolerance_m``, ``max_area_change``, ``max_displacement_m``, ``crs``.

    Raises
    ------
    GreenspaceError
        As in `green_lines`.
    """
    layers = city.layers
    base = "green" if layers.get("green") is not None else "parks"
    editions = {
        "green": city.editions.get(base),
        "planned": city.editions.get("planned_green"),
        "approved": city.editions.get("green_lines"),
    }
    roads = layers.get("road_land")
    if roads is None:
        roads = layers.get("roads")
        roads = roads if roads is not None and "width" in roads.columns else None
    return green_lines(
        layers.get(base),
        planned=layers.get("planned_green"),
        control=layers.get("ecological_control"),
        trees=trees,
        roads=roads,
        water=layers.get("water"),
        construction_land=layers.get("construction_land"),
        approved=layers.get("green_lines"),
        edition={name: edition for name, edition in editions.items() if edition},
        **bounds,
    )


def _of_approved(check: PlanCheck) -> PlanCheck:
    """Return a check of the approved lines under a name of its own."""
    title = Text(f"已批准绿线：{check.title.zh}", f"approved lines: {check.title.en}")
    return replace(check, id=f"approved_{check.id}", title=title)


def _pairs(layers: Mapping[str, Layer]) -> list[tuple[Layer, str]]:
    return [(layer, name) for name, layer in layers.items()]


def _closed(
    layers: Mapping[str, Layer], tolerance_m: float
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding]]:
    shut = {k: closed_lines(v, k, tolerance_m=tolerance_m) for k, v in layers.items()}
    findings = [finding for _, told in shut.values() for finding in told]
    return {name: frame for name, (frame, _) in shut.items()}, findings


def _zones(trees: Any) -> Layer | None:
    """Return protection zones, of whatever has them: a layer of polygons, or a result with `zones`."""
    zones: Layer | None = getattr(trees, "zones", trees)
    if zones is None:
        return None
    points = gpd.GeoSeries(zones.geometry).geom_type.isin(("Point", "MultiPoint"))
    if points.any():
        raise GeometryError(
            "古树是点，不是保护范围。",
            "The old trees are points, not protection zones.",
            remedy=Text(
                zh="请先用 gs.tree_zones 划出保护范围。", en="Draw their zones with gs.tree_zones."
            ),
            layer="trees",
            rows=points.index[points],
            expected="polygons",
            found="Point",
        )
    return zones


def _require_some(layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    if any(len(layer) for layer in layers.values()):
        return
    raise GeometryError(
        "没有任何绿地图斑，无法划定绿线。",
        "There is no green parcel to draw a line around.",
        remedy=Text(
            zh="请给出现状绿地 green、规划绿地 planned 或生态控制区 control。",
            en="Give green, planned or control parcels.",
        ),
        layer="green",
    )


def _edition(edition: str | Mapping[str, str] | None, name: str) -> str | None:
    return edition.get(name) if isinstance(edition, Mapping) else edition


def _parcels(
    ready: Ready, layers: Mapping[str, gpd.GeoDataFrame], edition: Any
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return all parcels in one table, with the columns that lines are told apart by."""
    tables: list[gpd.GeoDataFrame] = []
    told: list[Finding] = []
    for name, layer in layers.items():
        frame = ready.layer(layer, name, overlaps=name != "trees")  # zones near each other are one
        if name == "trees":
            table, shapes = _joined_zones(frame)
        else:
            own = _edition(edition, name)
            own = own if require_edition(frame, name, own) else None
            table = line_columns(frame, name, status=STATUS[name], edition=own, category="other")
            told += kinds_unknown(frame, name, table["category"])
            shapes = frame.geometry.to_numpy()
        index = [f"{name} {row}" for row in table.index] if name != "green" else table.index
        tables.append(gpd.GeoDataFrame(table.set_axis(index), geometry=shapes, crs=ready.crs))
    return gpd.GeoDataFrame(pd.concat(tables), crs=ready.crs), told


def _joined_zones(frame: gpd.GeoDataFrame) -> tuple[pd.DataFrame, Any]:
    """Return zones of trees, those that overlap as one with the names of all."""
    parts = shapely.get_parts(shapely.union_all(frame.geometry.to_numpy()))
    names = frame["name"] if "name" in frame.columns else pd.Series("", frame.index)
    words = names.fillna("").astype(str).str.strip().to_numpy()
    zone, tree = shapely.STRtree(frame.geometry.to_numpy()).query(parts, predicate="intersects")
    named = [
        "、".join(dict.fromkeys(word for word in words[tree[zone == at]] if word))
        for at in range(len(parts))
    ]
    columns = {"status": "control", "category": "old_tree", "class": "", "name": named}
    return pd.DataFrame(columns, index=range(len(parts)), dtype=object), parts


def _edges(ready: Ready, layer: Layer, name: str) -> tuple[Any, tuple[Finding, ...]]:
    """Return the ground whose edges are followed, and what was found."""
    lines, polygons = lines_and_polygons(layer, name)
    if lines.empty or name != "roads":
        return ready.dissolved(layer, name), ()
    land, told = red_lines(ready.lines(lines, name), name)
    both = [*land, *([] if polygons.empty else [ready.dissolved(polygons, name)])]
    return shapely.union_all(both), told
